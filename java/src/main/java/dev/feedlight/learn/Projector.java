package dev.feedlight.learn;

import dev.feedlight.device.Device;
import dev.feedlight.device.MemoryNeed;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.opu.MatrixOrigin;
import dev.feedlight.tensor.Tensor;

/**
 * The fixed random projection of direct feedback alignment. One projection serves all blocks: it
 * has as many outputs as the widest of them, and each takes the first columns it needs.
 */
public interface Projector {
  /**
   * Name of the learning rule that this projector makes.
   *
   * @return {@code dfa} for a digital matrix, {@code odfa} for optics
   */
  String ruleName();

  /**
   * Device memory that {@link #bind} will take from its scope.
   *
   * @param rows samples of a pass
   * @param inputs width of the error
   * @param outputs width of the signal
   * @return nothing unless a projector says otherwise
   */
  default MemoryNeed memory(long rows, long inputs, long outputs) {
    return MemoryNeed.NONE;
  }

  /**
   * Allocates the projection for a batch.
   *
   * @param device the device
   * @param scope owns matrix and signal
   * @param error batch x inputs, what will be projected
   * @param outputs width of the signal
   * @param control step and projection number
   * @param seed of the run
   * @return the bound projection
   */
  Projection bind(
      Device device, Scope scope, Tensor error, long outputs, StepControl control, long seed);

  /** A projector bound to a batch. */
  interface Projection {
    /**
     * Called on the host before a step whose first sample has this projection number; a drifting
     * medium moves on here.
     *
     * @param projection number of the step's first projection
     */
    default void begin(long projection) {}

    /**
     * Issues the projection of the error.
     *
     * @param ops where to
     */
    void issue(Ops ops);

    /**
     * The signal.
     *
     * @return batch x outputs
     */
    Tensor signal();

    /**
     * The matrix B of {@code signal = e B^T}: for optics, the one that an ideal camera would show,
     * up to the scale of the signal.
     *
     * @return outputs x inputs, row-major, a copy on the host; null for projections without one
     * @throws dev.feedlight.tensor.ShapeException if it does not fit a Java array
     */
    default float[] matrix() {
      return null;
    }

    /** Looks at the projection that has just run; see {@link LearningRule.Feedback#observe()}. */
    default void observe() {}

    /**
     * What the optics were asked to show.
     *
     * @return the log, or null for a digital projection
     */
    default FrameLog frameLog() {
      return null;
    }

    /**
     * Numbers of the camera pixels that were selected as outputs.
     *
     * @return one per output, ascending; null for a digital projection
     */
    default int[] selectedPixels() {
      return null;
    }

    /**
     * What made the entries of an optical matrix that Feedlight cannot make by itself.
     *
     * @return library, seeds and a digest; null for other matrices
     */
    default MatrixOrigin matrixOrigin() {
      return null;
    }
  }
}
