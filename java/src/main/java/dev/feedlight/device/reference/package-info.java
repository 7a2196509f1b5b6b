/**
 * The oracle: every operation as a scalar loop in double precision, written for reading. The other
 * backends are held against it.
 */
package dev.feedlight.device.reference;
