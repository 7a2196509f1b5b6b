package dev.feedlight.device.cpu;

import dev.feedlight.tensor.Philox;

/** Elements times 0 or a factor, one row at a time. */
final class PlainDropout {
  /** A word's number: its top 24 bits. */
  static final int SHIFT = 8;

  private PlainDropout() {}

  /**
   * Elements [first, first + n) of a row.
   *
   * @param first a multiple of 4
   */
  static void row(
      long result,
      long source,
      long first,
      long n,
      int threshold,
      float scale,
      long key,
      long sample) {
    int[] words = new int[PlainRandom.WORDS];
    for (long i = 0; i < n; i++) {
      int lane = (int) (i % PlainRandom.WORDS);
      if (lane == 0) {
        long block = (first + i) / PlainRandom.WORDS;
        Philox.block(key, (int) block, (int) sample, (int) (sample >>> 32), 0, words);
      }
      float factor = words[lane] >>> SHIFT < threshold ? 0 : scale;
      CpuAddress.setFloat(result, i, CpuAddress.getFloat(source, i) * factor);
    }
  }
}
