package dev.feedlight.learn;

import dev.feedlight.tensor.ShapeException;

/**
 * What happens to gradients on their way to the optimizer. {@link #DIRECT} sends them there at once
 * and never stores them; everything else keeps one tensor per trained parameter.
 *
 * @param microBatches passes into which the batch of a step is split, at least 1: activations need
 *     the memory of one pass, and the step is that of the whole batch up to rounding
 * @param maxNorm the gradient of all trained parameters together is scaled down to this norm where
 *     it is larger (Pascanu et al. 2013); positive, infinite for no clipping
 */
public record GradientSettings(int microBatches, double maxNorm) {
  /** The whole batch in one pass, no clipping. */
  public static final GradientSettings DIRECT = new GradientSettings(1, Double.POSITIVE_INFINITY);

  /** Checks the ranges. */
  public GradientSettings {
    if (microBatches < 1) {
      throw new IllegalArgumentException(
          "a batch is split into at least 1 micro-batch, not " + microBatches);
    }
    // The norm is an fp32 number on every device.
    boolean held = (float) maxNorm > 0 && !Float.isInfinite((float) maxNorm);
    if (!held && maxNorm != Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "gradients are clipped to a norm that is positive and finite in fp32, not " + maxNorm);
    }
  }

  /**
   * Whether gradients are clipped.
   *
   * @return true if there is a largest norm
   */
  public boolean clipped() {
    return maxNorm != Double.POSITIVE_INFINITY;
  }

  /**
   * Whether gradients are stored before they are applied.
   *
   * @return true unless they go straight to the optimizer
   */
  public boolean stored() {
    return microBatches > 1 || clipped();
  }

  /**
   * Samples of one pass.
   *
   * @param batch samples per step
   * @return batch / micro-batches
   * @throws ShapeException if that is not a whole number
   */
  public long microBatch(long batch) {
    if (batch % microBatches != 0) {
      throw new ShapeException(
          "a batch of "
              + batch
              + " samples cannot be split into "
              + microBatches
              + " micro-batches of equal size: "
              + batch % microBatches
              + " would be left over");
    }
    return batch / microBatches;
  }
}
