package dev.feedlight;

/** Told what happens during {@link DfaEngine#train}. */
public interface TrainingListener {
  /**
   * After every step.
   *
   * @param event what happened
   */
  default void onStep(StepEvent event) {}

  /**
   * After every epoch.
   *
   * @param event what happened
   */
  default void onEpoch(EpochEvent event) {}

  /**
   * A finished step.
   *
   * @param step number within this call of {@code train}, from 1
   * @param steps steps of this call
   * @param epoch from 1
   * @param loss of the batch
   * @param gradientNorm norm of the gradient of all trained parameters before clipping; NaN when
   *     gradients are not clipped
   * @param learningRate used
   * @param seconds since this call began
   */
  record StepEvent(
      long step,
      long steps,
      int epoch,
      double loss,
      double gradientNorm,
      double learningRate,
      double seconds) {}

  /**
   * A finished epoch.
   *
   * @param epoch from 1
   * @param epochs of this call
   * @param meanLoss over the epoch's steps
   * @param seconds that the epoch took
   */
  record EpochEvent(int epoch, int epochs, double meanLoss, double seconds) {}
}
