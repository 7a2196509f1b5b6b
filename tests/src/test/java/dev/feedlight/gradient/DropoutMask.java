package dev.feedlight.gradient;

import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Stream;

/** The masks of dropout as their definition says, one number after the other. */
public final class DropoutMask {
  private DropoutMask() {}

  /**
   * The factors of a block's outputs.
   *
   * @param seed of the network
   * @param block its number
   * @param firstSample number of the first row over all steps
   * @return rows x width, 0 or 1 / (1 - rate)
   */
  public static double[] of(
      long seed, int block, float rate, long firstSample, int rows, int width) {
    long key = Philox.deriveKey(seed, Stream.DROPOUT, block);
    double[] mask = new double[rows * width];
    int[] words = new int[4];
    for (int i = 0; i < mask.length; i++) {
      long sample = firstSample + i / width;
      int column = i % width;
      Philox.block(key, column / 4, (int) sample, (int) (sample >>> 32), 0, words);
      boolean dropped = words[column & 3] >>> 8 < Math.round(rate * Math.pow(2, 24));
      mask[i] = dropped ? 0 : (float) (1 / (1 - (double) rate));
    }
    return mask;
  }
}
