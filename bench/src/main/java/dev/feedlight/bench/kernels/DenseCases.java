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
    String shape = shape(batch, width);
    List<KernelCase> cases = new ArrayList<>(products(batch, width));
    cases.addAll(updates(shape, batch, width));
    return cases;
  }

  private static String shape(long batch, long width) {
    return "batch " + batch + ", " + width + " x " + width;
  }

  /** Those that are kept as they come: forward, and backward to the input. */
  static List<KernelCase> products(long batch, long width) {
    String shape = shape(batch, width);
    return List.of(
        new KernelCase("linear_forward", shape, (o, ops) -> forward(o, ops, batch, width)),
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
        new KernelCase(
            "linear_backward_input + linear_update",
            shape,
            (o, ops) -> backAndUpdate(o, ops, batch, width)));
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

  private static void forward(Operands o, Ops ops, long batch, long width) {
    ops.linearForward(
        o.result(batch, width),
        null,
        o.floats(batch, width),
        o.weight(width, width),
        o.bias(width),
        Activation.TANH);
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

  /** As backpropagation issues them: the signal for the block before, then the update. */
  private static void backAndUpdate(Operands o, Ops ops, long batch, long width) {
    Parameter weight = o.weight(width, width);
    Tensor x = o.floats(batch, width);
    Tensor dz = o.floats(batch, width);
    ops.linearBackwardInput(o.result(batch, width), dz, weight, x, Activation.TANH);
    ops.linearUpdate(weight, o.bias(width), x, dz, null, Activation.IDENTITY, SGD, o.control());
  }
}
