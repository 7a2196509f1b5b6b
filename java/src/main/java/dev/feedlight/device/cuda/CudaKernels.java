package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Operation;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import java.util.LinkedHashSet;
import java.util.Set;

/** Binds operations to launches of kernels. */
final class CudaKernels implements Kernels {
  private final LinearKernels linear;
  private final SmallKernels small;
  private final GradientKernels gradients;
  private final OpticKernels optics;

  CudaKernels(CudaContext context) {
    this.linear = new LinearKernels(context);
    this.small = new SmallKernels(context);
    this.gradients = new GradientKernels(context);
    this.optics = new OpticKernels(context);
  }

  @Override
  public String refusal(Operation operation) {
    return null;
  }

  @Override
  public Runnable prepare(Operation operation) {
    return switch (operation) {
      case Operation.LinearForward op -> linear.forward(op);
      case Operation.LinearBackwardInput op -> linear.backwardInput(op);
      case Operation.LinearUpdate op -> linear.update(op);
      case Operation.Fill op -> small.fill(op);
      case Operation.RandomFill op -> small.randomFill(op);
      case Operation.ActivationGradient op -> small.activationGradient(op);
      case Operation.SoftmaxCrossEntropy op -> small.softmaxCrossEntropy(op, null);
      case Operation.MeanSquaredError op -> small.meanSquaredError(op);
      case Operation.FiniteCheck op -> small.finiteCheck(op);
      case TrainingOperation.Dropout op -> small.dropout(op);
      case TrainingOperation.GradientNorm op -> gradients.norm(op);
      case TrainingOperation.ApplyGradient op -> linear.apply(op);
      case OpticalOperation op -> optics.prepare(op);
    };
  }

  /** Binds a plan, one launch or a few for each operation. */
  Runnable[] prepare(Plan plan) {
    StepControl control = updateControl(plan);
    return plan.operations().stream()
        .map(
            operation ->
                operation instanceof Operation.SoftmaxCrossEntropy loss
                    ? small.softmaxCrossEntropy(loss, control)
                    : prepare(operation))
        .toArray(Runnable[]::new);
  }

  /**
   * The control words by which the plan's updates are skipped.
   *
   * @return null if the plan updates nothing
   * @throws DeviceException if updates of one plan look at several
   */
  static StepControl updateControl(Plan plan) {
    Set<StepControl> controls = new LinkedHashSet<>();
    for (Operation operation : plan.operations()) {
      switch (operation) {
        case Operation.LinearUpdate op -> controls.add(op.control());
        case TrainingOperation.ApplyGradient op -> controls.add(op.control());
        default -> {}
      }
    }
    if (controls.size() > 1) {
      throw new DeviceException(
          "updates of one plan share their step control, those of "
              + plan.name()
              + " have "
              + controls.size());
    }
    return controls.isEmpty() ? null : controls.iterator().next();
  }
}
