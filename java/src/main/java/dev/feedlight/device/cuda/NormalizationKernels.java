package dev.feedlight.device.cuda;

import dev.feedlight.device.Gradients;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/** Layer normalisation, and the sum of two matrices. */
final class NormalizationKernels {
  private static final String MODULE = "layernorm";
  private static final int THREADS = 256;
  private static final Extent COLUMN_BLOCK = Extent.of(32, 8);

  private final CudaContext context;

  NormalizationKernels(CudaContext context) {
    this.context = context;
  }

  Runnable forward(TransformerOperation.LayerNormForward op) {
    return Launch.overRows(MODULE, "fl_layernorm_forward", op.x().rows(), THREADS)
        .bind(
            context,
            new Arguments()
                .tensor(op.y())
                .tensor(op.mean())
                .tensor(op.rstd())
                .tensor(op.x())
                .tensor(op.residual())
                .parameter(op.gain())
                .parameter(op.bias())
                .f32(TransformerOperation.EPSILON)
                .s64(op.x().columns())
                .s64(op.y().rowStride())
                .s64(op.x().rowStride())
                .stride(op.residual()),
            op);
  }

  Runnable backward(TransformerOperation.LayerNormBackward op) {
    return Launch.overRows(MODULE, "fl_layernorm_backward", op.x().rows(), THREADS)
        .bind(
            context,
            new Arguments()
                .tensor(op.dx())
                .tensor(op.dy())
                .tensor(op.residual())
                .tensor(op.x())
                .tensor(op.mean())
                .tensor(op.rstd())
                .parameter(op.gain())
                .s64(op.x().columns())
                .s64(op.dx().rowStride())
                .s64(op.dy().rowStride())
                .stride(op.residual())
                .s64(op.x().rowStride()),
            op);
  }

  Runnable update(TransformerOperation.LayerNormUpdate op) {
    return switch (op.target()) {
      case UpdateTarget.Apply(Optimizer optimizer) -> apply(op, optimizer);
      case UpdateTarget.Accumulate(Gradients gradients, float beta) ->
          accumulate(op, gradients, beta);
    };
  }

  private Runnable apply(TransformerOperation.LayerNormUpdate op, Optimizer optimizer) {
    Parameter.Group bias = op.bias().group();
    Arguments arguments = GradientUpdate.parameter(new Arguments(), op.gain());
    operands(GradientUpdate.parameter(arguments, op.bias()), op)
        .f32(bias.learningRateFactor())
        .f32(bias.decay() ? optimizer.weightDecay() : 0);
    extents(GradientRule.step(optimizer, op.gain()).appendTo(arguments), op);
    return columns("fl_layernorm_update", op).bind(context, arguments, op);
  }

  private Runnable accumulate(
      TransformerOperation.LayerNormUpdate op, Gradients gradients, float beta) {
    Arguments arguments =
        new Arguments().tensor(gradients.of(op.gain())).tensor(gradients.of(op.bias()));
    extents(operands(arguments, op).f32(beta), op);
    return columns("fl_layernorm_update_accumulate", op).bind(context, arguments, op);
  }

  private static Launch columns(String function, TransformerOperation.LayerNormUpdate op) {
    Extent grid = Extent.of(Extent.blocks(op.x().columns(), COLUMN_BLOCK.x()));
    return new Launch(MODULE, function, grid, COLUMN_BLOCK);
  }

  private static Arguments operands(Arguments arguments, TransformerOperation.LayerNormUpdate op) {
    return arguments
        .tensor(op.x())
        .tensor(op.mean())
        .tensor(op.rstd())
        .tensor(op.dy())
        .control(op.control());
  }

  private static void extents(Arguments arguments, TransformerOperation.LayerNormUpdate op) {
    arguments
        .s64(op.x().rows())
        .s64(op.x().columns())
        .s64(op.x().rowStride())
        .s64(op.dy().rowStride());
  }

  Runnable add(TransformerOperation.ResidualAdd op) {
    Tensor sum = op.sum();
    return new Launch(
            MODULE,
            "fl_residual_add",
            SmallKernels.overColumns(sum.rows(), sum.columns()),
            Extent.of(THREADS))
        .bind(
            context,
            new Arguments()
                .tensor(sum)
                .tensor(op.x())
                .tensor(op.y())
                .s64(sum.rows())
                .s64(sum.columns())
                .s64(sum.rowStride())
                .s64(op.x().rowStride())
                .s64(op.y().rowStride()),
            op);
  }
}
