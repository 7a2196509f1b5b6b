package dev.feedlight.gradient;

import java.util.Random;

/** Repeatable data of order 1. */
public final class RandomValues {
  private RandomValues() {}

  /** Normal values. */
  public static float[] normal(long seed, int n, double deviation) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /** Uniform labels. */
  public static int[] labels(long seed, int n, int classes) {
    return new Random(seed).ints(n, 0, classes).toArray();
  }
}
