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
 * Tokens and their positions as rows of two tables: {@code y = wte[token] + wpe[position]}. Samples
 * are tokens, those of a sequence one after the other. Its parameters are {@code wte.weight},
 * vocabulary x width, and {@code wpe.weight}, context x width.
 */
public final class Embedding implements Block {
  private final Parameter tokens;
  private final Parameter positions;

  /**
   * Allocates both tables, with normal values of variance 1 (ours): what enters the residual stream
   * must not be small beside what the first blocks add to it, since under direct feedback they are
   * no more adapted to each other than they were made.
   *
   * @param initializer makes the parameters
   * @param vocabulary rows of the token table
   * @param context tokens of a sequence
   * @param width columns
   */
  public Embedding(Initializer initializer, long vocabulary, long context, long width) {
    this.tokens = initializer.embedding("wte.weight", vocabulary, width);
    this.positions = initializer.embedding("wpe.weight", context, width);
  }

  @Override
  public String name() {
    return "embedding";
  }

  /** One token number. */
  @Override
  public long inputs() {
    return 1;
  }

  @Override
  public DType inputType() {
    return DType.S32;
  }

  @Override
  public long outputs() {
    return tokens.shape().columns();
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(tokens, positions);
  }

  /** One token at one position: y, 1 x width, is the sum of two rows. */
  void embed(Ops ops, Tensor y, long token, long position) {
    ops.residualAdd(y, tokens.value().rowRange(token, 1), positions.value().rowRange(position, 1));
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeException if the tokens are no whole sequences
   */
  @Override
  public BlockPass bind(Scope scope, Tensor x) {
    long context = positions.shape().rows();
    if (x.rows() % context != 0) {
      throw new ShapeException(
          x.rows() + " tokens are no whole sequences of " + context + "; use a multiple of it");
    }
    return new Pass(scope, x);
  }

  private final class Pass implements BlockPass {
    private final Tensor x;
    private final Tensor y;
    private Tensor signal;

    Pass(Scope scope, Tensor x) {
      this.x = x;
      this.y = scope.allocate(name() + ".y", new Shape(x.rows(), outputs()), DType.F32);
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
      ops.embeddingForward(y, x, tokens, positions);
    }

    @Override
    public void backward(Ops ops, Tensor dy, Tensor dx) {
      if (dx != null) {
        throw new IllegalArgumentException("there is no gradient at token numbers");
      }
      signal = dy;
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
      ops.embeddingUpdate(tokens, positions, x, signal, target, control);
    }
  }
}
