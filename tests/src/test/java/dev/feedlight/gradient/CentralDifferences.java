package dev.feedlight.gradient;

/**
 * Derivatives of a network's loss by the five-point central difference {@code (8 (L(+h) - L(-h)) -
 * (L(+2h) - L(-2h))) / 12h}.
 */
final class CentralDifferences {
  /** Step: a power of two, so that x + h is exact for fp32 values of moderate size. */
  private static final double STEP = 0x1p-12;

  /**
   * What the differences may be off by, relative to the scale of loss and gradient: truncation is
   * h^4/30 = 1e-16 times a fifth derivative, which for the networks tested (inputs and weights of
   * order 1) stays below 1e4; rounding is 1.5 * 2^-53 * loss / h = 7e-13 times the loss.
   */
  static final double ACCURACY = 1e-9;

  private CentralDifferences() {}

  /**
   * The gradient with respect to an array that the network reads.
   *
   * @throws IllegalStateException if a ReLU changes sides within the step: the data must be others
   */
  static double[] gradient(ExactNetwork network, double[] inputs, double[] variables) {
    double[] gradient = new double[variables.length];
    ExactNetwork.Outcome here = network.evaluate(inputs);
    for (int i = 0; i < variables.length; i++) {
      double value = variables[i];
      double[] losses = new double[4];
      double[] steps = {STEP, -STEP, 2 * STEP, -2 * STEP};
      for (int s = 0; s < steps.length; s++) {
        variables[i] = value + steps[s];
        ExactNetwork.Outcome there = network.evaluate(inputs);
        if (!there.kinks().equals(here.kinks())) {
          throw new IllegalStateException("a ReLU changes sides near variable " + i);
        }
        losses[s] = there.loss();
      }
      variables[i] = value;
      gradient[i] = (8 * (losses[0] - losses[1]) - (losses[2] - losses[3])) / (12 * STEP);
    }
    return gradient;
  }
}
