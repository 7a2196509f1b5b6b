package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.FieldExtents;
import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.IndependentUpdates;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Operation;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.TransformerOperation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Binds operations to launches of kernels. */
final class CudaKernels implements Kernels {
  private final DenseProducts products;
  private final LinearKernels linear;
  private final UpdateKernels updates;
  private final SmallKernels small;
  private final GradientKernels gradients;
  private final TransformerKernels transformer;
  private final OpticKernels optics;

  /**
   * Binds nothing yet.
   *
   * @param tiles of our own products
   * @param cublas computes products of dense layers; null for our own kernels
   */
  CudaKernels(CudaContext context, ProductTiles tiles, Cublas cublas) {
    this.linear = new LinearKernels(context, tiles);
    this.updates = new UpdateKernels(context, tiles);
    this.small = new SmallKernels(context);
    this.products = cublas == null ? linear : new CublasProducts(cublas, small);
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

  /** Binds a plan: a launch or a few for each operation, chain of layers or group of updates. */
  Runnable[] prepare(Plan plan) {
    StepControl control = updateControl(plan);
    List<Operation> operations = plan.operations();
    List<Runnable> launches = new ArrayList<>();
    for (int i = 0; i < operations.size(); ) {
      ForwardChain chain = products.chain(operations, i);
      if (chain != null && chain.operations() > 1) {
        launches.add(products.together(chain));
        i += chain.operations();
        continue;
      }
      if (i + 1 < operations.size()
          && operations.get(i) instanceof Operation.LinearBackwardInput back
          && products.together(back, operations.get(i + 1))) {
        launches.add(products.backward(back, (Operation.LinearUpdate) operations.get(i + 1)));
        i += 2;
        continue;
      }
      List<Operation.LinearUpdate> run = IndependentUpdates.run(operations, i);
      launches.add(run.size() > 1 ? updates.together(run) : prepare(operations.get(i), control));
      i += Math.max(1, run.size());
    }
    return launches.toArray(Runnable[]::new);
  }

  private Runnable prepare(Operation operation, StepControl control) {
    return switch (operation) {
      case Operation.SoftmaxCrossEntropy op -> small.softmaxCrossEntropy(op, control);
      case TransformerOperation.EmbeddingForward op -> transformer.embed(op, control);
      default -> prepare(operation);
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
