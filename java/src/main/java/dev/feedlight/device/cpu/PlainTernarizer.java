package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.getByte;
import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.setByte;
import static dev.feedlight.device.cpu.CpuAddress.setInt;

import dev.feedlight.tensor.Philox;

/**
 * From errors to -1, 0, +1, one row at a time. A NaN gives 0, and an infinity makes a relative
 * threshold infinite and so the whole row 0; finding such values is the finite check's work.
 */
final class PlainTernarizer {
  private PlainTernarizer() {}

  /** Largest |e|; NaN counts as nothing. */
  static float largest(long error, long n) {
    float max = 0;
    for (long i = 0; i < n; i++) {
      float size = Math.abs(getFloat(error, i));
      max = size > max ? size : max;
    }
    return max;
  }

  /**
   * t = sign(e) where |e| * factor > threshold.
   *
   * @return number of +1 in the low word, of -1 in the high word
   */
  static long threshold(long ternary, long error, long n, float factor, float threshold) {
    int positive = 0;
    int negative = 0;
    for (long i = 0; i < n; i++) {
      float scaled = getFloat(error, i) * factor;
      boolean up = scaled > threshold;
      boolean down = scaled < -threshold;
      positive += up ? 1 : 0;
      negative += down ? 1 : 0;
      setByte(ternary, i, (byte) (up ? 1 : down ? -1 : 0));
    }
    return counts(positive, negative);
  }

  /**
   * t = sign(e) where u max < |e|, with u in [0, 1) of elements [first, first + n) of the row.
   *
   * @param first a multiple of 4
   * @return as {@link #threshold}
   */
  static long stochastic(
      long ternary, long error, long first, long n, float max, long key, long projection) {
    int positive = 0;
    int negative = 0;
    int[] words = new int[PlainRandom.WORDS];
    for (long i = 0; i < n; i++) {
      int lane = (int) (i % PlainRandom.WORDS);
      if (lane == 0) {
        long block = (first + i) / PlainRandom.WORDS;
        Philox.block(key, (int) block, (int) projection, (int) (projection >>> 32), 0, words);
      }
      float value = getFloat(error, i);
      float bar = ((words[lane] >>> 8) * 0x1p-24f) * max;
      boolean up = value > bar;
      boolean down = value < -bar;
      positive += up ? 1 : 0;
      negative += down ? 1 : 0;
      setByte(ternary, i, (byte) (up ? 1 : down ? -1 : 0));
    }
    return counts(positive, negative);
  }

  /** Both counts in one word; added, they stay counts. */
  static long counts(int positive, int negative) {
    return positive | ((long) negative << 32);
  }

  static void writeCounts(long address, long counts) {
    setInt(address, 0, (int) counts);
    setInt(address, 1, (int) (counts >>> 32));
  }

  static void split(long positive, long negative, long ternary, long n) {
    for (long i = 0; i < n; i++) {
      byte t = getByte(ternary, i);
      setByte(positive, i, (byte) (t > 0 ? 1 : 0));
      setByte(negative, i, (byte) (t < 0 ? 1 : 0));
    }
  }
}
