package dev.feedlight.device.cpu;

/**
 * How the result C[rows, columns] of a product is cut into parts, one per thread. The cut depends
 * on the sizes and the number of threads alone, and with it the last bits of the result.
 *
 * @param rowParts parts along the rows
 * @param columnParts parts along the columns; part = row part x columnParts + column part
 */
record ProductGrid(long rows, long columns, int rowParts, int columnParts) {
  /** Columns per unit: a cache line of floats, so that two threads never write the same line. */
  private static final long COLUMN_UNIT = 16;

  /** Rows per unit; ours: below 8 rows a product runs at less than half its speed. */
  private static final long ROW_UNIT = 8;

  /** Fewest operations worth a second thread; ours: 4 us at 150 GFLOP/s, hand-off below 1 us. */
  private static final double LEAST_FLOPS = 600_000;

  /**
   * Cuts the preferred direction as often as it allows, then the other one.
   *
   * @param k length of the inner products
   * @param rowsFirst whether the rows are cut first
   */
  static ProductGrid of(long rows, long columns, long k, int threads, boolean rowsFirst) {
    double flops = 2.0 * rows * columns * k;
    int parts = Math.clamp((long) (flops / LEAST_FLOPS), 1, threads);
    long rowLimit = Math.max(1, rows / ROW_UNIT);
    long columnLimit = Math.max(1, columns / COLUMN_UNIT);
    int rowParts;
    int columnParts;
    if (rowsFirst) {
      rowParts = (int) Math.min(parts, rowLimit);
      columnParts = (int) Math.min(parts / rowParts, columnLimit);
    } else {
      columnParts = (int) Math.min(parts, columnLimit);
      rowParts = (int) Math.min(parts / columnParts, rowLimit);
    }
    return new ProductGrid(rows, columns, rowParts, columnParts);
  }

  int parts() {
    return rowParts * columnParts;
  }

  long firstRow(int part) {
    return boundary(rows, ROW_UNIT, rowParts, part / columnParts);
  }

  /** One past the part's last row. */
  long endRow(int part) {
    return boundary(rows, ROW_UNIT, rowParts, part / columnParts + 1);
  }

  long firstColumn(int part) {
    return boundary(columns, COLUMN_UNIT, columnParts, part % columnParts);
  }

  /** One past the part's last column. */
  long endColumn(int part) {
    return boundary(columns, COLUMN_UNIT, columnParts, part % columnParts + 1);
  }

  private static long boundary(long size, long unit, int parts, int index) {
    return index == parts ? size : size / unit * index / parts * unit;
  }
}
