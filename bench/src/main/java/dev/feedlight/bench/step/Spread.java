package dev.feedlight.bench.step;

import java.util.Arrays;

/**
 * Median and quartiles of repeated measurements.
 *
 * @param low first quartile
 * @param median middle value
 * @param high third quartile
 */
public record Spread(double low, double median, double high) {
  /**
   * Of measured values.
   *
   * @param values at least one; not changed
   */
  public static Spread of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return new Spread(sorted[n / 4], sorted[n / 2], sorted[n - 1 - n / 4]);
  }
}
