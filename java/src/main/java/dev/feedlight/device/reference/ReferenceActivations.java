package dev.feedlight.device.reference;

import dev.feedlight.device.Activation;

/** The activation functions and their gradients in double precision. */
public final class ReferenceActivations {
  private ReferenceActivations() {}

  /**
   * f(z). NaN gives NaN; infinities give the limits.
   *
   * @param activation f
   * @param z the pre-activation
   * @return f(z)
   */
  public static double value(Activation activation, double z) {
    return switch (activation) {
      case IDENTITY -> z;
      case RELU -> Math.max(z, 0);
      case TANH -> Math.tanh(z);
      case SIGMOID -> 1 / (1 + Math.exp(-z));
      case GELU -> z == Double.NEGATIVE_INFINITY ? -0.0 : z * ErrorFunction.normalDistribution(z);
    };
  }

  /**
   * dy f'. For ReLU a selection rather than a product, so that a masked dy leaves no trace, not
   * even one that is not finite; NaN in {@code saved} gives NaN.
   *
   * @param activation f
   * @param dy gradient with respect to f(z)
   * @param saved z for GELU, any value for the identity, otherwise f(z)
   * @return gradient with respect to z
   */
  public static double gradient(Activation activation, double dy, double saved) {
    return switch (activation) {
      case IDENTITY -> dy;
      case RELU -> Double.isNaN(saved) ? Double.NaN : saved > 0 ? dy : 0;
      case TANH -> dy * (1 - saved * saved);
      case SIGMOID -> dy * saved * (1 - saved);
      case GELU -> dy * geluSlope(saved);
    };
  }

  private static double geluSlope(double z) {
    if (Double.isInfinite(z)) {
      return z > 0 ? 1 : 0;
    }
    return ErrorFunction.normalDistribution(z) + z * ErrorFunction.normalDensity(z);
  }
}
