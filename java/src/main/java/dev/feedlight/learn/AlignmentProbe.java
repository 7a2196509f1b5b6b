package dev.feedlight.learn;

import dev.feedlight.device.Device;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Scope;
import dev.feedlight.nn.Block;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures alignment on a {@link TrainingStep} before it runs: forward pass, loss, backpropagation
 * without updates, and the signals of the step's rule with the noise that the step itself will see.
 * The step is not changed by it: weights, noise and the log of frames are the same with and without
 * probing, so frames shown to a probe are not counted. It costs about one forward pass, one
 * backward pass and one projection, and is no part of the step's plan. Of a batch that is split,
 * the first micro-batch is measured.
 *
 * <p>What is measured is said at {@link BlockAlignment}. Under backpropagation every gradient
 * alignment is 1 and no weight alignment is defined.
 */
public final class AlignmentProbe implements AutoCloseable {
  private final TrainingStep step;
  private final Device device;
  private final List<Block> blocks;
  private final int batch;
  private final Scope scope;
  private final LearningRule.Feedback backpropagation;
  private final WeightAlignment weights;

  /**
   * Allocates what backpropagation needs beside the step.
   *
   * @param step the step; stays the caller's, must be open as long as the probe is used
   * @throws IllegalArgumentException if the rule gives no hidden block a signal, or there is none
   * @throws dev.feedlight.tensor.ShapeException if the signal of a batch, the feedback matrix or
   *     its square does not fit a Java array
   */
  public AlignmentProbe(TrainingStep step) {
    LearningRule.Context context = step.context();
    this.step = step;
    this.device = context.device();
    this.blocks = context.network().blocks();
    int hidden = blocks.size() - 1;
    if (hidden == 0) {
      throw new IllegalArgumentException(
          "a network of one block has no alignment: the block is trained by its exact gradient");
    }
    boolean fed = false;
    for (int i = 0; i < hidden; i++) {
      fed |= step.rule().trains(context.network(), i);
      new Shape(step.microBatch(), blocks.get(i).outputs()).arrayLength();
    }
    if (!fed) {
      throw new IllegalArgumentException(
          "rule "
              + step.rule().name()
              + " feeds none of the "
              + hidden
              + " hidden blocks: there is no alignment to measure");
    }
    this.batch = Math.toIntExact(step.microBatch());
    this.scope = device.openScope("alignment probe");
    try {
      this.backpropagation =
          new Backpropagation()
              .bind(
                  new LearningRule.Context(
                      device,
                      scope,
                      context.network(),
                      context.passes(),
                      context.error(),
                      context.control(),
                      context.seed()));
      this.weights = new WeightAlignment(device, context.network(), step.bound().feedbackMatrix());
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  /**
   * Measures on what stands in the step's {@link TrainingStep#input()} and {@link
   * TrainingStep#target()}.
   *
   * @param number of the step that will run on it, from 0; decides noise
   * @return one entry per block that gets a signal, first to last
   * @throws NotFiniteException if values of the forward pass are not finite, as the step would
   */
  public List<BlockAlignment> measure(long number) {
    Ops ops = device.eager();
    step.runForward(number);
    step.requireFinite();
    float[][] gradients = new float[blocks.size()][];
    backpropagation.issueSignals(ops, (block, dy) -> gradients[block] = read(dy));
    // Passing the gradient on may have overwritten the error.
    step.issueLoss(ops);
    Cosines[] compared = new Cosines[blocks.size()];
    step.bound()
        .issueSignals(
            ops,
            (block, dy) -> compared[block] = Cosines.ofRows(read(dy), gradients[block], batch));
    compared[blocks.size() - 1] = new Cosines(1, 0, 1);
    List<BlockAlignment> result = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      Cosines cosines = compared[i];
      if (cosines != null) {
        String name = blocks.get(i).name();
        result.add(
            new BlockAlignment(
                i, name, cosines.mean(), cosines.std(), cosines.normRatio(), weights.of(i)));
      }
    }
    return List.copyOf(result);
  }

  private float[] read(Tensor signal) {
    float[] values = new float[signal.shape().arrayLength()];
    device.read(signal, values);
    return values;
  }

  /** Frees what the probe allocated; the step stays. Idempotent. */
  @Override
  public void close() {
    scope.close();
  }
}
