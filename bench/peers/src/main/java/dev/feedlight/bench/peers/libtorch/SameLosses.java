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
   * Largest relative difference (ours): fp32 sums in another order gave at most 3e-7 in all twelve
   * cells.
   */
  static final double TOLERANCE = 3e-6;

  /** Least relative change of the loss (ours): updates wrong by 1 % of it are then seen. */
  private static final double LEAST_CHANGE = 100 * TOLERANCE;

  /** Ours: large enough for {@link #LEAST_CHANGE} in every cell. */
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
    if (!(Math.abs(losses[STEPS - 1] - losses[0]) >= LEAST_CHANGE * losses[0])) {
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
