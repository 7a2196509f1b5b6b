package dev.feedlight.selftest;

import dev.feedlight.device.Activation;

/** Bounds on what single precision loses against the oracle. */
final class Rounding {
  /** Relative error of one correctly rounded fp32 operation. */
  static final double UNIT = 0x1p-24;

  /** The smallest positive float: absolute error of an operation that underflows. */
  static final double SMALLEST = 0x1p-149;

  /** What {@link #sum} says, for reasons. */
  static final String SUM_REASON =
      "sum of k terms in fp32 in any order: (4 sqrt(k) + 4) 2^-24 sum|terms|";

  /**
   * Error of the approximations of exp, tanh and erf: 2e-6 (ours; what the backends promise), which
   * is 34 units in the last place at most.
   */
  static final double APPROXIMATION = 2e-6;

  private Rounding() {}

  /**
   * Error of a sum of {@code terms} products, summed in any order: the probabilistic bound of
   * Higham and Mary (2019), lambda sqrt(k) u with lambda = 4, and 4 u for the operations around the
   * sum.
   *
   * @param magnitude sum of the terms' absolute values
   */
  static double sum(int terms, double magnitude) {
    return (4 * Math.sqrt(terms) + 4) * UNIT * magnitude + 2.0 * (terms + 1) * SMALLEST;
  }

  /** Error of f(z) where z itself is wrong by {@code error}. */
  static double activation(Activation activation, double z, double value, double error) {
    double own =
        switch (activation) {
          case IDENTITY, RELU -> 0;
          // Odd and smooth at 0, so the error is relative down to the smallest values.
          case TANH -> APPROXIMATION * Math.abs(value);
          // May be built on tanh: then absolute where f is small.
          case SIGMOID -> APPROXIMATION * value + 2 * UNIT;
          // z times a Phi that is absolute where it is small.
          case GELU -> APPROXIMATION * Math.abs(value) + 4 * UNIT * Math.abs(z);
        };
    double slope =
        switch (activation) {
          case IDENTITY, RELU, TANH -> 1;
          case SIGMOID -> 0.25;
          // The largest slope of GELU is 1.129.
          case GELU -> 1.13;
        };
    double inherited = Double.isInfinite(z) ? 0 : slope * error;
    return own + inherited + UNIT * Math.abs(value) + SMALLEST;
  }

  /** Error of dy f'(saved) where dy is exact. */
  static double gradient(Activation activation, double dy, double saved) {
    double own =
        switch (activation) {
          case IDENTITY, RELU -> 0;
          // 1 - y^2 cancels where y is near 1: absolute in units of dy.
          case TANH -> 4 * UNIT;
          case SIGMOID -> 4 * UNIT * Math.abs(saved);
          // Phi(z) and z phi(z), each approximated.
          case GELU -> 2 * APPROXIMATION;
        };
    return own * Math.abs(dy) + 2 * SMALLEST;
  }

  /** Why {@link #activation} and {@link #gradient} are what they are. */
  static String reason(Activation activation) {
    return switch (activation) {
      case IDENTITY -> "no operation of its own";
      case RELU -> "a selection: exact";
      case TANH -> "tanh to 2e-6 relative; 1 - y^2 rounds at 2^-24";
      case SIGMOID -> "sigmoid to 2e-6 relative and 2^-23 absolute; y (1 - y) to 4 roundings";
      case GELU -> "Phi to 2e-6 relative and 2^-22 absolute; its slope to 4e-6";
    };
  }
}
