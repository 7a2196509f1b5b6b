package dev.feedlight.nn;

import dev.feedlight.device.Activation;
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
 * The MLP sub-layer of a pre-norm Transformer: {@code y = x + c_proj(gelu(c_fc(ln_2(x))))}, or what
 * {@link Residual} makes of the sum, with the exact GELU (GPT-2 approximates it by tanh). Samples
 * are tokens. Its parameters have GPT-2's names, below a prefix such as {@code h.0}: {@code
 * ln_2.weight}, {@code ln_2.bias}, {@code mlp.c_fc.weight} (hidden x width), {@code mlp.c_fc.bias},
 * {@code mlp.c_proj.weight} (width x hidden), {@code mlp.c_proj.bias}; weights are outputs x
 * inputs.
 *
 * <p>A feedback signal enters at the output, which is that of c_proj but for the residual's
 * normalisation: it trains c_proj through that alone, and by backpropagation inside the block c_fc.
 */
public final class MlpBlock implements Block {
  private final String name;
  private final Normalization normalization;
  private final Projection input;
  private final Projection output;
  private final Residual residual;
  private final Workspace workspace;

  /**
   * Allocates and initialises the block: weights as the initializer has them, those of c_proj times
   * {@code outputFactor}; biases 0.
   *
   * @param initializer makes the parameters
   * @param workspace shared with other blocks of this kind
   * @param prefix of the parameters' names
   * @param width of the residual stream
   * @param hidden width between the two matrices
   * @param residual how the branch is added
   * @param outputFactor of c_proj's weights: GPT-2 takes 1 / sqrt(2 layers)
   */
  public MlpBlock(
      Initializer initializer,
      Workspace workspace,
      String prefix,
      long width,
      long hidden,
      Residual residual,
      double outputFactor) {
    this.name = prefix + ".mlp";
    this.residual = residual;
    this.workspace = workspace;
    this.normalization = new Normalization(initializer, prefix + ".ln_2", width);
    this.input = Projection.biased(initializer, name + ".c_fc", width, hidden, 1);
    this.output = Projection.biased(initializer, name + ".c_proj", hidden, width, outputFactor);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long inputs() {
    return output.outputs();
  }

  @Override
  public long outputs() {
    return output.outputs();
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.of(normalization.parameters(), input.parameters(), output.parameters())
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
    private final Tensor preActivation;
    private final Tensor hidden;
    private final ResidualSum sum;
    private Tensor signal;
    private Tensor hiddenSignal;
    private Tensor normalSignal;

    Pass(Scope scope, Tensor x) {
      this.scope = scope;
      this.x = x;
      this.normal = normalization.bind(scope, x);
      this.preActivation = allocate(".z", input.outputs());
      this.hidden = allocate(".hidden", input.outputs());
      this.sum = ResidualSum.bind(residual, scope, workspace, name, x);
    }

    private Tensor allocate(String suffix, long columns) {
      return scope.allocate(name + suffix, new Shape(x.rows(), columns), DType.F32);
    }

    private Tensor shared(String purpose, long columns) {
      return workspace.floats(scope, purpose, new Shape(x.rows(), columns));
    }

    @Override
    public Tensor output() {
      return sum.output();
    }

    @Override
    public void forward(Ops ops, StepControl control) {
      infer(ops);
    }

    @Override
    public void infer(Ops ops) {
      normal.forward(ops);
      ops.linearForward(
          hidden, preActivation, normal.output(), input.weight(), input.bias(), Activation.GELU);
      output.forward(ops, sum.branch(), hidden);
      sum.forward(ops);
    }

    @Override
    public void backward(Ops ops, Tensor dy, Tensor dx) {
      signal = sum.backward(ops, dy);
      hiddenSignal = shared("gradient at the hidden layer", input.outputs());
      ops.linearBackwardInput(
          hiddenSignal, signal, output.weight(), preActivation, Activation.GELU);
      normalSignal = null;
      if (dx != null) {
        normalSignal = shared("gradient at the normalised input", outputs());
        input.backward(ops, normalSignal, hiddenSignal);
        normal.backward(ops, dx, normalSignal, dy);
      }
    }

    @Override
    public boolean keepsSignal() {
      return true;
    }

    @Override
    public void update(Ops ops, UpdateTarget target, StepControl control) {
      if (signal == null) {
        throw new IllegalStateException(name + " was given no feedback signal");
      }
      output.update(ops, hidden, signal, target, control);
      input.update(ops, normal.output(), hiddenSignal, target, control);
      normal.update(ops, normalSignal, target, control);
    }
  }
}
