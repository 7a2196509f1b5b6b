package dev.feedlight.device;

/**
 * How a gradient changes a weight. The rule runs in the epilogue of the product that makes the
 * gradient; it is part of the operation, not a pass of its own. The learning rate comes from {@link
 * StepControl}, times the factor of the parameter's group.
 */
public sealed interface Optimizer {
  /**
   * How many tensors of the weight's shape the rule keeps per parameter.
   *
   * @return number of state slots
   */
  int stateSlots();

  /**
   * Weight decay.
   *
   * @return decay per step and unit of learning rate
   */
  float weightDecay();

  /**
   * Plain gradient descent: {@code w -= lr (g + decay w)}.
   *
   * @param weightDecay decay, 0 for none
   */
  record Sgd(float weightDecay) implements Optimizer {
    /** Checks the decay. */
    public Sgd {
      requireDecay(weightDecay);
    }

    @Override
    public int stateSlots() {
      return 0;
    }
  }

  /**
   * Heavy-ball momentum: {@code m = momentum m + g + decay w; w -= lr m} (Polyak 1964, without
   * dampening).
   *
   * @param momentum in [0, 1)
   * @param weightDecay decay, 0 for none
   */
  record Momentum(float momentum, float weightDecay) implements Optimizer {
    /** Checks the ranges. */
    public Momentum {
      requireFraction("momentum", momentum);
      requireDecay(weightDecay);
    }

    @Override
    public int stateSlots() {
      return 1;
    }
  }

  /**
   * Adam (Kingma and Ba 2015); decay is added to the gradient, or applied to the weight directly
   * when {@code decoupled} (AdamW, Loshchilov and Hutter 2019).
   *
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the second moment, in [0, 1)
   * @param epsilon added to the root of the second moment, positive
   * @param weightDecay decay, 0 for none
   * @param decoupled true for AdamW
   */
  record Adam(float beta1, float beta2, float epsilon, float weightDecay, boolean decoupled)
      implements Optimizer {
    /** Checks the ranges. */
    public Adam {
      requireFraction("beta1", beta1);
      requireFraction("beta2", beta2);
      requireDecay(weightDecay);
      if (!(epsilon > 0) || Float.isInfinite(epsilon)) {
        throw new IllegalArgumentException("epsilon must be positive and finite, not " + epsilon);
      }
    }

    @Override
    public int stateSlots() {
      return 2;
    }
  }

  /**
   * SGD without decay.
   *
   * @return the rule
   */
  static Optimizer sgd() {
    return new Sgd(0);
  }

  /**
   * Momentum without decay.
   *
   * @param momentum in [0, 1)
   * @return the rule
   */
  static Optimizer momentum(float momentum) {
    return new Momentum(momentum, 0);
  }

  /**
   * Adam with the constants of its paper: 0.9, 0.999, 1e-8.
   *
   * @return the rule
   */
  static Optimizer adam() {
    return new Adam(0.9f, 0.999f, 1e-8f, 0, false);
  }

  /**
   * AdamW with Adam's constants.
   *
   * @param weightDecay decoupled decay
   * @return the rule
   */
  static Optimizer adamW(float weightDecay) {
    return new Adam(0.9f, 0.999f, 1e-8f, weightDecay, true);
  }

  private static void requireFraction(String what, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(what + " must lie in [0, 1), not " + value);
    }
  }

  private static void requireDecay(float value) {
    if (!(value >= 0) || Float.isInfinite(value)) {
      throw new IllegalArgumentException("weight decay must be finite and >= 0, not " + value);
    }
  }
}
