package dev.feedlight.nn;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * A weight and its bias inside a block.
 *
 * @param weight outputs x inputs
 * @param bias 1 x outputs, or null
 */
record Projection(Parameter weight, Parameter bias) {
  /** Weights as the initializer has them, times a factor; biases 0. */
  static Projection biased(
      Initializer initializer, String name, long inputs, long outputs, double factor) {
    return new Projection(
        weight(initializer, name, inputs, outputs, factor),
        initializer.row(name + ".bias", outputs, 0));
  }

  static Projection unbiased(Initializer initializer, String name, long inputs, long outputs) {
    return new Projection(weight(initializer, name, inputs, outputs, 1), null);
  }

  private static Parameter weight(
      Initializer initializer, String name, long inputs, long outputs, double factor) {
    return initializer.matrix(name + ".weight", outputs, inputs, factor);
  }

  List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  long outputs() {
    return weight.shape().rows();
  }

  void forward(Ops ops, Tensor y, Tensor x) {
    ops.linearForward(y, null, x, weight, bias, Activation.IDENTITY);
  }

  void backward(Ops ops, Tensor dx, Tensor dy) {
    ops.linearBackwardInput(dx, dy, weight, null, Activation.IDENTITY);
  }

  void update(Ops ops, Tensor x, Tensor dy, UpdateTarget target, StepControl control) {
    ops.linearUpdate(weight, bias, x, dy, null, Activation.IDENTITY, target, control);
  }
}
