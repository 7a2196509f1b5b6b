package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.DeviceMemory;
import dev.feedlight.device.FieldExtents;
import dev.feedlight.device.IndependentUpdates;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Operation;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Binds operations to launches of kernels. */
final class CudaKernels implements Kernels {
  private final WeightCopies copies; // null where products read the weights themselves
  private final DenseProducts products;
  private final UpdateKernels updates;
  private final SmallKernels small;
  private final GradientKernels gradients;
  private final TransformerKernels transformer;
  private final OpticKernels optics;

  /**
   * Binds nothing yet.
   *
   * @param precision of products
   * @param multiplier what our own products are made of
   * @param memory of the device
   * @param cublas computes products of dense layers; null for our own kernels
   */
  CudaKernels(
      CudaContext context,
      Precision precision,
      Multiplier multiplier,
      DeviceMemory memory,
      Cublas cublas) {
    ProductTiles tiles = new ProductTiles(precision);
    this.copies = multiplier == Multiplier.WGMMA ? new WeightCopies(context, memory) : null;
    this.updates =
        new UpdateKernels(
            context,
            copies == null
                ? new TileWeightUpdates(context, tiles)
                : new WgmmaWeightUpdates(context, copies));
    this.small = new SmallKernels(context);
    if (cublas != null) {
      this.products = new CublasProducts(cublas, small);
    } else {
      this.products =
          copies == null
              ? new LinearKernels(context, tiles)
              : new WgmmaLinearKernels(context, copies);
    }
    this.gradients = new GradientKernels(context);
    this.transformer = new TransformerKernels(context);
    this.optics = new OpticKernels(context);
  }

  @Override
  public String refusal(Operation operation) {
    return operation instanceof TransformerOperation op ? transformer.refusal(op) : null;
  }

  @Override
  public Runnable prepare(Operation operation) {
    return around(List.of(operation), bind(operation), false);
  }

  private Runnable bind(Operation operation) {
    return switch (operation) {
      case Operation.LinearForward op -> products.forward(op);
      case Operation.LinearBackwardInput op -> products.backwardInput(op);
      case Operation.LinearUpdate op -> updates.update(op);
      case Operation.Fill op -> small.fill(op);
      case Operation.RandomFill op -> small.randomFill(op);
      case Operation.ActivationGradient op -> small.activationGradient(op);
      case Operation.SoftmaxCrossEntropy op -> small.softmaxCrossEntropy(op, null);
      case Operation.MeanSquaredError op -> small.meanSquaredError(op);
      case Operation.FiniteCheck op -> small.finiteCheck(op);
      case TrainingOperation.Dropout op -> small.dropout(op);
      case TrainingOperation.GradientNorm op -> gradients.norm(op);
      case TrainingOperation.ApplyGradient op -> updates.apply(op);
      case TransformerOperation op -> transformer.prepare(op);
      case OpticalOperation op -> optics.prepare(op);
    };
  }

  @Override
  public long fieldScratchBytes(FieldExtents fields) {
    return optics.fieldScratchBytes(fields);
  }

  /** Binds a plan, one launch or a few for each operation or group of updates. */
  Runnable[] prepare(Plan plan) {
    StepControl control = updateControl(plan);
    List<Operation> operations = plan.operations();
    WeightCopies.Upkeep upkeep = copies == null ? null : copies.upkeep(operations);
    List<Runnable> launches = new ArrayList<>();
    for (int i = 0; i < operations.size(); ) {
      List<Operation.LinearUpdate> run = IndependentUpdates.run(operations, i);
      launches.add(run.size() > 1 ? updates.together(run) : bind(operations.get(i), control));
      if (upkeep != null && run.isEmpty()) {
        upkeep.stale(operations.get(i)).forEach(copy -> launches.add(copy.rounding()));
      }
      i += Math.max(1, run.size());
    }
    return launches.toArray(Runnable[]::new);
  }

  /**
   * What a plan needs around its launches.
   *
   * @param plan as it was given to {@link #prepare(Plan)}
   * @param launches of it
   * @return runs them
   */
  Runnable around(Plan plan, Runnable launches) {
    return around(plan.operations(), launches, true);
  }

  private Runnable around(List<Operation> operations, Runnable launches, boolean refreshed) {
    if (copies == null) {
      return launches;
    }
    WeightCopies.Upkeep upkeep = copies.upkeep(operations);
    return () -> {
      upkeep.before();
      launches.run();
      upkeep.after(refreshed);
    };
  }

  /** The host has written a tensor. */
  void written(Tensor tensor) {
    if (copies != null) {
      copies.written(tensor);
    }
  }

  private Runnable bind(Operation operation, StepControl control) {
    return switch (operation) {
      case Operation.SoftmaxCrossEntropy op -> small.softmaxCrossEntropy(op, control);
      case TransformerOperation.EmbeddingForward op -> transformer.embed(op, control);
      default -> bind(operation);
    };
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
        case TransformerOperation.LayerNormUpdate op -> controls.add(op.control());
        case TransformerOperation.EmbeddingUpdate op -> controls.add(op.control());
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
