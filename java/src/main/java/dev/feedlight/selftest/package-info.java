/**
 * The parity cases: operation, element type, shape and tolerance, each with its reason. One list,
 * run both by the tests and by the {@code selftest} command.
 */
package dev.feedlight.selftest;
