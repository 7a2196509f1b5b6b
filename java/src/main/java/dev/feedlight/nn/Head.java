package dev.feedlight.nn;

import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * What turns the residual stream into logits or values: {@code y = head(ln_f(x))}. Its parameters
 * are {@code ln_f.weight}, {@code ln_f.bias} and the matrix (outputs x width), {@code
 * lm_head.weight} in a GPT, where it is not tied to the embedding's. The bias of ln_f stands for
 * one behind the matrix.
 */
public final class Head implements Block {
  private final String name;
  private final Normalization normalization;
  private final Projection output;
  private final Workspace workspace;

  /**
   * Allocates and initialises the block: weights normal with variance 1 / inputs.
   *
   * @param initializer makes the parameters
   * @param name of the block and its matrix
   * @param workspace shared with other blocks of this kind
   * @param width of the residual stream
   * @param outputs values per sample
   */
  public Head(Initializer initializer, String name, Workspace workspace, long width, long outputs) {
    this.name = name;
    this.workspace = workspace;
    this.normalization = new Normalization(initializer, "ln_f", width);
    this.output = Projection.unbiased(initializer, name, width, outputs);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long inputs() {
    return output.weight().shape().columns();
  }

  @Override
  public long outputs() {
    return output.outputs();
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.of(normalization.parameters(), output.parameters())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public BlockPass bind(Scope scope, Tensor x) {
    return new Pass(scope, x);
  }

  private final class Pass implements BlockPass {
    private final Scope scope;
    private final Tensor x;
    private final Normalization.Pass normal;
    private final Tensor y;
    private Tensor signal;
    private Tensor normalSignal;

    Pass(Scope scope, Tensor x) {
      this.scope = scope;
      this.x = x;
      this.normal = normalization.bind(scope, x);
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
      normal.forward(ops);
      output.forward(ops, y, normal.output());
    }

    @Override
    public void backward(Ops ops, Tensor dy, Tensor dx) {
      signal = dy;
      normalSignal = null;
      if (dx != null) {
        normalSignal = workspace.floats(scope, "gradient at the normalised input", x.shape());
        output.backward(ops, normalSignal, dy);
        normal.backward(ops, dx, normalSignal, null);
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
      output.update(ops, normal.output(), signal, target, control);
      normal.update(ops, normalSignal, target, control);
    }
  }
}
