package dev.feedlight.nn;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;
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
 * x))))}, or what {@link Residual} makes of the sum. Samples are tokens. Its parameters have
 * GPT-2's names, below a prefix such as {@code h.0}: {@code ln_1.weight}, {@code ln_1.bias}, {@code
 * attn.c_attn.weight} (3 width x width: queries, keys, values), {@code attn.c_attn.bias}, {@code
 * attn.c_proj.weight} (width x width), {@code attn.c_proj.bias}. Weights are outputs x inputs, as
 * in PyTorch's Linear; GPT-2's own files have them transposed.
 *
 * <p>A feedback signal enters at the output, which is that of c_proj but for the residual's
 * normalisation: it trains c_proj through that alone, and by backpropagation inside the block
 * c_attn.
 */
public final class AttentionBlock implements Block {
  private final String name;
  private final AttentionLayout layout;
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
   * @param width of the residual stream, a multiple of the heads
   * @param layout heads, context, mask
   * @param residual how the branch is added
   * @param outputFactor of c_proj's weights: GPT-2 takes 1 / sqrt(2 layers)
   */
  public AttentionBlock(
      Initializer initializer,
      Workspace workspace,
      String prefix,
      long width,
      AttentionLayout layout,
      Residual residual,
      double outputFactor) {
    this.name = prefix + ".attn";
    this.layout = layout;
    this.residual = residual;
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
  public Pass bind(Scope scope, Tensor x) {
    return new Pass(scope, x);
  }

  /**
   * Binds the block to one token after another of a sequence whose earlier ones a pass has seen.
   *
   * @param scope owns the activations
   * @param x 1 x width
   * @param sequence bound to one sequence; its queries, keys and values are gone on with
   */
  Continuation continued(Scope scope, Tensor x, Pass sequence) {
    return new Continuation(scope, x, sequence.qkv);
  }

  /**
   * Probabilities of a pass over one sequence: how much each token takes from each.
   *
   * @param qkv what {@link Pass#qkv} has of its first tokens, row-major
   * @param tokens how many
   * @return tokens x tokens, means over the heads; 0 above the diagonal under a causal mask
   */
  double[][] probabilities(float[] qkv, int tokens) {
    int width = (int) outputs();
    int heads = (int) layout.heads();
    int headWidth = width / heads;
    double[][] mean = new double[tokens][tokens];
    for (int query = 0; query < tokens; query++) {
      int seen = layout.mask() == Mask.CAUSAL ? query + 1 : tokens;
      for (int head = 0; head < heads; head++) {
        double[] scores = new double[seen];
        double largest = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < seen; key++) {
          int q = query * 3 * width + head * headWidth;
          int k = key * 3 * width + width + head * headWidth;
          for (int c = 0; c < headWidth; c++) {
            scores[key] += (double) qkv[q + c] * qkv[k + c];
          }
          scores[key] /= Math.sqrt(headWidth);
          largest = Math.max(largest, scores[key]);
        }
        double sum = 0;
        for (int key = 0; key < seen; key++) {
          scores[key] = Math.exp(scores[key] - largest);
          sum += scores[key];
        }
        for (int key = 0; key < seen; key++) {
          mean[query][key] += scores[key] / sum / heads;
        }
      }
    }
    return mean;
  }

  /** One token at a time: its queries, keys and values join those of the tokens before it. */
  final class Continuation {
    private final Normalization.Pass normal;
    private final Tensor qkv;
    private final Tensor heads;
    private final ResidualSum sum;

    private Continuation(Scope scope, Tensor x, Tensor qkv) {
      this.normal = normalization.bind(scope, x);
      this.qkv = qkv;
      this.heads = scope.allocate(name + ".heads", x.shape(), DType.F32);
      this.sum = ResidualSum.bind(residual, scope, workspace, name, x);
    }

    Tensor output() {
      return sum.output();
    }

    /** Takes what x holds for the token at a position, which all before it have been at. */
    void infer(Ops ops, long position) {
      normal.forward(ops);
      input.forward(ops, qkv.rowRange(position, 1), normal.output());
      ops.attentionDecode(
          heads,
          qkv.rowRange(0, position + 1),
          new AttentionLayout(layout.heads(), position + 1, layout.mask()));
      output.forward(ops, sum.branch(), heads);
      sum.forward(ops);
    }
  }

  /** The block at a batch of whole sequences. */
  final class Pass implements BlockPass {
    private final Scope scope;
    private final Tensor x;
    private final Normalization.Pass normal;
    private final Tensor qkv;
    private final Tensor heads;
    private final Tensor logSumExp;
    private final ResidualSum sum;
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
      this.sum = ResidualSum.bind(residual, scope, workspace, name, x);
    }

    private Tensor allocate(String suffix, long columns) {
      return scope.allocate(name + suffix, new Shape(x.rows(), columns), DType.F32);
    }

    private Tensor shared(String purpose, long columns) {
      return workspace.floats(scope, purpose, new Shape(x.rows(), columns));
    }

    /** Queries, keys and values of the last forward pass, tokens x 3 width. */
    Tensor qkv() {
      return qkv;
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
      input.forward(ops, qkv, normal.output());
      ops.attentionForward(heads, logSumExp, qkv, layout);
      output.forward(ops, sum.branch(), heads);
      sum.forward(ops);
    }

    @Override
    public void backward(Ops ops, Tensor dy, Tensor dx) {
      signal = sum.backward(ops, dy);
      Tensor headSignal = shared("gradient at the heads", outputs());
      qkvSignal = shared("gradient at queries, keys and values", 3 * outputs());
      output.backward(ops, headSignal, signal);
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
