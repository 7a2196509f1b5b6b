package dev.feedlight.selftest;

import java.util.Arrays;

/**
 * The one way in which Feedlight's checks compare numbers. Both NaN agree, one NaN does not;
 * infinities agree with themselves only; a bound that is NaN, negative or infinite is met by equal
 * values only.
 *
 * @param passed whether every element agrees
 * @param index where the worst element is: one that failed if any did
 * @param expected the value wanted there
 * @param actual the value found there
 * @param error its distance: absolute, or in units in the last place where bits are compared
 * @param bound what the distance may be there
 */
public record Comparison(
    boolean passed, int index, double expected, double actual, double error, double bound) {
  /**
   * Compares two arrays element by element.
   *
   * @param expected wanted values
   * @param actual values found
   * @param bounds largest absolute error of each element
   * @return the verdict and the worst element
   * @throws IllegalArgumentException if the lengths differ or there is nothing to compare
   */
  public static Comparison of(double[] expected, double[] actual, double[] bounds) {
    requireComparable(expected.length, actual.length);
    if (bounds.length != expected.length) {
      throw new IllegalArgumentException(
          bounds.length + " bounds for " + expected.length + " values");
    }
    Comparison worst = null;
    for (int i = 0; i < expected.length; i++) {
      double error = distance(expected[i], actual[i]);
      worst =
          worse(
              worst,
              new Comparison(
                  within(error, bounds[i]), i, expected[i], actual[i], error, bounds[i]));
    }
    return worst;
  }

  /**
   * Compares two arrays with one bound for all.
   *
   * @param expected wanted values
   * @param actual values found
   * @param bound largest absolute error
   * @return the verdict and the worst element
   */
  public static Comparison of(double[] expected, double[] actual, double bound) {
    double[] bounds = new double[expected.length];
    Arrays.fill(bounds, bound);
    return of(expected, actual, bounds);
  }

  /**
   * Compares the bits of floats; 0 and -0 differ, the payload of NaN does not count.
   *
   * @param expected wanted values
   * @param actual values found
   * @return the verdict and the worst element, its error in units in the last place
   */
  public static Comparison ofBits(float[] expected, float[] actual) {
    requireComparable(expected.length, actual.length);
    Comparison worst = null;
    for (int i = 0; i < expected.length; i++) {
      double error = unitsInTheLastPlace(expected[i], actual[i]);
      worst = worse(worst, new Comparison(within(error, 0), i, expected[i], actual[i], error, 0));
    }
    return worst;
  }

  /**
   * Compares integers.
   *
   * @param expected wanted values
   * @param actual values found
   * @return the verdict and the worst element
   */
  public static Comparison ofIntegers(int[] expected, int[] actual) {
    return of(
        Arrays.stream(expected).asDoubleStream().toArray(),
        Arrays.stream(actual).asDoubleStream().toArray(),
        0);
  }

  /**
   * Orders verdicts: failed before passed, then by error over bound.
   *
   * @param other another verdict
   * @return true if this is the worse one
   */
  public boolean isWorseThan(Comparison other) {
    return passed == other.passed ? badness() > other.badness() : other.passed;
  }

  /** The error over its bound; 0 where both are 0. */
  private double badness() {
    if (error == 0) {
      return 0;
    }
    double ratio = error / bound;
    return Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
  }

  private static Comparison worse(Comparison a, Comparison b) {
    return a == null || b.isWorseThan(a) ? b : a;
  }

  private static boolean within(double error, double bound) {
    boolean failed = !(error <= bound) || Double.isInfinite(bound);
    return error == 0 || !failed;
  }

  private static double distance(double expected, double actual) {
    if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
      return 0;
    }
    return Math.abs(expected - actual);
  }

  private static double unitsInTheLastPlace(float expected, float actual) {
    if (Float.isNaN(expected) && Float.isNaN(actual)) {
      return 0;
    }
    if (Float.isNaN(expected) || Float.isNaN(actual)) {
      return Double.NaN;
    }
    return Math.abs(rank(expected) - rank(actual));
  }

  /** Numbers the floats in ascending order, -0 next to 0. */
  private static long rank(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits >= 0 ? bits : -1L - (bits & Integer.MAX_VALUE);
  }

  private static void requireComparable(int expected, int actual) {
    if (expected != actual) {
      throw new IllegalArgumentException(actual + " values found, " + expected + " expected");
    }
    if (expected == 0) {
      throw new IllegalArgumentException("nothing to compare: both sides are empty");
    }
  }
}
