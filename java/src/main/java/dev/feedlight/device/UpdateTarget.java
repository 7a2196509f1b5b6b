package dev.feedlight.device;

/** Where the epilogue of a weight-gradient product goes. */
public sealed interface UpdateTarget {
  /**
   * The default: the optimizer is applied to the tile while it is in registers or cache; the
   * gradient is never stored.
   *
   * @param optimizer the rule; each parameter must carry its state
   */
  record Apply(Optimizer optimizer) implements UpdateTarget {}

  /**
   * The gradient is kept: {@code G = beta G + gradient}. For clipping, accumulation over
   * micro-batches, shared parameters and inspection. Costs one tensor of the parameter's shape.
   *
   * @param gradients where, for every parameter that is updated
   * @param beta 0 to overwrite, 1 to add
   */
  record Accumulate(Gradients gradients, float beta) implements UpdateTarget {}
}
