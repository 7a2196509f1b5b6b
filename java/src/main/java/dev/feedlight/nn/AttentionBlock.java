package dev.feedlight.nn;

import dev.feedlight.device.AttentionLayout;
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
 * The attention sub-layer of a pre-norm Transformer: {@code y = x + c_proj(attention(c_attn(ln_1(
 * x))))}. Samples are tokens. Its parameters have GPT-2's names, below a prefix such as {@code
 * h.0}: {@code ln_1.weight}, {@code ln_1.bias}, {@code attn.c_attn.weight} (3 width x width:
 * queries, keys, values), {@code attn.c_attn.bias}, {@code attn.c_proj.weight} (width x width),
 * {@code attn.c_proj.bias}. Weights are outputs x inputs, as in PyTorch's Linear; GPT-2's own files
 * have them transposed.
 *
 * <p>A feedback signal enters at the output, which is that of c_proj: it trains c_proj as it is,
 * and by backpropagation inside the block c_attn.
 */
public final class AttentionBlock implements Block {
  private final String name;
  private final AttentionLayout layout;
  private final Normalization normalization;
  private final Projection input;
  private final Projection output;
  private final Workspace workspace;

  /**
   * Allocates and initialises the block: weights normal with variance 1 / inputs, those of c_proj
   * times {@code outputFactor} squared; biases 0.
   *
   * @param initializer makes the parameters
   * @param workspace shared with other blocks of this kind
   * @param prefix of the parameters' names
   * @param width of the residual stream, a multiple of the heads
   * @param layout heads, context, mask
   * @param outputFactor of c_proj's weights: GPT-2 takes 1 / sqrt(2 layers)
   */
  public AttentionBlock(
      Initializer initializer,
      Workspace workspace,
      String prefix,
      long width,
      AttentionLayout layout,
      double outputFactor) {
    this.name = prefix + ".attn";
    this.layout = layout;
    this.workspace = workspace;
    this.normalization = new Normalization(initializer, prefix + ".ln_1", width);
    this.input = Projection.biased(initializer, name + ".c_attn", width, 3 * width, 1);
    this.output = Projection.biased(initializer, name + ".c_proj", width, width, outputFactor);
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
    private final Tensor qkv;
    private final Tensor heads;
    private final Tensor logSumExp;
    private final Tensor y;
    private Tensor signal;
    private Tensor qkvSignal;
    private Tensor normalSignal;

    Pass(Scope scope, Tensor x) {
      this.scope = scope;
      this.x = x;
      this.normal = normalization.bind(scope, x);
      this.qkv = allocate(".qkv", 3 * outputs());
      this.heads = allocate(".heads", outputs());
      this.logSumExp = allocate(".log-sum-exp", layout.heads());
      this.y = allocate(".y", outputs());
    }

    private Tensor allocate(String suffix, long columns) {
      return scope.allocate(name + suffix, new Shape(x.rows(), columns), DType.F32);
    }

    private Tensor shared(String purpose, long columns) {
      return workspace.floats(scope, purpose, new Shape(x.rows(), columns));
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
      input.forward(ops, qkv, normal.output());
      ops.attentionForward(heads, logSumExp, qkv, layout);
      output.forward(ops, y, heads);
      ops.residualAdd(y, y, x);
    }

    @Override
    public void backward(Ops ops, Tensor dy, Tensor dx) {
      signal = dy;
      Tensor headSignal = shared("gradient at the heads", outputs());
      qkvSignal = shared("gradient at queries, keys and values", 3 * outputs());
      output.backward(ops, headSignal, dy);
      ops.attentionBackward(qkvSignal, headSignal, heads, logSumExp, qkv, layout);
      normalSignal = null;
      if (dx != null) {
        // What reached the heads is not needed any more.
        normalSignal = headSignal;
        input.backward(ops, normalSignal, qkvSignal);
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
      output.update(ops, heads, signal, target, control);
      input.update(ops, normal.output(), qkvSignal, target, control);
      normal.update(ops, normalSignal, target, control);
    }
  }
}
