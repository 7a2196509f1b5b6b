package dev.feedlight.device.cpu;

import dev.feedlight.tensor.Tensor;

/**
 * A matrix rounded to bf16, in the scratch that all threads share: one thread's part of a product
 * needs all of its left operand. Each thread rounds some rows; the copy is valid until another
 * operation runs.
 */
final class Bf16Copy {
  /** Elements in a cache line, so that every row begins with one. */
  private static final long LINE = 32;

  /** Rounding an element takes an eighth of what an activation takes (ours, measured). */
  private static final long CHEAPER = 8;

  private final CpuContext context;
  private final long stride;
  private final Runnable round;

  Bf16Copy(CpuContext context, Tensor source) {
    this.context = context;
    this.stride = stride(source.columns());
    context.reserveShared(Short.BYTES * source.rows() * stride);
    this.round =
        context.overRange(
            source.rows(),
            1,
            source.shape().elements() / CHEAPER,
            (_, begin, end) ->
                context
                    .loops()
                    .toBf16(
                        address(begin, 0),
                        stride,
                        LinearKernels.address(source, begin, 0),
                        source.rowStride(),
                        end - begin,
                        source.columns()));
  }

  /** Elements from one row of a copy to the next. */
  static long stride(long columns) {
    return Math.ceilDiv(columns, LINE) * LINE;
  }

  long stride() {
    return stride;
  }

  /** Makes the copy. */
  void round() {
    round.run();
  }

  /** Address of an element of the copy. */
  long address(long row, long column) {
    return context.shared() + Short.BYTES * (row * stride + column);
  }
}
