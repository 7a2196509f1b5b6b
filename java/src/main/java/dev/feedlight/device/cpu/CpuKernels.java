package dev.feedlight.device.cpu;

import dev.feedlight.device.EagerCache;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Operation;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.TransformerOperation;

/** Binds operations to products and loops. */
final class CpuKernels implements Kernels, AutoCloseable {
  private final MatmulCache products;
  private final LinearKernels linear;
  private final UpdateKernels updates;
  private final OpticsKernels optics;
  private final SmallKernels small;
  private final GradientKernels gradients;
  private final TransformerKernels transformer;
  private final Precision precision;

  private final EagerCache eager = new EagerCache(this::prepare);

  CpuKernels(Workers workers, OneDnn oneDnn, Loops loops, CpuMemory memory, Precision precision) {
    this.precision = precision;
    this.products = new MatmulCache(oneDnn);
    CpuContext context = new CpuContext(workers, products, loops, memory, precision);
    this.linear = new LinearKernels(context);
    this.updates = new UpdateKernels(context);
    this.optics = new OpticsKernels(context);
    this.small = new SmallKernels(context);
    this.gradients = new GradientKernels(context);
    this.transformer = new TransformerKernels(context);
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
      case Operation.LinearUpdate op -> updates.update(op);
      case OpticalOperation op -> prepareOptics(op);
      case Operation.Fill op -> small.fill(op);
      case Operation.RandomFill op -> small.randomFill(op);
      case Operation.ActivationGradient op -> small.activationGradient(op);
      case Operation.SoftmaxCrossEntropy op -> small.softmaxCrossEntropy(op);
      case Operation.MeanSquaredError op -> small.meanSquaredError(op);
      case Operation.FiniteCheck op -> small.finiteCheck(op);
      case TrainingOperation.Dropout op -> small.dropout(op);
      case TrainingOperation.GradientNorm op -> gradients.norm(op);
      case TrainingOperation.ApplyGradient op -> gradients.apply(op);
      case TransformerOperation op -> transformer.prepare(op);
    };
  }

  /** Binds a plan; {@link CpuPlan} says what goes together. */
  Runnable[] prepare(Plan plan) {
    return CpuPlan.groups(plan, precision).stream().map(this::prepare).toArray(Runnable[]::new);
  }

  private Runnable prepare(CpuPlan.Group group) {
    return switch (group) {
      case CpuPlan.Single(Operation operation) -> prepare(operation);
      case CpuPlan.CheckedForward(var forward, var check) -> linear.checkedForward(forward, check);
      case CpuPlan.Updates(var grouped) -> updates.grouped(grouped);
    };
  }

  private Runnable prepareOptics(OpticalOperation operation) {
    return switch (operation) {
      case OpticalOperation.Ternarize op -> optics.ternarize(op);
      case OpticalOperation.SpeckleGenerate op -> optics.generate(op);
      case OpticalOperation.GaussianGenerate op -> optics.gaussian(op);
      case OpticalOperation.MacropixelGenerate op -> optics.macropixels(op);
      case OpticalOperation.SpeckleField op -> optics.field(op);
      case OpticalOperation.CameraExpose op -> optics.expose(op);
      case OpticalOperation.SpeckleProject op -> optics.project(op);
      case OpticalOperation.ErrorNormScale op -> optics.errorNormScale(op);
      case OpticalOperation.SubtractBatchMean op -> optics.subtractBatchMean(op);
    };
  }

  /** Runs an operation at once. */
  void runOnce(Operation operation) {
    eager.run(operation);
  }

  @Override
  public void close() {
    eager.clear();
    products.close();
  }
}
