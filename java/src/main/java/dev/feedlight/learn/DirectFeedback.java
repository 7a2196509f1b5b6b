package dev.feedlight.learn;

import dev.feedlight.device.MemoryNeed;
import dev.feedlight.device.Ops;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.BlockPass;
import dev.feedlight.nn.Network;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.opu.MatrixOrigin;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Direct feedback alignment (Nøkland 2016): the last block is trained by its exact gradient; every
 * other block gets a slice of ONE fixed random projection of the error. With a digital {@link
 * RandomMatrix} this is DFA, with an {@link OpticalProjector} the paper's ODFA; the rule is the
 * same.
 *
 * @param projector makes the signal
 * @param projected which gradient is projected
 * @param subtractBatchMean whether the mean of the signal over the batch is taken out (ours; needs
 *     a batch of at least 2)
 */
public record DirectFeedback(
    Projector projector, ProjectedError projected, boolean subtractBatchMean)
    implements LearningRule {
  /**
   * Projects the gradient at the output and leaves the signal as it is.
   *
   * @param projector makes the signal
   */
  public DirectFeedback(Projector projector) {
    this(projector, ProjectedError.OUTPUT, false);
  }

  @Override
  public String name() {
    return projector.ruleName();
  }

  @Override
  public boolean trains(Network network, int block) {
    return true;
  }

  @Override
  public boolean needsWholeBatch() {
    return subtractBatchMean;
  }

  @Override
  public boolean passesOn(Network network, int block) {
    return projected == ProjectedError.LAST_BLOCK_INPUT && block == network.blocks().size() - 1;
  }

  /** The projection, and the gradient at the last block's input where that is projected. */
  @Override
  public MemoryNeed memory(Network network, long rows) {
    List<Block> blocks = network.blocks();
    if (blocks.size() == 1) {
      return MemoryNeed.NONE;
    }
    boolean output = projected == ProjectedError.OUTPUT;
    long inputs = output ? blocks.getLast().outputs() : blocks.getLast().inputs();
    long gradient = output ? 0 : Math.multiplyExact(4, Math.multiplyExact(rows, inputs));
    MemoryNeed projection = projector.memory(rows, inputs, widest(blocks));
    return new MemoryNeed(
        Math.addExact(gradient, projection.keptBytes()),
        Math.addExact(gradient, projection.peakBytes()),
        projection.fields(),
        projection.operands());
  }

  private static long widest(List<Block> blocks) {
    return blocks.stream().limit(blocks.size() - 1L).mapToLong(Block::outputs).max().orElseThrow();
  }

  @Override
  public Feedback bind(Context context) {
    List<Block> blocks = context.network().blocks();
    if (blocks.size() == 1) {
      return new LastBlockOnly().bind(context);
    }
    long batch = context.error().rows();
    if (subtractBatchMean && batch < 2) {
      throw new ShapeException(
          "subtracting the batch mean needs at least 2 samples per batch, not " + batch);
    }
    Tensor lastInputGradient =
        projected == ProjectedError.OUTPUT
            ? null
            : context
                .scope()
                .allocate(
                    "gradient at the last block's input",
                    new Shape(batch, blocks.getLast().inputs()),
                    DType.F32);
    Projector.Projection projection =
        projector.bind(
            context.device(),
            context.scope(),
            lastInputGradient == null ? context.error() : lastInputGradient,
            widest(blocks),
            context.control(),
            context.seed());
    return new Bound(context, lastInputGradient, projection, subtractBatchMean);
  }

  private record Bound(
      Context context,
      Tensor lastInputGradient,
      Projector.Projection projection,
      boolean subtractBatchMean)
      implements Feedback {
    @Override
    public void issue(Ops ops, UpdateTarget target) {
      List<BlockPass> passes = context.passes();
      project(ops);
      passes.getLast().update(ops, target, context.control());
      for (int i = passes.size() - 2; i >= 0; i--) {
        BlockPass pass = passes.get(i);
        pass.backward(ops, signal(i), null);
        pass.update(ops, target, context.control());
      }
    }

    @Override
    public void issueSignals(Ops ops, SignalReceiver receiver) {
      project(ops);
      for (int i = context.passes().size() - 2; i >= 0; i--) {
        receiver.receive(i, signal(i));
      }
    }

    @Override
    public FeedbackMatrix feedbackMatrix() {
      float[] matrix = projection.matrix();
      if (matrix == null) {
        return null;
      }
      Tensor error = lastInputGradient == null ? context.error() : lastInputGradient;
      ProjectedError projected =
          lastInputGradient == null ? ProjectedError.OUTPUT : ProjectedError.LAST_BLOCK_INPUT;
      Shape shape = new Shape(projection.signal().columns(), error.columns());
      return new FeedbackMatrix(shape, matrix, projected);
    }

    private void project(Ops ops) {
      context.passes().getLast().backward(ops, context.error(), lastInputGradient);
      projection.issue(ops);
      if (subtractBatchMean) {
        ops.subtractBatchMean(projection.signal());
      }
    }

    private Tensor signal(int block) {
      return projection.signal().firstColumns(context.network().blocks().get(block).outputs());
    }

    @Override
    public void begin(long first) {
      projection.begin(first);
    }

    @Override
    public void observe() {
      projection.observe();
    }

    @Override
    public FrameLog frameLog() {
      return projection.frameLog();
    }

    @Override
    public int[] selectedPixels() {
      return projection.selectedPixels();
    }

    @Override
    public MatrixOrigin matrixOrigin() {
      return projection.matrixOrigin();
    }
  }
}
