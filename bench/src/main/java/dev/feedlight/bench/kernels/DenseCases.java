package dev.feedlight.bench.kernels;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Products of dense layers, forward, backward and in updates. */
final class DenseCases {
  private static final UpdateTarget SGD = new UpdateTarget.Apply(Optimizer.sgd());

  private DenseCases() {}

  /**
   * Every product of a layer whose input and output have one width.
   *
   * @param batch samples
   * @param width of inputs and outputs
   */
  static List<KernelCase> square(long batch, long width) {
    String shape = shape(batch, width, width);
    List<KernelCase> cases = new ArrayList<>(products(shape, batch, width));
    cases.addAll(updates(shape, batch, width));
    return cases;
  }

  private static String shape(long batch, long inputs, long outputs) {
    return "batch " + batch + ", " + inputs + " x " + outputs;
  }

  /** Those that are kept as they come: forward, and backward to the input. */
  private static List<KernelCase> products(String shape, long batch, long width) {
    return List.of(
        new KernelCase("linear_forward", shape, (o, ops) -> forward(o, ops, batch, width, width)),
        new KernelCase("linear_backward_input", shape, (o, ops) -> back(o, ops, batch, width)));
  }

  private static List<KernelCase> updates(String shape, long batch, long width) {
    return List.of(
        new KernelCase(
            "linear_update",
            shape,
            (o, ops) -> update(o, ops, o.weight(width, width), o.sharedBias(width), batch)),
        new KernelCase(
            "linear_updates",
            shape + ", grouped",
            (o, ops) -> update(o, ops, o.weight(width, width), o.bias(width), batch)),
        backAndUpdate(batch, width, width));
  }

  /**
   * As backpropagation issues them: the signal for the layer before, then the update.
   *
   * @param batch samples
   * @param inputs of the layer
   * @param outputs of the layer
   */
  static KernelCase backAndUpdate(long batch, long inputs, long outputs) {
    return new KernelCase(
        "linear_backward_input + linear_update",
        shape(batch, inputs, outputs),
        (o, ops) -> backAndUpdate(o, ops, batch, inputs, outputs));
  }

  /**
   * A forward product and the check of its result.
   *
   * @param batch samples
   * @param inputs of the layer
   * @param outputs of the layer
   */
  static KernelCase layer(long batch, long inputs, long outputs) {
    return new KernelCase(
        "linear_forward + finite_check",
        shape(batch, inputs, outputs),
        (o, ops) -> ops.finiteCheck(forward(o, ops, batch, inputs, outputs), 0, o.control()));
  }

  /**
   * The forward pass of a net whose layers have one width, checked layer by layer.
   *
   * @param layers products
   * @param batch samples
   * @param width of every layer
   */
  static KernelCase net(int layers, long batch, long width) {
    return new KernelCase(
        "linear_forward, whole net",
        "batch " + batch + ", " + layers + " layers of " + width,
        (o, ops) -> {
          Tensor x = o.floats(batch, width);
          for (int i = 0; i < layers; i++) {
            Tensor y = o.result(batch, width);
            ops.linearForward(y, null, x, o.weight(width, width), o.bias(width), Activation.TANH);
            ops.finiteCheck(y, i, o.control());
            x = y;
          }
        });
  }

  private static Tensor forward(Operands o, Ops ops, long batch, long inputs, long outputs) {
    Tensor y = o.result(batch, outputs);
    ops.linearForward(
        y,
        null,
        o.floats(batch, inputs),
        o.weight(outputs, inputs),
        o.bias(outputs),
        Activation.TANH);
    return y;
  }

  private static void back(Operands o, Ops ops, long batch, long width) {
    ops.linearBackwardInput(
        o.result(batch, width),
        o.floats(batch, width),
        o.weight(width, width),
        o.floats(batch, width),
        Activation.TANH);
  }

  private static void update(Operands o, Ops ops, Parameter weight, Parameter bias, long batch) {
    long width = weight.shape().columns();
    ops.linearUpdate(
        weight,
        bias,
        o.floats(batch, width),
        o.floats(batch, width),
        o.floats(batch, width),
        Activation.TANH,
        SGD,
        o.control());
  }

  private static void backAndUpdate(Operands o, Ops ops, long batch, long inputs, long outputs) {
    Parameter weight = o.weight(outputs, inputs);
    Tensor x = o.floats(batch, inputs);
    Tensor dz = o.floats(batch, outputs);
    ops.linearBackwardInput(o.result(batch, inputs), dz, weight, x, Activation.TANH);
    ops.linearUpdate(weight, o.bias(outputs), x, dz, null, Activation.IDENTITY, SGD, o.control());
  }
}
