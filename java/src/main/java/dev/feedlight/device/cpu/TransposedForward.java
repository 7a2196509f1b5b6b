package dev.feedlight.device.cpu;

import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;

/**
 * {@code Z = X W^T + bias} by way of {@code Z^T = W X^T}. There dnnl_sgemm takes both operands as
 * they are stored, where {@code X W^T} makes it or {@link Matmul} rearrange the whole weight for
 * every product; X and Z are turned instead, which are smaller by the ratio of weight to batch.
 */
final class TransposedForward {
  /**
   * Elements of X up to which each thread turns all of it for itself; ours: below, lines that go
   * from one core to the other and a second hand-off cost more than turning twice.
   */
  private static final long PRIVATE_ELEMENTS = 64 * 1024;

  private final CpuContext context;
  private final Tensor x;
  private final Tensor z;
  private final Tensor weight;
  private final long bias;
  private final ProductGrid grid;
  private final boolean shared;

  TransposedForward(CpuContext context, Operation.LinearForward op, Tensor z) {
    this.context = context;
    this.x = op.x();
    this.z = z;
    this.weight = op.weight().value();
    this.bias = op.bias() == null ? 0 : op.bias().value().address();
    this.grid =
        ProductPlan.transposedForward(context.threads(), x.rows(), x.columns(), z.columns());
    this.shared = grid.parts() > 1 && x.shape().elements() > PRIVATE_ELEMENTS;
    long widest = 0;
    for (int part = 0; part < grid.parts(); part++) {
      widest = Math.max(widest, rows(part));
    }
    context.reserveScratch(Float.BYTES * x.rows() * widest + (shared ? 0 : turnedBytes()));
    if (shared) {
      context.reserveShared(turnedBytes());
    }
  }

  private long turnedBytes() {
    return Float.BYTES * x.rows() * x.columns();
  }

  private long rows(int part) {
    return grid.endRow(part) - grid.firstRow(part);
  }

  /** With what is done to each part of the result while it is in cache. */
  Runnable then(PartEpilogue epilogue) {
    if (!shared) {
      return context.overParts(
          grid,
          part -> {
            long turned = context.scratch(part);
            turn(turned, 0, x.columns());
            multiply(part, turned, turned + turnedBytes(), epilogue);
          });
    }
    Runnable turn =
        context.overRange(
            x.columns(),
            16,
            x.shape().elements(),
            (_, begin, end) -> turn(context.shared(), begin, end));
    Runnable products =
        context.overParts(
            grid, part -> multiply(part, context.shared(), context.scratch(part), epilogue));
    return () -> {
      turn.run();
      products.run();
    };
  }

  private void turn(long target, long begin, long end) {
    long batch = x.rows();
    context
        .loops()
        .transpose(
            target + Float.BYTES * begin * batch,
            batch,
            LinearKernels.address(x, 0, begin),
            x.rowStride(),
            batch,
            end - begin,
            0);
  }

  private void multiply(int part, long turned, long result, PartEpilogue epilogue) {
    long batch = x.rows();
    long first = grid.firstRow(part);
    long rows = rows(part);
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
            turned,
            batch,
            0,
            result,
            batch);
    context
        .loops()
        .transpose(
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
