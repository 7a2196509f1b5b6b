package dev.feedlight.opu;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Numbers and their moments. */
final class Sample {
  /**
   * Bounds of statistical tests lie this many standard errors away: seeds are fixed, so a test
   * passes always or never, and a right implementation would fail for one seed in two million.
   */
  static final double ERRORS = 5;

  private final double[] values;

  Sample(double[] values) {
    this.values = values;
  }

  static Sample of(float[] values) {
    return of(values, 0, values.length);
  }

  static Sample of(float[] values, int from, int to) {
    double[] copy = new double[to - from];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[from + i];
    }
    return new Sample(copy);
  }

  double[] values() {
    return values;
  }

  int size() {
    return values.length;
  }

  double mean() {
    return Arrays.stream(values).sum() / values.length;
  }

  private double moment(int order) {
    double mean = mean();
    return Arrays.stream(values).map(v -> Math.pow(v - mean, order)).sum() / values.length;
  }

  double variance() {
    return moment(2);
  }

  double deviation() {
    return Math.sqrt(variance());
  }

  double kurtosis() {
    return moment(4) / Math.pow(variance(), 2);
  }

  double correlation(Sample other) {
    double mean = mean();
    double otherMean = other.mean();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += (values[i] - mean) * (other.values[i] - otherMean);
    }
    return sum / values.length / (deviation() * other.deviation());
  }

  /** Largest distance between the empirical law and the exponential one of a given mean. */
  double distanceFromExponential(double mean) {
    return distance(value -> -Math.expm1(-value / mean));
  }

  /** Largest distance between the empirical law and the normal one of mean 0. */
  double distanceFromNormal(double deviation) {
    return distance(value -> normal(value / deviation));
  }

  /** Largest distance between the empirical law and a given one (Kolmogorov and Smirnov). */
  double distance(DoubleUnaryOperator law) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      double probability = law.applyAsDouble(sorted[i]);
      distance = Math.max(distance, probability - (double) i / sorted.length);
      distance = Math.max(distance, (i + 1.0) / sorted.length - probability);
    }
    return distance;
  }

  /** Phi(z) = 1/2 + phi(z) (z + z^3 / 3 + z^5 / (3 5) + ...), Abramowitz and Stegun 26.2.11. */
  private static double normal(double z) {
    if (Math.abs(z) > 7) {
      return z < 0 ? 0 : 1; // to 1e-12
    }
    double term = z;
    double sum = z;
    for (int n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
      term *= z * z / n;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Numbers of a longer array at given places. */
  static float[] gather(float[] values, int from, int[] places) {
    float[] gathered = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      gathered[i] = values[from + places[i]];
    }
    return gathered;
  }
}
