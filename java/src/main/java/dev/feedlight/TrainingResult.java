package dev.feedlight;

import dev.feedlight.io.CheckpointException;

/**
 * What a call of {@link DfaEngine#train} did, together with the parts of it that ran before a
 * checkpoint was loaded.
 *
 * @param steps steps taken
 * @param finalLoss mean loss of the last whole epoch; NaN if none was finished
 * @param seconds measured time
 * @param modelledOpticalSeconds time the optics would have taken for the projections, after the
 *     settings' clock; 0 without optics. A model, not a measurement
 * @param ending why it ended
 * @param checkpointFailure why the last checkpoint could not be written; null if it was, or if none
 *     was asked for
 */
public record TrainingResult(
    long steps,
    double finalLoss,
    double seconds,
    double modelledOpticalSeconds,
    Ending ending,
    CheckpointException checkpointFailure) {
  TrainingResult withCheckpointFailure(CheckpointException failure) {
    return new TrainingResult(steps, finalLoss, seconds, modelledOpticalSeconds, ending, failure);
  }

  /** Why a call of {@code train} ended. */
  public enum Ending {
    /** All epochs are done. */
    COMPLETED,
    /** The held-out loss did not get better any more. */
    STOPPED_EARLY,
    /** {@link DfaEngine#stop()} was called; {@link DfaEngine#resume} goes on. */
    INTERRUPTED
  }
}
