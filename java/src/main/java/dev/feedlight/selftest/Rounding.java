package dev.feedlight.selftest;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Precision;
import dev.feedlight.device.reference.ReferenceActivations;

/** Bounds on what single precision loses against the oracle. */
final class Rounding {
  /** Relative error of one correctly rounded fp32 operation. */
  static final double UNIT = 0x1p-24;

  /** The smallest positive float: absolute error of an operation that underflows. */
  static final double SMALLEST = 0x1p-149;

  /** The smallest normal float. */
  private static final double SMALLEST_NORMAL = 0x1p-126;

  /** What {@link #sum} says, for reasons. */
  static final String SUM_REASON =
      "sum of k terms in fp32 in any order: (4 sqrt(k) + 4) 2^-24 sum|terms|";

  /**
   * Error of the approximations of exp, tanh and erf: 2e-6 (ours; what the backends promise), which
   * is 34 units in the last place at most.
   */
  static final double APPROXIMATION = 2e-6;

  /**
   * How many times what {@link #sum} allows a tensor core may lose. It aligns the terms of one
   * instruction and the sum before at the largest of them and drops what lies below its 2^-23
   * (Fasi, Higham, Mikaitis and Pranesh 2021, "Numerical behavior of NVIDIA tensor cores"): 2 units
   * for each term, and 2 for the sum, where a rounded addition loses 1.
   */
  private static final double TENSOR_CORE = 4;

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

  /**
   * Error of a sum of products of operands that both sides have rounded alike, so that only the
   * order of the sum differs, and on tensor cores how it is rounded. Instructions for bf16 take
   * operands and sums below the smallest normal float for 0 (Intel SDM, VDPBF16PS); the cases meet
   * such operands beside ones of at most 1.
   */
  static double product(Precision precision, int terms, double magnitude) {
    double flushed = 2.0 * (terms + 1) * SMALLEST_NORMAL;
    double sum = sum(terms, magnitude);
    return switch (precision) {
      case FP32 -> sum;
      case TF32, BF16 -> TENSOR_CORE * sum + flushed;
    };
  }

  /** Why {@link #product} is what it is. */
  static String productReason(Precision precision) {
    return switch (precision) {
      case FP32 -> SUM_REASON;
      case TF32, BF16 ->
          "operands rounded to "
              + precision.label()
              + " on both sides; 4 times, as a tensor core truncates: "
              + SUM_REASON
              + ", and 2^-126 per term flushed";
    };
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

  /**
   * Error of dy f'(saved) as an operand of a product. Rounded it is mostly none, and a last place
   * where the errors of {@link #gradient} reach across the middle between two rounded numbers.
   */
  static double maskedOperand(Precision precision, Activation activation, double dy, double saved) {
    double error = gradient(activation, dy, saved);
    return switch (precision) {
      case FP32 -> error;
      case TF32, BF16 -> {
        double signal = ReferenceActivations.gradient(activation, dy, saved);
        double operand = precision.operand(signal);
        yield Math.max(
            precision.operand(signal + error) - operand,
            operand - precision.operand(signal - error));
      }
    };
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
