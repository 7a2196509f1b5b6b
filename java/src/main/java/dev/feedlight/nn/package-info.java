/**
 * Networks and the blocks they are made of. A block is what receives one feedback signal; how that
 * signal is made is not its concern.
 */
package dev.feedlight.nn;
