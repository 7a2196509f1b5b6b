package dev.feedlight.device.cpu;

/**
 * Splits a range over the threads of a team, in the same way every time: contiguous parts, cut at
 * multiples of a step.
 */
final class Slices {
  private Slices() {}

  /** First index of a thread's part of {@code [0, n)}; the part ends where the next one begins. */
  static long begin(long n, int thread, int threads, long step) {
    long units = Math.ceilDiv(n, step);
    return Math.min(n, units * thread / threads * step);
  }

  /** One past the last index of a thread's part. */
  static long end(long n, int thread, int threads, long step) {
    return begin(n, thread + 1, threads, step);
  }
}
