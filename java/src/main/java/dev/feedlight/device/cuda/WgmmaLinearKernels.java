package dev.feedlight.device.cuda;

import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Products of a dense layer by wgmma. Weights have copies in bf16, in a plan the other operands and
 * the results too; elsewhere what is multiplied is rounded to scratch first.
 */
final class WgmmaLinearKernels implements DenseProducts {
  private static final String MODULE = "linear_hopper";

  private final CudaContext context;
  private final NarrowLayers narrow;
  private final Bf16Copies.Use copies;

  WgmmaLinearKernels(CudaContext context, NarrowLayers narrow, Bf16Copies.Use copies) {
    this.context = context;
    this.narrow = narrow;
    this.copies = copies;
  }

  /** The left operand, and what rounds it first; null if there is a copy of it. */
  private record Left(Bf16Matrix matrix, Runnable rounding) {
    Runnable before(Runnable product) {
      return rounding == null ? product : Launch.sequence(rounding, product);
    }
  }

  private Left left(Tensor tensor, Operation operation) {
    Bf16Matrix copy = copies.of(tensor);
    if (copy != null) {
      return new Left(copy, null);
    }
    long bytes = Bf16Matrix.bytes(tensor.rows(), tensor.columns());
    Bf16Matrix scratch = new Bf16Matrix(context.scratch(bytes), tensor.rows(), tensor.columns());
    return new Left(scratch, Rounding.of(scratch, tensor).bind(context, operation));
  }

  /** Narrow layers, any number of them; one that is wide and its check. */
  @Override
  public ForwardChain chain(List<Operation> operations, int from) {
    ForwardChain chain = ForwardChain.at(operations, from, narrow::fitAlone);
    if (chain != null) {
      return chain;
    }
    ForwardChain wide = ForwardChain.at(operations, from, op -> !narrow.fitAlone(op));
    return wide == null ? null : wide.first();
  }

  @Override
  public Runnable together(ForwardChain chain) {
    return narrow.fitAlone(chain.layers().getFirst().forward())
        ? narrow.forward(chain)
        : wide(chain);
  }

  @Override
  public Runnable forward(Operation.LinearForward op) {
    return together(ForwardChain.of(op));
  }

  /** A chain of one layer: its product and the check of the result. */
  private Runnable wide(ForwardChain chain) {
    ForwardChain.Layer layer = chain.layers().getFirst();
    Operation.LinearForward op = layer.forward();
    Tensor y = op.y();
    Left x = left(op.x(), op);
    Bf16Matrix weight = copies.of(op.weight().value());
    Bf16Matrix copy = copies.of(y);
    int width = WgmmaTiles.width(y.rows(), y.columns(), context.multiprocessors());
    return x.before(
        WgmmaTiles.over(MODULE, "fl_linear_forward_wgmma", y.rows(), y.columns(), width)
            .bind(
                context,
                new Arguments()
                    .tensor(y)
                    .tensor(op.preActivation())
                    .bf16(copy)
                    .control(chain.control())
                    .struct(TensorMaps.of(x.matrix(), WgmmaTiles.ROWS_ALONG_DEPTH))
                    .struct(TensorMaps.of(weight, width))
                    .parameter(op.bias())
                    .activation(op.activation())
                    .s32(layer.block())
                    .s64(y.rows())
                    .s64(op.x().columns())
                    .s64(y.columns())
                    .s64(y.rowStride())
                    .stride(op.preActivation())
                    .stride(copy),
                op));
  }

  @Override
  public Runnable backwardInput(Operation.LinearBackwardInput op) {
    Tensor dx = op.dx();
    Left dz = left(op.dz(), op);
    Bf16Matrix weight = copies.of(op.weight().value());
    Bf16Matrix copy = copies.of(dx);
    int width = WgmmaTiles.width(dx.rows(), dx.columns(), context.multiprocessors());
    return dz.before(
        WgmmaTiles.over(MODULE, "fl_linear_backward_input_wgmma", dx.rows(), dx.columns(), width)
            .bind(
                context,
                new Arguments()
                    .tensor(dx)
                    .bf16(copy)
                    .struct(TensorMaps.of(dz.matrix(), WgmmaTiles.ROWS_ALONG_DEPTH))
                    .struct(TensorMaps.of(weight, WgmmaTiles.ROWS_ALONG_PLACES))
                    .tensor(op.saved())
                    .activation(op.activation())
                    .s64(dx.rows())
                    .s64(dx.columns())
                    .s64(op.dz().columns())
                    .s64(dx.rowStride())
                    .stride(op.saved())
                    .stride(copy),
                op));
  }
}
