package dev.feedlight.device.cuda;

import dev.feedlight.device.Kernels;
import dev.feedlight.device.Operation;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.TransformerOperation;

/** Binds operations to launches of kernels. */
final class CudaKernels implements Kernels {
  private final LinearKernels linear;
  private final SmallKernels small;
  private final GradientKernels gradients;
  private final TransformerKernels transformer;
  private final OpticKernels optics;

  CudaKernels(CudaContext context) {
    this.linear = new LinearKernels(context);
    this.small = new SmallKernels(context);
    this.gradients = new GradientKernels(context);
    this.transformer = new TransformerKernels(context);
    this.optics = new OpticKernels(context);
  }

  @Override
  public String refusal(Operation operation) {
    return operation instanceof TransformerOperation op ? TransformerKernels.refusal(op) : null;
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
      case Operation.SoftmaxCrossEntropy op -> small.softmaxCrossEntropy(op);
      case Operation.MeanSquaredError op -> small.meanSquaredError(op);
      case Operation.FiniteCheck op -> small.finiteCheck(op);
      case TrainingOperation.Dropout op -> small.dropout(op);
      case TrainingOperation.GradientNorm op -> gradients.norm(op);
      case TrainingOperation.ApplyGradient op -> linear.apply(op);
      case TransformerOperation op -> transformer.prepare(op);
      case OpticalOperation op -> optics.prepare(op);
    };
  }

  /** Binds a plan, one launch or a few for each operation. */
  Runnable[] prepare(Plan plan) {
    return plan.operations().stream().map(this::prepare).toArray(Runnable[]::new);
  }
}
