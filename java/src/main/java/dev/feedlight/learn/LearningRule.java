package dev.feedlight.learn;

import dev.feedlight.device.Device;
import dev.feedlight.device.MemoryNeed;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.nn.BlockPass;
import dev.feedlight.nn.Network;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.opu.MatrixOrigin;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Decides one thing: how each block gets its feedback signal. Networks and kernels are the same for
 * all rules.
 */
public interface LearningRule {
  /**
   * Short name as on the command line and in result files.
   *
   * @return {@code bp}, {@code dfa}, {@code odfa} or {@code shlw}
   */
  String name();

  /**
   * Whether a block is trained at all; frozen ones get no optimizer state.
   *
   * @param network the network
   * @param block number of a block, from 0
   * @return true if this rule updates it
   */
  boolean trains(Network network, int block);

  /**
   * Whether a sample's signal depends on the other samples of its batch; the batch must then be one
   * pass, not several micro-batches.
   *
   * @return false unless a rule says otherwise
   */
  default boolean needsWholeBatch() {
    return false;
  }

  /**
   * Whether the gradient at a block's input is wanted, so that the block passes its signal on
   * behind its own mask of dropout instead of keeping a masked copy.
   *
   * @param network the network
   * @param block number of a block, from 0
   * @return false unless a rule says otherwise
   */
  default boolean passesOn(Network network, int block) {
    return false;
  }

  /**
   * Device memory that {@link #bind} will take from its scope, known before anything is allocated:
   * a run that does not fit is refused by it.
   *
   * @param network widths and names of the blocks; they may have no parameters yet
   * @param rows samples of a pass
   * @return nothing unless a rule says otherwise; such a rule's memory is refused when it is
   *     allocated
   */
  default MemoryNeed memory(Network network, long rows) {
    return MemoryNeed.NONE;
  }

  /**
   * Allocates what the rule needs beside weights and activations.
   *
   * @param context where it will run
   * @return the rule, bound to a network and a batch
   */
  Feedback bind(Context context);

  /** A rule bound to a network and a batch. */
  interface Feedback {
    /**
     * Called on the host before a step whose first sample has this projection number; a drifting
     * medium moves on here.
     *
     * @param projection number of the step's first projection
     */
    default void begin(long projection) {}

    /**
     * Issues feedback and updates of one step; the forward pass and the loss were issued before.
     *
     * @param ops where to
     * @param target optimizer or gradient
     */
    void issue(Ops ops, UpdateTarget target);

    /**
     * Issues the signals of one step and no update, for measurements; the forward pass and the loss
     * were issued before, and the error may be overwritten. Rules without feedback to hidden blocks
     * keep the default, which issues nothing.
     *
     * @param ops runs operations at once
     * @param receiver told of each block but the last that gets a signal
     */
    default void issueSignals(Ops ops, SignalReceiver receiver) {}

    /**
     * The fixed matrix behind the signals.
     *
     * @return a copy on the host, or null for rules and projections without one
     * @throws dev.feedlight.tensor.ShapeException if it does not fit a Java array
     */
    default FeedbackMatrix feedbackMatrix() {
      return null;
    }

    /** Looks at the step that has just run, outside the timed path; optics log their frames. */
    default void observe() {}

    /**
     * What the optics were asked to show.
     *
     * @return the log, or null for rules without optics
     */
    default FrameLog frameLog() {
      return null;
    }

    /**
     * Numbers of the camera pixels that were selected as outputs.
     *
     * @return one per output, ascending; null for rules without optics
     */
    default int[] selectedPixels() {
      return null;
    }

    /**
     * What made the entries of an optical matrix that Feedlight cannot make by itself.
     *
     * @return library, seeds and a digest; null for others and for rules without optics
     */
    default MatrixOrigin matrixOrigin() {
      return null;
    }
  }

  /** Told of the signals of a step. */
  @FunctionalInterface
  interface SignalReceiver {
    /**
     * A signal, computed as soon as operations issued before have run; the next one may overwrite
     * it.
     *
     * @param block number of a block, from 0
     * @param dy batch x outputs of that block, what it receives at its output
     */
    void receive(int block, Tensor dy);
  }

  /**
   * Where a rule runs.
   *
   * @param device the device
   * @param scope owns what the rule allocates
   * @param network the network
   * @param passes its blocks at this batch
   * @param error batch x outputs: gradient of the loss at the network's output; may be overwritten
   * @param control step, learning rate, projection number
   * @param seed of the run
   */
  record Context(
      Device device,
      Scope scope,
      Network network,
      List<BlockPass> passes,
      Tensor error,
      StepControl control,
      long seed) {}
}
