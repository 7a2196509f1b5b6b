/**
 * The CPU backend: matrix products by oneDNN, everything else by the Vector API or plain loops.
 * Needs nothing but the jar.
 */
package dev.feedlight.device.cpu;
