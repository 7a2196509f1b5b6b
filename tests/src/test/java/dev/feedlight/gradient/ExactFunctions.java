package dev.feedlight.gradient;

import dev.feedlight.device.Activation;

/** Activation functions in double precision, independent of the library. */
final class ExactFunctions {
  private ExactFunctions() {}

  static double value(Activation activation, double z) {
    return switch (activation) {
      case IDENTITY -> z;
      case RELU -> Math.max(z, 0);
      case TANH -> Math.tanh(z);
      case SIGMOID -> 1 / (1 + Math.exp(-z));
      case GELU -> z * normalDistribution(z);
    };
  }

  static double derivative(Activation activation, double z) {
    return switch (activation) {
      case IDENTITY -> 1;
      case RELU -> z > 0 ? 1 : 0;
      case TANH -> 1 - Math.tanh(z) * Math.tanh(z);
      case SIGMOID -> value(activation, z) * (1 - value(activation, z));
      case GELU -> normalDistribution(z) + z * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    };
  }

  /** Phi(z) = 1/2 + phi(z) (z + z^3/3 + z^5/15 + ...), a series of terms of one sign. */
  private static double normalDistribution(double z) {
    if (Math.abs(z) > 9) {
      return z > 0 ? 1 : 0;
    }
    double term = z;
    double sum = z;
    for (int n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
      term *= z * z / n;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }
}
