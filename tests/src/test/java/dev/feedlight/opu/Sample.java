package dev.feedlight.opu;

import java.util.Arrays;

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
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      double law = -Math.expm1(-sorted[i] / mean);
      distance = Math.max(distance, law - (double) i / sorted.length);
      distance = Math.max(distance, (i + 1.0) / sorted.length - law);
    }
    return distance;
  }
}
