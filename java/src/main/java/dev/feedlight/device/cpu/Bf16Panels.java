package dev.feedlight.device.cpu;

/**
 * The gradient panels of one thread's part of an update, {@code signal^T x} of operands rounded to
 * bf16, summed in fp32. The part's signal is rounded after its mask, into the thread's scratch; x
 * is rounded once for all threads.
 */
final class Bf16Panels {
  /**
   * Fewest rows of a panel: oneDNN arranges x anew for each. Measured at width 1024 and 3072
   * against 256 rows: 128 rows 0 to 5 % slower, 64 rows up to 15 %, 32 rows 25 to 40 %.
   */
  static final long LEAST_ROWS = 128;

  private final CpuContext context;
  private final int part;
  private final Bf16Copy x;
  private final long column;
  private final long batch;
  private final long rows;
  private final long stride;
  private final long panelRows;
  private final Matmul full;
  private final Matmul last;

  /**
   * Takes columns [column, column + columns) of x and {@code rows} columns of the signal.
   *
   * @param panelRows rows of all panels but the last
   */
  Bf16Panels(
      CpuContext context,
      int part,
      Bf16Copy x,
      long batch,
      long rows,
      long column,
      long columns,
      long panelRows) {
    this.context = context;
    this.part = part;
    this.x = x;
    this.column = column;
    this.batch = batch;
    this.rows = rows;
    this.stride = Bf16Copy.stride(rows);
    this.panelRows = panelRows;
    this.full = product(panelRows, columns);
    this.last = rows % panelRows == 0 ? null : product(rows % panelRows, columns);
  }

  private Matmul product(long count, long columns) {
    return context.product(
        new MatmulShape(
            MatmulTypes.BF16BF16F32,
            count,
            columns,
            batch,
            true,
            false,
            stride,
            x.stride(),
            columns,
            false,
            MatmulEpilogue.NONE));
  }

  /** Bytes of the rounded signal. */
  long signalBytes() {
    return Short.BYTES * batch * stride;
  }

  /** Rounds the part's signal. */
  void round(long rounded, long signal, long signalStride) {
    context.loops().toBf16(rounded, stride, signal, signalStride, batch, rows);
  }

  /** Writes a panel that begins at a row of the part, densely. */
  void multiply(long rounded, long row, long panel) {
    (rows - row < panelRows ? last : full)
        .run(part, rounded + Short.BYTES * row, x.address(0, column), 0, panel);
  }
}
