package dev.feedlight.device.cpu;

import dev.feedlight.device.NormalTable;
import dev.feedlight.tensor.Philox;

/** Random numbers by element number. */
final class PlainRandom {
  /** The quantiles of the normal law; never written. */
  static final float[] NORMALS = NormalTable.values();

  /** Words per Philox block. */
  static final int WORDS = 4;

  private PlainRandom() {}

  static void fill(long target, long first, long n, boolean normal, float scale, long key) {
    int[] words = new int[WORDS];
    long block = -1;
    for (long i = 0; i < n; i++) {
      long element = first + i;
      if (element / WORDS != block) {
        block = element / WORDS;
        Philox.block(key, (int) block, (int) (block >>> 32), 0, 0, words);
      }
      int word = words[(int) (element % WORDS)];
      CpuAddress.setFloat(target, i, (normal ? normal(word) : uniform(word)) * scale);
    }
  }

  static float normal(int word) {
    return NORMALS[word >>> NormalTable.INDEX_SHIFT];
  }

  static float uniform(int word) {
    return (word >>> 8) * 0x1p-23f - 1f;
  }
}
