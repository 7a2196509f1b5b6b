package dev.feedlight.nn;

import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Patches and their positions in the residual stream: {@code y = x W^T + b + wpe[position]}, with a
 * learned table of positions. Samples are patches, those of an example one after the other. Its
 * parameters are {@code patch.weight}, width x values of a patch, {@code patch.bias}, 1 x width,
 * and {@code wpe.weight}, patches x width.
 *
 * <p>Bias and positions are added as the embedding of a vocabulary of one token would be, by the
 * same operations: the bias is that token's row.
 */
public final class PatchEmbedding implements Block {
  private final Initializer initializer;
  private final Projection patches;
  private final Parameter bias;
  private final Parameter positions;

  /**
   * Allocates and initialises the block: weights normal with variance 1 / inputs, bias 0, positions
   * normal with variance 1, as large as what standardised patches give, for the reason that {@link
   * Embedding} has.
   *
   * @param initializer makes the parameters
   * @param count patches of an example
   * @param values numbers of a patch
   * @param width of the residual stream
   */
  public PatchEmbedding(Initializer initializer, long count, long values, long width) {
    this.initializer = initializer;
    this.patches = Projection.unbiased(initializer, "patch", values, width);
    this.bias = initializer.row("patch.bias", width, 0);
    this.positions = initializer.embedding("wpe.weight", count, width);
  }

  @Override
  public String name() {
    return "embedding";
  }

  @Override
  public long inputs() {
    return patches.weight().shape().columns();
  }

  @Override
  public long outputs() {
    return patches.outputs();
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(patches.weight(), bias, positions);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeException if the patches are no whole examples
   */
  @Override
  public BlockPass bind(Scope scope, Tensor x) {
    long count = positions.shape().rows();
    if (x.rows() % count != 0) {
      throw new ShapeException(
          x.rows() + " patches are no whole examples of " + count + "; use a multiple of it");
    }
    return new Pass(scope, x);
  }

  private final class Pass implements BlockPass {
    private final Tensor x;
    private final Tensor zeros;
    private final Tensor constant;
    private final Tensor y;
    private Tensor signal;

    Pass(Scope scope, Tensor x) {
      Shape shape = new Shape(x.rows(), outputs());
      this.x = x;
      this.zeros = scope.allocate(name() + ".token", new Shape(x.rows(), 1), DType.S32);
      this.constant = scope.allocate(name() + ".bias and positions", shape, DType.F32);
      this.y = scope.allocate(name() + ".y", shape, DType.F32);
      initializer.device().write(zeros, new int[zeros.shape().arrayLength()]);
    }

    @Override
    public Tensor output() {
      return y;
    }

    @Override
    public void forward(Ops ops, StepControl control) {
      infer(ops);
    }

    @Override
    public void infer(Ops ops) {
      ops.embeddingForward(constant, zeros, bias, positions);
      patches.forward(ops, y, x);
      ops.residualAdd(y, y, constant);
    }

    @Override
    public void backward(Ops ops, Tensor dy, Tensor dx) {
      signal = dy;
      if (dx != null) {
        patches.backward(ops, dx, dy);
      }
    }

    @Override
    public boolean keepsSignal() {
      return true;
    }

    @Override
    public void update(Ops ops, UpdateTarget target, StepControl control) {
      if (signal == null) {
        throw new IllegalStateException(name() + " was given no feedback signal");
      }
      patches.update(ops, x, signal, target, control);
      ops.embeddingUpdate(bias, positions, zeros, signal, target, control);
    }
  }
}
