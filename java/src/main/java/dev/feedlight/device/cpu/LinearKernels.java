package dev.feedlight.device.cpu;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Precision;
import dev.feedlight.tensor.Tensor;

/**
 * Forward and backward products of a dense layer. Each thread runs one single-threaded oneDNN
 * product on its own part of the result, then whatever does not fit a oneDNN epilogue on the same
 * part while it is in cache.
 */
final class LinearKernels {
  private final CpuContext context;
  private final Loops loops;

  LinearKernels(CpuContext context) {
    this.context = context;
    this.loops = context.loops();
  }

  Runnable forward(Operation.LinearForward op) {
    return forward(op, PartEpilogue.NONE);
  }

  /**
   * Forward product, activation and the look at the result, each part by who made it: another
   * thread would have to fetch it.
   */
  Runnable checkedForward(Operation.LinearForward op, Operation.FiniteCheck check) {
    Tensor y = op.y();
    FiniteFlag flag = new FiniteFlag(loops, check);
    return flag.after(
        forward(
            op,
            (row, endRow, column, endColumn) -> {
              for (long r = row; r < endRow; r++) {
                flag.look(address(y, r, column), endColumn - column);
              }
            }));
  }

  private Runnable forward(Operation.LinearForward op, PartEpilogue last) {
    Tensor x = op.x();
    Tensor y = op.y();
    Tensor z = op.preActivation() == null ? y : op.preActivation();
    boolean transposed =
        context.precision() == Precision.FP32
            && ProductPlan.transposesForward(x.rows(), x.columns(), z.columns());
    boolean inProduct =
        !transposed && op.preActivation() == null && op.activation() != Activation.RELU;
    MatmulEpilogue inside = inProduct ? epilogue(op.activation()) : MatmulEpilogue.NONE;
    PartEpilogue activate =
        inProduct || (op.activation() == Activation.IDENTITY && op.preActivation() == null)
            ? last
            : last.after(
                (row, endRow, column, endColumn) ->
                    loops.activate(
                        op.activation(),
                        address(y, row, column),
                        y.rowStride(),
                        address(z, row, column),
                        z.rowStride(),
                        endRow - row,
                        endColumn - column));
    return switch (context.precision()) {
      case FP32 ->
          transposed
              ? new TransposedForward(context, op, z).then(activate)
              : forward(op, z, inside, activate);
      case TF32 -> throw CpuContext.noTf32();
      case BF16 ->
          Bf16Product.forward(context, x, op.weight().value(), op.bias(), z, inside).then(activate);
    };
  }

  private Runnable forward(
      Operation.LinearForward op, Tensor z, MatmulEpilogue inside, PartEpilogue activate) {
    Tensor x = op.x();
    Tensor weight = op.weight().value();
    SlicedMatmul slices =
        ProductPlan.forward(
            context.products(),
            context.threads(),
            z.rows(),
            x.columns(),
            z.columns(),
            x.rowStride(),
            weight.rowStride(),
            z.rowStride(),
            op.bias() != null,
            inside);
    long bias = op.bias() == null ? 0 : op.bias().value().address();
    return context.overParts(
        slices.grid(),
        part -> slices.runPart(part, x.address(), weight.address(), bias, z.address(), activate));
  }

  Runnable backwardInput(Operation.LinearBackwardInput op) {
    Tensor dx = op.dx();
    Tensor dz = op.dz();
    Tensor weight = op.weight().value();
    Tensor saved = op.saved();
    PartEpilogue mask =
        saved == null
            ? PartEpilogue.NONE
            : (row, endRow, column, endColumn) ->
                loops.activationGradient(
                    op.activation(),
                    address(dx, row, column),
                    dx.rowStride(),
                    address(dx, row, column),
                    dx.rowStride(),
                    address(saved, row, column),
                    saved.rowStride(),
                    endRow - row,
                    endColumn - column);
    return switch (context.precision()) {
      case FP32 -> backwardInput(dx, dz, weight, mask);
      case TF32 -> throw CpuContext.noTf32();
      case BF16 -> Bf16Product.backwardInput(context, dz, weight, dx).then(mask);
    };
  }

  private Runnable backwardInput(Tensor dx, Tensor dz, Tensor weight, PartEpilogue mask) {
    SlicedSgemm slices =
        ProductPlan.backwardInput(
            context.oneDnn(),
            context.threads(),
            dx.rows(),
            dx.columns(),
            dz.columns(),
            dz.rowStride(),
            weight.rowStride(),
            dx.rowStride());
    if (ProductPlan.panelsBackwardInput(context.oneDnn(), dx.rows(), weight.rowStride())) {
      PanelledSgemm panels = new PanelledSgemm(context.oneDnn(), slices);
      context.reserveScratch(panels.scratchBytes());
      return context.overParts(
          slices.grid(),
          part ->
              panels.runPart(
                  part, dz.address(), weight.address(), dx.address(), context.scratch(part), mask));
    }
    return context.overParts(
        slices.grid(),
        part -> slices.runPart(part, dz.address(), weight.address(), dx.address(), mask));
  }

  static long address(Tensor tensor, long row, long column) {
    return tensor.address() + (row * tensor.rowStride() + column) * tensor.dtype().bytes();
  }

  private static MatmulEpilogue epilogue(Activation activation) {
    return switch (activation) {
      case IDENTITY, RELU -> MatmulEpilogue.NONE;
      case TANH -> MatmulEpilogue.TANH;
      case SIGMOID -> MatmulEpilogue.SIGMOID;
      case GELU -> MatmulEpilogue.GELU;
    };
  }
}
