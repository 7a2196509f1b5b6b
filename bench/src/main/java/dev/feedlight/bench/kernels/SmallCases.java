package dev.feedlight.bench.kernels;

import dev.feedlight.device.Activation;
import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** What passes over memory once, and the parts of Transformers. */
final class SmallCases {
  private static final UpdateTarget SGD = new UpdateTarget.Apply(Optimizer.sgd());

  private SmallCases() {}

  /** Elementwise operations, losses and checks of rows x columns. */
  static List<KernelCase> elementwise(long rows, long columns) {
    String shape = rows + " x " + columns;
    return List.of(
        new KernelCase("fill", shape, (o, ops) -> ops.fill(o.result(rows, columns), 1)),
        new KernelCase(
            "activation_gradient",
            shape,
            (o, ops) ->
                ops.activationGradient(
                    o.result(rows, columns),
                    o.floats(rows, columns),
                    o.floats(rows, columns),
                    Activation.TANH)),
        new KernelCase(
            "finite_check",
            shape,
            (o, ops) -> ops.finiteCheck(o.floats(rows, columns), 0, o.control())),
        new KernelCase(
            "dropout",
            shape,
            (o, ops) ->
                ops.dropout(
                    o.result(rows, columns), o.floats(rows, columns), 0.1f, 1, o.control())),
        new KernelCase(
            "softmax_cross_entropy",
            shape,
            (o, ops) ->
                ops.softmaxCrossEntropy(
                    o.result(1, 1),
                    o.result(rows, columns),
                    o.floats(rows, columns),
                    o.integers(1, rows, Math.toIntExact(columns)))),
        new KernelCase(
            "mean_squared_error",
            shape,
            (o, ops) ->
                ops.meanSquaredError(
                    o.result(1, 1),
                    o.result(rows, columns),
                    o.floats(rows, columns),
                    o.floats(rows, columns),
                    null)),
        new KernelCase(
            "gradient_norm",
            shape,
            (o, ops) ->
                ops.gradientNorm(
                    o.result(1, 1),
                    o.result(1, 1),
                    List.of(new TrainingOperation.GradientNorm.Part(o.floats(rows, columns), 0)),
                    1,
                    1,
                    o.control())),
        new KernelCase(
            "apply_gradient",
            shape,
            (o, ops) ->
                ops.applyGradient(
                    o.weight(rows, columns),
                    o.floats(rows, columns),
                    o.ones(1, 1),
                    Optimizer.sgd(),
                    o.control())));
  }

  /**
   * Parts of a Transformer.
   *
   * @param sequences of a batch
   * @param context tokens of a sequence
   * @param heads of attention
   * @param width of a token, a multiple of heads
   * @param vocabulary entries of the table
   */
  static List<KernelCase> transformer(
      long sequences, long context, long heads, long width, int vocabulary) {
    long rows = sequences * context;
    String shape = rows + " x " + width;
    String attended = shape + ", " + heads + " heads, context " + context + ", causal";
    AttentionLayout layout = new AttentionLayout(heads, context, AttentionLayout.Mask.CAUSAL);
    return List.of(
        new KernelCase(
            "layer_norm_forward",
            shape,
            (o, ops) ->
                ops.layerNormForward(
                    o.result(rows, width),
                    o.result(1, rows),
                    o.result(1, rows),
                    o.floats(rows, width),
                    null,
                    o.bias(width),
                    o.bias(width))),
        new KernelCase(
            "layer_norm_backward",
            shape,
            (o, ops) ->
                ops.layerNormBackward(
                    o.result(rows, width),
                    o.floats(rows, width),
                    o.floats(rows, width),
                    o.floats(rows, width),
                    o.floats(1, rows),
                    o.ones(1, rows),
                    o.bias(width))),
        new KernelCase(
            "layer_norm_update",
            shape,
            (o, ops) ->
                ops.layerNormUpdate(
                    o.bias(width),
                    o.bias(width),
                    o.floats(rows, width),
                    o.floats(1, rows),
                    o.ones(1, rows),
                    o.floats(rows, width),
                    SGD,
                    o.control())),
        new KernelCase(
            "residual_add",
            shape,
            (o, ops) ->
                ops.residualAdd(
                    o.result(rows, width), o.floats(rows, width), o.floats(rows, width))),
        new KernelCase(
            "attention_forward",
            attended,
            (o, ops) ->
                ops.attentionForward(
                    o.result(rows, width),
                    o.result(rows, heads),
                    o.floats(rows, 3 * width),
                    layout)),
        new KernelCase(
            "attention_backward",
            attended,
            (o, ops) -> {
              // The probabilities that its backward pass makes again need the forward pass's sums.
              Tensor qkv = o.floats(rows, 3 * width);
              Tensor y = o.floats(rows, width);
              ops.attentionBackward(
                  o.result(rows, 3 * width),
                  o.floats(rows, width),
                  y,
                  o.ones(rows, heads),
                  qkv,
                  layout);
            }),
        new KernelCase(
            "attention_decode",
            attended,
            (o, ops) ->
                ops.attentionDecode(o.result(sequences, width), o.floats(rows, 3 * width), layout)),
        new KernelCase(
            "embedding_forward",
            shape + ", vocabulary " + vocabulary,
            (o, ops) ->
                ops.embeddingForward(
                    o.result(rows, width),
                    o.integers(rows, 1, vocabulary),
                    o.weight(vocabulary, width),
                    o.weight(context, width))),
        new KernelCase(
            "embedding_update",
            shape + ", vocabulary " + vocabulary,
            (o, ops) -> {
              Parameter table = o.weight(vocabulary, width);
              Tensor tokens = o.integers(rows, 1, vocabulary);
              ops.embeddingUpdate(
                  table, o.weight(context, width), tokens, o.floats(rows, width), SGD, o.control());
            }));
  }
}
