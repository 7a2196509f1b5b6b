package dev.feedlight.device.cpu;

/**
 * {@code C = op(A) op(B)} in fp32 by {@code dnnl_sgemm}, cut into one slice per thread. Needs no
 * compiled primitive. Made by {@link ProductPlan}.
 */
final class SlicedSgemm {
  private final OneDnn oneDnn;
  private final MatmulShape shape;
  private final ProductGrid grid;

  /**
   * Takes the sizes and strides of the shape.
   *
   * @param shape fp32, without bias and epilogue
   */
  SlicedSgemm(OneDnn oneDnn, MatmulShape shape, ProductGrid grid) {
    boolean plain = shape.types() == MatmulTypes.F32 && shape.epilogue() == MatmulEpilogue.NONE;
    if (!plain || shape.bias()) {
      throw new IllegalArgumentException("sgemm cannot do " + shape);
    }
    this.oneDnn = oneDnn;
    this.shape = shape;
    this.grid = grid;
  }

  MatmulShape shape() {
    return shape;
  }

  ProductGrid grid() {
    return grid;
  }

  /** Computes one slice in the calling thread. Parts beyond the last do nothing. */
  void runPart(int part, long a, long b, long c, PartEpilogue epilogue) {
    if (part >= grid.parts()) {
      return;
    }
    long row = grid.firstRow(part);
    long endRow = grid.endRow(part);
    long column = grid.firstColumn(part);
    long endColumn = grid.endColumn(part);
    oneDnn.sgemm(
        shape.transposeA(),
        shape.transposeB(),
        endRow - row,
        endColumn - column,
        shape.k(),
        1,
        a + Float.BYTES * row * (shape.transposeA() ? 1 : shape.lda()),
        shape.lda(),
        b + Float.BYTES * column * (shape.transposeB() ? shape.ldb() : 1),
        shape.ldb(),
        0,
        c + Float.BYTES * (row * shape.ldc() + column),
        shape.ldc());
    epilogue.apply(row, endRow, column, endColumn);
  }
}
