package dev.feedlight.selftest;

import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;

/**
 * Follows a parameter through its optimizer steps in double precision, and with it how far single
 * precision may be off: first-order error propagation, each fp32 operation adding one rounding.
 */
final class OptimizerReplay {
  static final String REASON =
      "gradient within the bound of its sum; 2^-24 per operation of the rule, propagated step by"
          + " step";

  // Operations of one formula that round, counted generously.
  private static final double ROUNDINGS = 6 * Rounding.UNIT;

  private final Optimizer optimizer;
  private final double rate;
  private final double decay;
  private final double[] w;
  private final double[][] state;
  private final double[] error;
  private final double[][] stateError;

  OptimizerReplay(Optimizer optimizer, double learningRate, Parameter.Group group, Matrix start) {
    int n = start.values().length;
    this.optimizer = optimizer;
    this.rate = learningRate * group.learningRateFactor();
    this.decay = group.decay() ? optimizer.weightDecay() : 0;
    this.w = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] = start.values()[i];
    }
    this.error = new double[n];
    this.state = new double[2][n];
    this.stateError = new double[2][n];
  }

  /** Bound of the values. */
  double[] valueBounds() {
    return error;
  }

  /** Bound of one tensor of the state. */
  double[] stateBounds(int slot) {
    return stateError[slot];
  }

  /** One step with gradients that are known up to their own errors. */
  void step(int number, double[] gradient, double[] gradientError) {
    for (int i = 0; i < w.length; i++) {
      switch (optimizer) {
        case Optimizer.Sgd _ -> move(i, gradient[i], gradientError[i], decay);
        case Optimizer.Momentum(float momentum, float _) -> {
          double kept = momentum * state[0][i];
          double m = kept + gradient[i] + decay * w[i];
          stateError[0][i] =
              momentum * stateError[0][i]
                  + gradientError[i]
                  + decay * error[i]
                  + rounding(Math.abs(kept) + Math.abs(gradient[i]) + decay * Math.abs(w[i]));
          state[0][i] = m;
          move(i, m, stateError[0][i], 0);
        }
        case Optimizer.Adam adam -> adam(adam, i, number, gradient[i], gradientError[i]);
      }
    }
  }

  private void adam(Optimizer.Adam adam, int i, int number, double g, double gError) {
    if (!adam.decoupled()) {
      gError += decay * error[i] + rounding(Math.abs(g) + decay * Math.abs(w[i]));
      g += decay * w[i];
    }
    mix(0, i, adam.beta1(), g, gError);
    mix(1, i, adam.beta2(), g * g, 2 * Math.abs(g) * gError + gError * gError);
    double c1 = 1 / (1 - Math.pow(adam.beta1(), number + 1.0));
    double c2 = 1 / (1 - Math.pow(adam.beta2(), number + 1.0));
    double v = state[1][i] * c2;
    double vError = stateError[1][i] * c2 + rounding(v);
    double root = Math.sqrt(v);
    double rootError = Math.min(Math.sqrt(vError), v == 0 ? Double.MAX_VALUE : vError / root);
    double denominator = root + adam.epsilon();
    double direction = state[0][i] * c1 / denominator;
    double numeratorError = stateError[0][i] * c1 + rounding(Math.abs(state[0][i] * c1));
    double least = Math.max(denominator - rootError, adam.epsilon());
    double directionError =
        (numeratorError + Math.abs(direction) * (rootError + rounding(denominator))) / least;
    move(i, direction, directionError, adam.decoupled() ? decay : 0);
  }

  private void mix(int slot, int i, double beta, double now, double nowError) {
    double kept = beta * state[slot][i];
    stateError[slot][i] =
        beta * stateError[slot][i]
            + (1 - beta) * nowError
            + rounding(Math.abs(kept) + (1 - beta) * Math.abs(now));
    state[slot][i] = kept + (1 - beta) * now;
  }

  /** {@code w -= rate (direction + decay w)}. */
  private void move(int i, double direction, double directionError, double decay) {
    double shrink = decay * w[i];
    double next = w[i] - rate * (direction + shrink);
    error[i] =
        error[i] * (1 + rate * decay)
            + rate * directionError
            + rounding(rate * (Math.abs(direction) + Math.abs(shrink)))
            // Rate and decay applied one after the other, and the oracle's own rounding.
            + 4 * Rounding.UNIT * Math.max(Math.abs(w[i]), Math.abs(next));
    w[i] = next;
  }

  private static double rounding(double magnitude) {
    return ROUNDINGS * magnitude + 4 * Rounding.SMALLEST;
  }
}
