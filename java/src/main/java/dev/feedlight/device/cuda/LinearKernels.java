package dev.feedlight.device.cuda;

import dev.feedlight.device.Gradients;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/** Products of a dense layer, forward and backward, and its update. */
final class LinearKernels {
  private static final long TILE = 64;
  private static final Extent TILE_BLOCK = Extent.of(16, 16);
  private static final Extent BIAS_BLOCK = Extent.of(32, 8);
  private static final int THREADS = 256;

  private final CudaContext context;

  LinearKernels(CudaContext context) {
    this.context = context;
  }

  Runnable forward(Operation.LinearForward op) {
    Tensor y = op.y();
    return tiles("linear", "fl_linear_forward", y.rows(), y.columns())
        .bind(
            context,
            new Arguments()
                .tensor(y)
                .tensor(op.preActivation())
                .tensor(op.x())
                .tensor(op.weight().value())
                .tensor(op.bias() == null ? null : op.bias().value())
                .activation(op.activation())
                .s64(y.rows())
                .s64(op.x().columns())
                .s64(y.columns())
                .s64(y.rowStride())
                .stride(op.preActivation())
                .s64(op.x().rowStride()),
            op);
  }

  Runnable backwardInput(Operation.LinearBackwardInput op) {
    Tensor dx = op.dx();
    return tiles("linear", "fl_linear_backward_input", dx.rows(), dx.columns())
        .bind(
            context,
            new Arguments()
                .tensor(dx)
                .tensor(op.dz())
                .tensor(op.weight().value())
                .tensor(op.saved())
                .activation(op.activation())
                .s64(dx.rows())
                .s64(dx.columns())
                .s64(op.dz().columns())
                .s64(dx.rowStride())
                .s64(op.dz().rowStride())
                .stride(op.saved()),
            op);
  }

  Runnable update(Operation.LinearUpdate op) {
    Runnable weight =
        switch (op.target()) {
          case UpdateTarget.Apply(Optimizer optimizer) -> applyToWeight(op, optimizer);
          case UpdateTarget.Accumulate(Gradients gradients, float beta) ->
              accumulateWeight(op, gradients.of(op.weight()), beta);
        };
    if (op.bias() == null) {
      return weight;
    }
    Runnable bias =
        switch (op.target()) {
          case UpdateTarget.Apply(Optimizer optimizer) -> applyToBias(op, optimizer);
          case UpdateTarget.Accumulate(Gradients gradients, float beta) ->
              accumulateBias(op, gradients.of(op.bias()), beta);
        };
    return Launch.sequence(weight, bias);
  }

  private Runnable applyToWeight(Operation.LinearUpdate op, Optimizer optimizer) {
    Arguments arguments = parameter(new Arguments(), op.weight()).tensor(op.x());
    signal(arguments, op);
    rule(arguments, optimizer, op.weight()).s64(op.x().rows());
    extents(arguments.s64(op.x().columns()), op, op.x());
    return weightTiles("fl_linear_update", op).bind(context, arguments, op);
  }

  private Runnable accumulateWeight(Operation.LinearUpdate op, Tensor gradient, float beta) {
    Arguments arguments = new Arguments().tensor(gradient).tensor(op.x());
    signal(arguments, op).f32(beta).s64(op.x().rows());
    extents(arguments.s64(op.x().columns()), op, op.x());
    return weightTiles("fl_linear_update_accumulate", op).bind(context, arguments, op);
  }

  private Runnable applyToBias(Operation.LinearUpdate op, Optimizer optimizer) {
    Arguments arguments = parameter(new Arguments(), op.bias());
    signal(arguments, op);
    rule(arguments, optimizer, op.bias()).s64(op.x().rows());
    extents(arguments, op, null);
    return biasColumns("fl_bias_update", op).bind(context, arguments, op);
  }

  private Runnable accumulateBias(Operation.LinearUpdate op, Tensor gradient, float beta) {
    Arguments arguments = new Arguments().tensor(gradient);
    signal(arguments, op).f32(beta).s64(op.x().rows());
    extents(arguments, op, null);
    return biasColumns("fl_bias_update_accumulate", op).bind(context, arguments, op);
  }

  Runnable apply(TrainingOperation.ApplyGradient op) {
    long n = op.gradient().shape().elements();
    Arguments arguments =
        parameter(new Arguments(), op.parameter())
            .tensor(op.gradient())
            .tensor(op.factor())
            .control(op.control());
    rule(arguments, op.optimizer(), op.parameter()).s64(n);
    return new Launch(
            "training", "fl_apply_gradient", SmallKernels.striding(n, THREADS), Extent.of(THREADS))
        .bind(context, arguments, op);
  }

  private static Launch weightTiles(String function, Operation.LinearUpdate op) {
    return tiles("update", function, op.dy().columns(), op.x().columns());
  }

  private static Launch biasColumns(String function, Operation.LinearUpdate op) {
    long blocks = Extent.blocks(op.dy().columns(), BIAS_BLOCK.x());
    return new Launch("update", function, Extent.of(blocks), BIAS_BLOCK);
  }

  private static Launch tiles(String module, String function, long rows, long columns) {
    Extent grid = Extent.of(Extent.blocks(columns, TILE), Extent.blocks(rows, TILE));
    return new Launch(module, function, grid, TILE_BLOCK);
  }

  /** The values, then two pointers to state, null where the rule keeps none. */
  static Arguments parameter(Arguments arguments, Parameter parameter) {
    arguments.tensor(parameter.value());
    for (int slot = 0; slot < 2; slot++) {
      arguments.tensor(slot < parameter.state().size() ? parameter.state().get(slot) : null);
    }
    return arguments;
  }

  /** What every update reads: signal, what masks it, control words, activation. */
  private static Arguments signal(Arguments arguments, Operation.LinearUpdate op) {
    return arguments
        .tensor(op.dy())
        .tensor(op.saved())
        .control(op.control())
        .activation(op.activation());
  }

  /** Outputs, then the strides of x, unless it is null, of the signal and of its mask. */
  private static void extents(Arguments arguments, Operation.LinearUpdate op, Tensor x) {
    arguments.s64(op.dy().columns());
    if (x != null) {
      arguments.s64(x.rowStride());
    }
    arguments.s64(op.dy().rowStride()).stride(op.saved());
  }

  /** Rule, factor of the learning rate, decay, betas, epsilon, as in kernels/update.cu. */
  static Arguments rule(Arguments arguments, Optimizer optimizer, Parameter parameter) {
    Parameter.Group group = parameter.group();
    float decay = group.decay() ? optimizer.weightDecay() : 0;
    return switch (optimizer) {
      case Optimizer.Sgd _ -> rule(arguments, 0, group, decay, 0, 0, 0);
      case Optimizer.Momentum(float momentum, float _) ->
          rule(arguments, 1, group, decay, momentum, 0, 0);
      case Optimizer.Adam(float beta1, float beta2, float epsilon, float _, boolean decoupled) ->
          rule(arguments, decoupled ? 3 : 2, group, decay, beta1, beta2, epsilon);
    };
  }

  private static Arguments rule(
      Arguments arguments,
      int rule,
      Parameter.Group group,
      float decay,
      float beta1,
      float beta2,
      float epsilon) {
    return arguments
        .s32(rule)
        .f32(group.learningRateFactor())
        .f32(decay)
        .f32(beta1)
        .f32(beta2)
        .f32(epsilon);
  }
}
