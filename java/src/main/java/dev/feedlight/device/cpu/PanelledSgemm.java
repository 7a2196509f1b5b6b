package dev.feedlight.device.cpu;

/**
 * {@code C = op(A) B} as {@link SlicedSgemm} cuts it, where B's rows lie a multiple of half a page
 * apart: then all rows of a few columns fall into the same few sets of the caches and drive each
 * other out. Each panel of columns is copied into scratch, where its rows are neighbours.
 */
final class PanelledSgemm {
  /** Columns of a panel: four cache lines of a row; ours, 128 measured the same. */
  private static final long COLUMNS = 64;

  private final OneDnn oneDnn;
  private final MatmulShape shape;
  private final ProductGrid grid;

  /** Takes sizes, strides and cut of a product whose B is not transposed. */
  PanelledSgemm(OneDnn oneDnn, SlicedSgemm product) {
    this.oneDnn = oneDnn;
    this.shape = product.shape();
    this.grid = product.grid();
    if (shape.transposeB()) {
      throw new IllegalArgumentException("panels are of columns as stored, not of " + shape);
    }
  }

  /** Scratch of each part. */
  long scratchBytes() {
    return Float.BYTES * COLUMNS * shape.k();
  }

  /**
   * Computes one slice in the calling thread. Parts beyond the last do nothing.
   *
   * @param a address of A's first element; likewise b and c
   * @param scratch {@link #scratchBytes} bytes of the part's own
   */
  void runPart(int part, long a, long b, long c, long scratch, PartEpilogue epilogue) {
    if (part >= grid.parts()) {
      return;
    }
    long row = grid.firstRow(part);
    long rows = grid.endRow(part) - row;
    long end = grid.endColumn(part);
    long rowsOfA = a + Float.BYTES * row * (shape.transposeA() ? 1 : shape.lda());
    for (long column = grid.firstColumn(part); column < end; column += COLUMNS) {
      long columns = Math.min(COLUMNS, end - column);
      for (long k = 0; k < shape.k(); k++) {
        CpuAddress.copyFloats(
            scratch + Float.BYTES * k * COLUMNS,
            b + Float.BYTES * (k * shape.ldb() + column),
            columns);
      }
      oneDnn.sgemm(
          shape.transposeA(),
          false,
          rows,
          columns,
          shape.k(),
          1,
          rowsOfA,
          shape.lda(),
          scratch,
          COLUMNS,
          0,
          c + Float.BYTES * (row * shape.ldc() + column),
          shape.ldc());
    }
    epilogue.apply(row, row + rows, grid.firstColumn(part), end);
  }
}
