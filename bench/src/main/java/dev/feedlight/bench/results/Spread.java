package dev.feedlight.bench.results;

import java.util.List;

/**
 * A number from each seed.
 *
 * @param mean of all
 * @param low lowest
 * @param high highest
 */
public record Spread(double mean, double low, double high) {
  /** Of at least one number. */
  public static Spread of(List<Double> values) {
    double low = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double high = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    // Rounding may put a mean of equal numbers beside them.
    return new Spread(Math.clamp(mean, low, high), low, high);
  }
}
