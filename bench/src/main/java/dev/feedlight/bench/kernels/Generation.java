package dev.feedlight.bench.kernels;

import dev.feedlight.bench.step.Spread;

/**
 * What one generation of a kernel takes for a step: kernels/lab/README.md says what each changed.
 *
 * @param step operands, in words
 * @param number of the generation, from 0
 * @param what it is, in words
 * @param bytes that it moves at least, each of its passes over a weight counted
 * @param seconds median and quartiles
 * @param n rounds behind them
 */
record Generation(String step, int number, String what, long bytes, Spread seconds, int n) {}
