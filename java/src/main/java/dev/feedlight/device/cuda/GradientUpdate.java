package dev.feedlight.device.cuda;

import dev.feedlight.device.Gradients;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/**
 * The update of one parameter: FlUpdate of kernels/include/update.cuh.
 *
 * @param operation whose signal makes the gradient
 * @param parameter its weight or its bias
 * @param x what the signal is multiplied with; null for a bias
 */
record GradientUpdate(Operation.LinearUpdate operation, Parameter parameter, Tensor x) {
  /** Of an FlUpdate. */
  private static final int MEMBERS = 20;

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
    return applies() ? state(parameter, slot) : null;
  }

  /** Whether the parameter itself is written. */
  boolean applies() {
    return operation.target() instanceof UpdateTarget.Apply;
  }

  private GradientRule rule() {
    return switch (operation.target()) {
      case UpdateTarget.Apply(Optimizer optimizer) -> GradientRule.step(optimizer, parameter);
      case UpdateTarget.Accumulate(Gradients _, float beta) -> GradientRule.accumulate(beta);
    };
  }

  /** Members of an FlUpdate whose target is null. */
  static Arguments none() {
    Arguments members = new Arguments();
    for (int i = 0; i < MEMBERS; i++) {
      members.s64(0);
    }
    return members;
  }

  /**
   * The members of the FlUpdate.
   *
   * @param firstTile of the update among those of its launch
   */
  Arguments members(long firstTile) {
    Arguments members =
        new Arguments()
            .s64(firstTile)
            .tensor(target())
            .tensor(state(0))
            .tensor(state(1))
            .tensor(x)
            .tensor(operation.dy())
            .tensor(operation.saved())
            .s64(operation.dy().rows())
            .s64(inputs())
            .s64(outputs())
            .stride(x)
            .stride(operation.dy())
            .stride(operation.saved())
            .activation(operation.activation());
    return rule().appendTo(members);
  }
}
