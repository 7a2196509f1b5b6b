package dev.feedlight;

import dev.feedlight.io.CheckpointException;
import dev.feedlight.learn.BlockAlignment;
import java.nio.file.Path;
import java.util.List;

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
   * Before the first step of a call of {@code train}, and before every so many after it; only if
   * {@link EngineBuilder#alignmentEvery} asks for it.
   *
   * @param event what was measured
   */
  default void onAlignment(AlignmentEvent event) {}

  /**
   * Before a checkpoint is written. What a listener has to keep must be on disk when this returns,
   * if it is not to be behind the checkpoint after a crash.
   *
   * @param step number of the last step before it, within this call of {@code train}
   */
  default void beforeCheckpoint(long step) {}

  /**
   * After every checkpoint. Training goes on if one cannot be written; the next may succeed.
   *
   * @param event what happened
   */
  default void onCheckpoint(CheckpointEvent event) {}

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
   * @param heldOutLoss on the examples held out for early stopping; NaN without
   * @param seconds that the epoch took, of one that was interrupted the part since then
   */
  record EpochEvent(int epoch, int epochs, double meanLoss, double heldOutLoss, double seconds) {}

  /**
   * A checkpoint that was written, or could not be.
   *
   * @param step number of the last step before it, within this call of {@code train}
   * @param directory where it lies; null if it could not be written
   * @param failure why it could not be written; null if it was
   */
  record CheckpointEvent(long step, Path directory, CheckpointException failure) {}

  /**
   * Alignment of the blocks with the weights as they are and the batch of the step that comes.
   *
   * @param step steps of this call done before, from 0
   * @param epoch of the step that comes, from 1
   * @param blocks one entry per block that gets a signal, first to last
   */
  record AlignmentEvent(long step, int epoch, List<BlockAlignment> blocks) {
    /** Keeps a copy of the list. */
    public AlignmentEvent {
      blocks = List.copyOf(blocks);
    }
  }
}
