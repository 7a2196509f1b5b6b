package dev.feedlight.device.cpu;

import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;

/**
 * {@code Z = X W^T + bias} by way of {@code Z^T = W X^T}. There dnnl_sgemm takes both operands as
 * they are stored, where {@code X W^T} makes it or {@link Matmul} rearrange the whole weight for
 * every product; X and Z are turned instead, which are smaller by the ratio of weight to batch.
 */
final class TransposedForward {
  private final CpuContext context;
  private final Tensor x;
  private final Tensor z;
  private final Tensor weight;
  private final long bias;
  private final ProductGrid grid;
  private final Runnable turn;

  TransposedForward(CpuContext context, Operation.LinearForward op, Tensor z) {
    this.context = context;
    this.x = op.x();
    this.z = z;
    this.weight = op.weight().value();
    this.bias = op.bias() == null ? 0 : op.bias().value().address();
    this.grid =
        ProductPlan.transposedForward(context.threads(), x.rows(), x.columns(), z.columns());
    context.reserveShared(Float.BYTES * x.rows() * x.columns());
    long widest = 0;
    for (int part = 0; part < grid.parts(); part++) {
      widest = Math.max(widest, rows(part));
    }
    context.reserveScratch(Float.BYTES * widest * x.rows());
    long elements = x.rows() * x.columns();
    this.turn = context.overRange(x.columns(), 16, elements, (_, begin, end) -> turn(begin, end));
  }

  private long rows(int part) {
    return grid.endRow(part) - grid.firstRow(part);
  }

  private void turn(long begin, long end) {
    Transposition.columns(
        context.shared(), x.rows(), x.address(), x.rowStride(), x.rows(), begin, end);
  }

  /** With what is done to each part of the result while it is in cache. */
  Runnable then(PartEpilogue epilogue) {
    Runnable products = context.overParts(grid, part -> multiply(part, epilogue));
    return () -> {
      turn.run();
      products.run();
    };
  }

  private void multiply(int part, PartEpilogue epilogue) {
    long batch = x.rows();
    long first = grid.firstRow(part);
    long rows = rows(part);
    long result = context.scratch(part);
    context
        .oneDnn()
        .sgemm(
            false,
            false,
            rows,
            batch,
            x.columns(),
            1,
            LinearKernels.address(weight, first, 0),
            weight.rowStride(),
            context.shared(),
            batch,
            0,
            result,
            batch);
    Transposition.addingBias(
        LinearKernels.address(z, 0, first),
        z.rowStride(),
        result,
        batch,
        rows,
        batch,
        bias == 0 ? 0 : bias + Float.BYTES * first);
    epilogue.apply(0, batch, first, first + rows);
  }
}
