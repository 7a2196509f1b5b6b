package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.peers.PeerCell;

/**
 * Whether an implementation computes what ours does: the losses of some steps from the same
 * weights, on the same data.
 */
final class SameLosses {
  /** Steps that are compared. */
  static final int STEPS = 5;

  /**
   * Ours: fp32 sums of up to 3080 products in another order differ by a few 1e-7 of the result, and
   * errors of five steps add up.
   */
  static final double TOLERANCE = 1e-5;

  /** Ours: a fall 100 times the tolerance, so that updates wrong by 1 % of it are seen. */
  private static final double LEAST_FALL = 1e-3;

  /** Ours: large enough for {@link #LEAST_FALL} in every cell, small enough to be stable. */
  private static final float LEARNING_RATE_PER_SAMPLE = 1 / 160f;

  private SameLosses() {}

  /** Losses of the first steps; the weights are put back afterwards. */
  static float[] of(PeerStep step, PeerCell cell) {
    float[] losses = new float[STEPS];
    step.reset();
    for (int i = 0; i < STEPS; i++) {
      step.run(LEARNING_RATE_PER_SAMPLE * cell.batch());
      losses[i] = step.loss();
    }
    step.reset();
    if (!(losses[STEPS - 1] <= (1 - LEAST_FALL) * losses[0])) {
      throw new IllegalStateException(
          "the loss of "
              + step.rule()
              + " "
              + step.variant()
              + " went from "
              + losses[0]
              + " to "
              + losses[STEPS - 1]
              + ": too little to compare updates by");
    }
    return losses;
  }

  /**
   * The largest relative difference.
   *
   * @throws IllegalStateException if it is above {@link #TOLERANCE}
   */
  static double require(float[] ours, PeerStep other, PeerCell cell) {
    float[] theirs = of(other, cell);
    double largest = 0;
    for (int i = 0; i < STEPS; i++) {
      double difference = Math.abs(ours[i] - theirs[i]) / ours[i];
      if (!(difference <= TOLERANCE)) {
        throw new IllegalStateException(
            "loss "
                + i
                + " of "
                + other.rule()
                + " is "
                + ours[i]
                + " with us and "
                + theirs[i]
                + " with libtorch, "
                + other.variant()
                + ": nothing is reported of steps that differ");
      }
      largest = Math.max(largest, difference);
    }
    return largest;
  }
}
