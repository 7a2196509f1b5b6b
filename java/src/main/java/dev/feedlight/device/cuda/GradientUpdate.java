package dev.feedlight.device.cuda;

import dev.feedlight.device.Gradients;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;
import java.nio.ByteBuffer;

/**
 * The update of one parameter: the arguments of a kernel, or the FlUpdate of
 * kernels/include/update.cuh in a table.
 *
 * @param operation whose signal makes the gradient
 * @param parameter its weight or its bias
 * @param x what the signal is multiplied with; null for a bias
 */
record GradientUpdate(Operation.LinearUpdate operation, Parameter parameter, Tensor x) {
  /** Bytes of an FlUpdate. */
  static final int BYTES = 136;

  /** State that an optimizer keeps at most. */
  private static final int STATES = 2;

  static GradientUpdate ofWeight(Operation.LinearUpdate operation) {
    return new GradientUpdate(operation, operation.weight(), operation.x());
  }

  /** The operation must have a bias. */
  static GradientUpdate ofBias(Operation.LinearUpdate operation) {
    return new GradientUpdate(operation, operation.bias(), null);
  }

  /** Rows of the parameter; elements of a bias. */
  long outputs() {
    return operation.dy().columns();
  }

  /** Columns of the parameter; 1 for a bias. */
  long inputs() {
    return x == null ? 1 : x.columns();
  }

  /** The parameter, or the gradient that is kept. */
  private Tensor target() {
    return switch (operation.target()) {
      case UpdateTarget.Apply _ -> parameter.value();
      case UpdateTarget.Accumulate(Gradients gradients, float _) -> gradients.of(parameter);
    };
  }

  /** The values of a parameter, then two pointers to its state, null where the rule keeps none. */
  static Arguments parameter(Arguments arguments, Parameter parameter) {
    return arguments
        .tensor(parameter.value())
        .tensor(state(parameter, 0))
        .tensor(state(parameter, 1));
  }

  /** What an optimizer keeps of a parameter; null where it keeps less. */
  static Tensor state(Parameter parameter, int slot) {
    return slot < parameter.state().size() ? parameter.state().get(slot) : null;
  }

  private Tensor state(int slot) {
    return operation.target() instanceof UpdateTarget.Apply ? state(parameter, slot) : null;
  }

  private GradientRule rule() {
    return switch (operation.target()) {
      case UpdateTarget.Apply(Optimizer optimizer) -> GradientRule.step(optimizer, parameter);
      case UpdateTarget.Accumulate(Gradients _, float beta) -> GradientRule.accumulate(beta);
    };
  }

  /** For a launch of its own: fl_linear_update, or fl_bias_update if there is no x. */
  Arguments arguments() {
    Arguments arguments = new Arguments().tensor(target());
    for (int slot = 0; slot < STATES; slot++) {
      arguments.tensor(state(slot));
    }
    if (x != null) {
      arguments.tensor(x);
    }
    arguments
        .tensor(operation.dy())
        .tensor(operation.saved())
        .control(operation.control())
        .activation(operation.activation());
    rule().appendTo(arguments).s64(operation.dy().rows());
    if (x != null) {
      arguments.s64(inputs());
    }
    arguments.s64(outputs());
    if (x != null) {
      arguments.stride(x);
    }
    return arguments.stride(operation.dy()).stride(operation.saved());
  }

  /**
   * For a launch that does several.
   *
   * @param table in the order of bytes of the device
   * @param firstTile of the update among those of the launch
   */
  void write(ByteBuffer table, long firstTile) {
    GradientRule rule = rule();
    table
        .putLong(firstTile)
        .putLong(address(target()))
        .putLong(address(state(0)))
        .putLong(address(state(1)))
        .putLong(address(x))
        .putLong(address(operation.dy()))
        .putLong(address(operation.saved()))
        .putLong(operation.dy().rows())
        .putLong(inputs())
        .putLong(outputs())
        .putLong(stride(x))
        .putLong(stride(operation.dy()))
        .putLong(stride(operation.saved()))
        .putInt(Arguments.number(operation.activation()))
        .putInt(rule.rule())
        .putFloat(rule.rateFactor())
        .putFloat(rule.decay())
        .putFloat(rule.beta1())
        .putFloat(rule.beta2())
        .putFloat(rule.epsilon())
        .putInt(0);
  }

  private static long address(Tensor tensor) {
    return tensor == null ? 0 : tensor.address();
  }

  private static long stride(Tensor tensor) {
    return tensor == null ? 0 : tensor.rowStride();
  }
}
