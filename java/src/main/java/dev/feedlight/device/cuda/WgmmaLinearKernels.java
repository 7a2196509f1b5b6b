package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;

/**
 * Products of a dense layer by wgmma. The left operand is rounded to scratch first; of the weight
 * there is a copy.
 */
final class WgmmaLinearKernels implements DenseProducts {
  private static final String MODULE = "linear_hopper";

  private final CudaContext context;
  private final WeightCopies copies;

  WgmmaLinearKernels(CudaContext context, WeightCopies copies) {
    this.context = context;
    this.copies = copies;
  }

  /** The left operand as it will lie in scratch. */
  private Rounding rounded(Tensor left) {
    long bytes = Bf16Matrix.bytes(left.rows(), left.columns());
    return Rounding.of(new Bf16Matrix(context.scratch(bytes), left.rows(), left.columns()), left);
  }

  @Override
  public Runnable forward(Operation.LinearForward op) {
    Tensor y = op.y();
    Rounding x = rounded(op.x());
    Bf16Matrix weight = copies.of(op.weight().value(), op).matrix();
    return Launch.sequence(
        x.bind(context, op),
        WgmmaTiles.over(MODULE, "fl_linear_forward_wgmma", y.rows(), y.columns())
            .bind(
                context,
                new Arguments()
                    .tensor(y)
                    .tensor(op.preActivation())
                    .struct(TensorMaps.of(x.copy(), WgmmaTiles.ROWS_ALONG_DEPTH))
                    .struct(TensorMaps.of(weight, WgmmaTiles.ROWS_ALONG_DEPTH))
                    .tensor(op.bias() == null ? null : op.bias().value())
                    .activation(op.activation())
                    .s64(y.rows())
                    .s64(op.x().columns())
                    .s64(y.columns())
                    .s64(y.rowStride())
                    .stride(op.preActivation()),
                op));
  }

  @Override
  public Runnable backwardInput(Operation.LinearBackwardInput op) {
    Tensor dx = op.dx();
    Rounding dz = rounded(op.dz());
    Bf16Matrix weight = copies.of(op.weight().value(), op).matrix();
    return Launch.sequence(
        dz.bind(context, op),
        WgmmaTiles.over(MODULE, "fl_linear_backward_input_wgmma", dx.rows(), dx.columns())
            .bind(
                context,
                new Arguments()
                    .tensor(dx)
                    .struct(TensorMaps.of(dz.copy(), WgmmaTiles.ROWS_ALONG_DEPTH))
                    .struct(TensorMaps.of(weight, WgmmaTiles.ROWS_ALONG_PLACES))
                    .tensor(op.saved())
                    .activation(op.activation())
                    .s64(dx.rows())
                    .s64(dx.columns())
                    .s64(op.dz().columns())
                    .s64(dx.rowStride())
                    .stride(op.saved()),
                op));
  }
}
