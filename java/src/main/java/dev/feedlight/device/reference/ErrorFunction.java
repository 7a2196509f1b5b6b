package dev.feedlight.device.reference;

/** The normal law's distribution function, in double precision. */
final class ErrorFunction {
  // Where the series still loses nothing and the fraction already converges.
  private static final double SWITCH = 2;
  private static final int FRACTION_DEPTH = 200;

  private ErrorFunction() {}

  /** Phi(z) = erfc(-z / sqrt 2) / 2, with small relative error in the lower tail too. */
  static double normalDistribution(double z) {
    return complementary(-z / Math.sqrt(2)) / 2;
  }

  /** phi(z) = exp(-z^2 / 2) / sqrt(2 pi). */
  static double normalDensity(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /** erfc(x) = 1 - erf(x). */
  static double complementary(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    if (x < -SWITCH) {
      return 2 - complementary(-x);
    }
    return x <= SWITCH ? 1 - series(x) : fraction(x);
  }

  /** Abramowitz and Stegun 7.1.6: all terms have one sign, so nothing cancels. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** Abramowitz and Stegun 7.1.14, evaluated from its far end. */
  private static double fraction(double x) {
    if (Double.isInfinite(x)) {
      return 0;
    }
    double value = x;
    for (int n = FRACTION_DEPTH; n >= 1; n--) {
      value = x + n / 2.0 / value;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * value);
  }
}
