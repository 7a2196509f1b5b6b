package dev.feedlight.gradient;

import dev.feedlight.device.Activation;
import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.Residual;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The loss of a GPT or a ViT in double precision, by the formulas of the blocks' documentation and
 * none of their code: what central differences are taken of. Gradients are those of everything, or
 * of one block behind which the loss is a given linear function.
 */
final class ExactGpt {
  private static final double STEP = 0x1p-12;

  private final Map<String, double[]> parameters = new LinkedHashMap<>();
  private final AttentionLayout layout;
  private final Residual residual;
  private final int width;

  /** Copies the parameters of a network. */
  ExactGpt(Network network, AttentionLayout layout, Residual residual, int width) {
    this.residual = residual;
    this.layout = layout;
    this.width = width;
    for (Parameter parameter : network.parameters()) {
      parameters.put(parameter.name(), doubles(parameter.read()));
    }
  }

  static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private double[] parameter(String name) {
    double[] values = parameters.get(name);
    if (values == null) {
      throw new IllegalArgumentException(
          "there is no parameter " + name + " in " + parameters.keySet());
    }
    return values;
  }

  /** Five-point central differences with respect to a parameter. */
  double[] gradient(String name, ToDoubleFunction<ExactGpt> loss) {
    return gradient(parameter(name), loss);
  }

  /** The same with respect to any array that the loss reads. */
  double[] gradient(double[] variables, ToDoubleFunction<ExactGpt> loss) {
    double[] gradient = new double[variables.length];
    for (int i = 0; i < variables.length; i++) {
      double value = variables[i];
      double sum = 0;
      double[] weights = {8, -8, -1, 1};
      double[] steps = {STEP, -STEP, 2 * STEP, -2 * STEP};
      for (int s = 0; s < steps.length; s++) {
        variables[i] = value + steps[s];
        sum += weights[s] * loss.applyAsDouble(this);
      }
      variables[i] = value;
      gradient[i] = sum / (12 * STEP);
    }
    return gradient;
  }

  /** Mean cross-entropy of a whole GPT. */
  double loss(int[] tokens, int[] labels, int layers) {
    double[] x = embedding(tokens);
    for (int i = 0; i < layers; i++) {
      x = mlp("h." + i, attention("h." + i, x));
    }
    double[] logits = head(x);
    int classes = logits.length / labels.length;
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      double partition = 0;
      for (int c = 0; c < classes; c++) {
        partition += Math.exp(logits[row * classes + c]);
      }
      sum += Math.log(partition) - logits[row * classes + labels[row]];
    }
    return sum / labels.length;
  }

  /** Weighted mean of squared differences of a whole ViT. */
  double squaredError(double[] patches, float[] targets, float[] weights, int layers) {
    double[] x = patchEmbedding(patches);
    for (int i = 0; i < layers; i++) {
      x = mlp("h." + i, attention("h." + i, x));
    }
    double[] y = linear("head", normalized("ln_f", x), width);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += weights[i % weights.length] * (y[i] - targets[i]) * (y[i] - targets[i]);
    }
    return sum / y.length;
  }

  private double[] patchEmbedding(double[] patches) {
    double[] y = linear("patch", patches, parameter("patch.weight").length / width);
    double[] positions = parameter("wpe.weight");
    for (int i = 0; i < y.length; i++) {
      y[i] += positions[i % positions.length];
    }
    return y;
  }

  double[] embedding(int[] tokens) {
    double[] y = new double[tokens.length * width];
    for (int i = 0; i < y.length; i++) {
      int row = i / width;
      int position = (int) (row % layout.context());
      y[i] =
          parameter("wte.weight")[tokens[row] * width + i % width]
              + parameter("wpe.weight")[position * width + i % width];
    }
    return y;
  }

  double[] attention(String prefix, double[] x) {
    double[] normal = normalized(prefix + ".ln_1", x);
    double[] qkv = linear(prefix + ".attn.c_attn", normal, width);
    int headWidth = (int) (width / layout.heads());
    int context = (int) layout.context();
    double[] heads = new double[x.length];
    for (int query = 0; query < x.length / width; query++) {
      int first = query / context * context;
      int end = layout.mask() == Mask.CAUSAL ? query + 1 : first + context;
      for (int head = 0; head < layout.heads(); head++) {
        double[] p = new double[end - first];
        double sum = 0;
        for (int key = first; key < end; key++) {
          double score = 0;
          for (int c = head * headWidth; c < (head + 1) * headWidth; c++) {
            score += qkv[query * 3 * width + c] * qkv[key * 3 * width + width + c];
          }
          p[key - first] = Math.exp(score / Math.sqrt(headWidth));
          sum += p[key - first];
        }
        for (int c = head * headWidth; c < (head + 1) * headWidth; c++) {
          for (int key = first; key < end; key++) {
            heads[query * width + c] += p[key - first] / sum * qkv[key * 3 * width + 2 * width + c];
          }
        }
      }
    }
    return sum(x, linear(prefix + ".attn.c_proj", heads, width));
  }

  double[] mlp(String prefix, double[] x) {
    double[] hidden = linear(prefix + ".mlp.c_fc", normalized(prefix + ".ln_2", x), width);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = ExactFunctions.value(Activation.GELU, hidden[i]);
    }
    int hiddenWidth = parameter(prefix + ".mlp.c_fc.bias").length;
    return sum(x, linear(prefix + ".mlp.c_proj", hidden, hiddenWidth));
  }

  double[] head(double[] x) {
    return linear("lm_head", normalized("ln_f", x), width);
  }

  private double[] sum(double[] x, double[] branch) {
    double[] y =
        switch (residual) {
          case PLAIN -> branch;
          case STANDARDIZED -> standardized(branch);
        };
    double[] sum = x.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += y[i];
    }
    return sum;
  }

  private double[] normalized(String name, double[] x) {
    double[] y = standardized(x);
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] * parameter(name + ".weight")[i % width] + parameter(name + ".bias")[i % width];
    }
    return y;
  }

  private double[] standardized(double[] x) {
    double[] y = new double[x.length];
    for (int row = 0; row < x.length / width; row++) {
      double mean = 0;
      double squares = 0;
      for (int c = 0; c < width; c++) {
        mean += x[row * width + c] / width;
        squares += x[row * width + c] * x[row * width + c] / width;
      }
      double rstd = 1 / Math.sqrt(squares - mean * mean + TransformerOperation.EPSILON);
      for (int c = 0; c < width; c++) {
        y[row * width + c] = (x[row * width + c] - mean) * rstd;
      }
    }
    return y;
  }

  /** {@code x W^T + b}; without a bias of that name, none. */
  private double[] linear(String name, double[] x, int inputs) {
    double[] weight = parameter(name + ".weight");
    double[] bias = parameters.get(name + ".bias");
    int outputs = weight.length / inputs;
    double[] y = new double[x.length / inputs * outputs];
    for (int i = 0; i < y.length; i++) {
      int row = i / outputs;
      int output = i % outputs;
      double sum = bias == null ? 0 : bias[output];
      for (int c = 0; c < inputs; c++) {
        sum += x[row * inputs + c] * weight[output * inputs + c];
      }
      y[i] = sum;
    }
    return y;
  }
}
