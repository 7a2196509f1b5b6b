package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.DeviceMemory;
import dev.feedlight.device.FieldExtents;
import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.IndependentUpdates;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Operation;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Binds operations to launches of kernels. */
final class CudaKernels implements Kernels {
  /** What binds operations of dense layers. */
  private record Dense(DenseProducts products, UpdateKernels updates) {}

  private final CudaContext context;
  private final NarrowLayers narrow; // they read the tensors themselves
  private final Bf16Copies copies; // null where all products do
  private final Dense dense; // null where they read copies
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
   * @param choice what computes products of dense layers where they read no copies
   */
  CudaKernels(
      CudaContext context,
      Precision precision,
      Multiplier multiplier,
      DeviceMemory memory,
      ProductChoice choice) {
    this.context = context;
    this.narrow = new NarrowLayers(context, precision);
    this.copies =
        multiplier == Multiplier.WGMMA ? new Bf16Copies(context, memory, narrow::runs) : null;
    this.small = new SmallKernels(context);
    ProductTiles tiles = new ProductTiles(precision);
    this.dense =
        copies != null
            ? null
            : new Dense(
                choice.over(new LinearKernels(context, tiles), small),
                new UpdateKernels(context, new TileWeightUpdates(context, tiles)));
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
    if (copies == null) {
      return bind(operation, dense);
    }
    Bf16Copies.Use use = copies.alone(operation);
    return around(use, bind(operation, dense(use)));
  }

  private Dense dense(Bf16Copies.Use use) {
    return new Dense(
        new WgmmaLinearKernels(context, narrow, use),
        new UpdateKernels(context, new WgmmaWeightUpdates(context, use)));
  }

  private static Runnable around(Bf16Copies.Use use, Runnable launches) {
    return () -> {
      use.before();
      launches.run();
      use.after();
    };
  }

  private Runnable bind(Operation operation, Dense dense) {
    return switch (operation) {
      case Operation.LinearForward op -> dense.products().forward(op);
      case Operation.LinearBackwardInput op -> dense.products().backwardInput(op);
      case Operation.LinearUpdate op -> dense.updates().update(op);
      case Operation.Fill op -> small.fill(op);
      case Operation.RandomFill op -> small.randomFill(op);
      case Operation.ActivationGradient op -> small.activationGradient(op);
      case Operation.SoftmaxCrossEntropy op -> small.softmaxCrossEntropy(op, null);
      case Operation.MeanSquaredError op -> small.meanSquaredError(op);
      case Operation.FiniteCheck op -> small.finiteCheck(op);
      case TrainingOperation.Dropout op -> small.dropout(op);
      case TrainingOperation.GradientNorm op -> gradients.norm(op);
      case TrainingOperation.ApplyGradient op -> gradients.apply(op);
      case TransformerOperation op -> transformer.prepare(op);
      case OpticalOperation op -> optics.prepare(op);
    };
  }

  @Override
  public long fieldScratchBytes(FieldExtents fields) {
    return optics.fieldScratchBytes(fields);
  }

  @Override
  public long operandCopyBytes(Shape matrix) {
    return copies == null ? 0 : Bf16Matrix.bytes(matrix.rows(), matrix.columns());
  }

  /** Binds a plan: a launch or a few for each operation, chain of layers or group of updates. */
  Runnable[] prepare(Plan plan) {
    StepControl control = updateControl(plan);
    List<Operation> operations = plan.operations();
    Bf16Copies.Use use = copies == null ? null : copies.inPlan(operations);
    Dense binder = use == null ? dense : dense(use);
    List<Runnable> launches = new ArrayList<>();
    for (int i = 0; i < operations.size(); ) {
      int next = i + bindNext(launches, operations, i, binder, control);
      if (use != null) {
        operations.subList(i, next).forEach(one -> launches.addAll(use.roundings(one)));
      }
      i = next;
    }
    return launches.toArray(Runnable[]::new);
  }

  /** Binds what comes next in a plan, and says how many operations that is. */
  private int bindNext(
      List<Runnable> launches,
      List<Operation> operations,
      int from,
      Dense dense,
      StepControl control) {
    DenseProducts products = dense.products();
    ForwardChain chain = products.chain(operations, from);
    if (chain != null && chain.operations() > 1) {
      launches.add(products.together(chain));
      return chain.operations();
    }
    Operation operation = operations.get(from);
    if (from + 1 < operations.size()
        && operation instanceof Operation.LinearBackwardInput back
        && products.together(back, operations.get(from + 1))) {
      launches.add(products.backward(back, (Operation.LinearUpdate) operations.get(from + 1)));
      return 2;
    }
    List<Operation.LinearUpdate> run = IndependentUpdates.run(operations, from);
    launches.add(run.size() > 1 ? dense.updates().together(run) : bind(operation, dense, control));
    return Math.max(1, run.size());
  }

  /**
   * What a plan needs around its launches.
   *
   * @param plan as it was given to {@link #prepare(Plan)}
   * @param launches of it
   * @return runs them
   */
  Runnable around(Plan plan, Runnable launches) {
    return copies == null ? launches : around(copies.inPlan(plan.operations()), launches);
  }

  /** A tensor was written by others: by the host, or by kernels that no plan runs. */
  void written(Tensor tensor) {
    if (copies != null) {
      copies.written(tensor);
    }
  }

  private Runnable bind(Operation operation, Dense dense, StepControl control) {
    return switch (operation) {
      case Operation.SoftmaxCrossEntropy op -> small.softmaxCrossEntropy(op, control);
      case TransformerOperation.EmbeddingForward op -> transformer.embed(op, control);
      default -> bind(operation, dense);
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
