package dev.feedlight.device.cpu;

/**
 * The gradient dz^T x of a weight matrix W[out, in], made a few rows at a time into a scratch panel
 * that stays in the core's cache, and handed to an optimizer there: the whole gradient never exists.
 * Made by {@link ProductPlan}.
 */
final class GradientPanels {
  /** Most bytes of a panel; ours: a quarter of a 2 MB L2 cache, which W and moments share. */
  private static final long PANEL_BYTES = 512 * 1024;

  private static final long ROW_UNIT = 8;

  /** Uses one panel of the gradient. */
  @FunctionalInterface
  interface Consumer {
    /**
     * Called on the thread that made the panel.
     *
     * @param firstRow first row of W the panel belongs to
     * @param rows number of rows
     * @param panel address of rows x in floats, dense; overwritten afterwards
     */
    void accept(long firstRow, long rows, long panel);
  }

  private final OneDnn oneDnn;
  private final long batch;
  private final long in;
  private final long leadingDz;
  private final long leadingX;
  private final ProductGrid grid;
  private final long panelRows;

  GradientPanels(
      OneDnn oneDnn,
      long batch,
      long in,
      long leadingDz,
      long leadingX,
      ProductGrid grid) {
    if (grid.columnParts() != 1) {
      throw new IllegalArgumentException("panels are whole rows, not " + grid);
    }
    this.oneDnn = oneDnn;
    this.batch = batch;
    this.in = in;
    this.leadingDz = leadingDz;
    this.leadingX = leadingX;
    this.grid = grid;
    long fitting = PANEL_BYTES / (Float.BYTES * in) / ROW_UNIT * ROW_UNIT;
    long longest = grid.endRow(grid.parts() - 1) - grid.firstRow(grid.parts() - 1);
    this.panelRows = Math.min(Math.max(fitting, ROW_UNIT), longest);
  }

  long panelRows() {
    return panelRows;
  }

  ProductGrid grid() {
    return grid;
  }

  /** Floats of scratch memory that a run needs: one panel per part. */
  long scratchFloats() {
    return grid.parts() * panelRows * in;
  }

  /**
   * Makes all panels, each followed by the consumer.
   *
   * @param dz address of dz[batch, out]
   * @param x address of x[batch, in]
   * @param scratch address of {@link #scratchFloats} floats
   */
  void run(Workers workers, long dz, long x, long scratch, Consumer consumer) {
    if (grid.parts() == 1) {
      runPart(0, dz, x, scratch, consumer);
    } else {
      workers.run((thread, threads) -> runPart(thread, dz, x, scratch, consumer));
    }
  }

  /** Makes the panels of one part in the calling thread. Parts beyond the last do nothing. */
  void runPart(int part, long dz, long x, long scratch, Consumer consumer) {
    if (part >= grid.parts()) {
      return;
    }
    long panel = scratch + Float.BYTES * part * panelRows * in;
    long end = grid.endRow(part);
    for (long row = grid.firstRow(part); row < end; row += panelRows) {
      long rows = Math.min(panelRows, end - row);
      oneDnn.sgemm(
          true,
          false,
          rows,
          in,
          batch,
          1,
          dz + Float.BYTES * row,
          leadingDz,
          x,
          leadingX,
          0,
          panel,
          in);
      consumer.accept(row, rows, panel);
    }
  }
}
