package dev.feedlight.device.cpu;

/** A product by {@link Matmul}, cut into one slice per thread. Made by {@link ProductPlan}. */
final class SlicedMatmul {
  private final MatmulShape shape;
  private final ProductGrid grid;
  private final Matmul[] slices;

  SlicedMatmul(MatmulCache cache, MatmulShape shape, ProductGrid grid) {
    this.shape = shape;
    this.grid = grid;
    this.slices = new Matmul[grid.parts()];
    for (int i = 0; i < slices.length; i++) {
      long rows = grid.endRow(i) - grid.firstRow(i);
      long columns = grid.endColumn(i) - grid.firstColumn(i);
      slices[i] = cache.get(shape.slice(rows, columns));
      slices[i].prepare(i);
    }
  }

  MatmulShape shape() {
    return shape;
  }

  ProductGrid grid() {
    return grid;
  }

  /**
   * Computes one slice in the calling thread; the thread number is the part's. Parts beyond the
   * last do nothing.
   *
   * @param a address of A's first element; likewise b, bias (ignored without one) and c
   */
  void runPart(int part, long a, long b, long bias, long c, PartEpilogue epilogue) {
    if (part >= slices.length) {
      return;
    }
    MatmulTypes types = shape.types();
    long row = grid.firstRow(part);
    long column = grid.firstColumn(part);
    long atA = a + types.bytesIn * row * (shape.transposeA() ? 1 : shape.lda());
    long atB = b + types.bytesIn * column * (shape.transposeB() ? shape.ldb() : 1);
    long atBias = shape.bias() ? bias + Float.BYTES * column : 0;
    long atC = c + MatmulTypes.BYTES_C * (row * shape.ldc() + column);
    slices[part].run(part, atA, atB, atBias, atC);
    epilogue.apply(row, grid.endRow(part), column, grid.endColumn(part));
  }
}
