package dev.feedlight.device.cpu;

/**
 * {@code C = alpha op(A) op(B) + beta C} in fp32 by {@code dnnl_sgemm}, cut into one slice per
 * thread. Needs no compiled primitive; alpha and beta are given at run time. Made by {@link
 * ProductPlan}.
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

  /**
   * Computes the product. With beta = 0 the old C is not read.
   *
   * @param a address of A's first float; likewise b and c
   */
  void run(Workers workers, float alpha, long a, long b, float beta, long c) {
    run(workers, alpha, a, b, beta, c, PartEpilogue.NONE);
  }

  /** Computes the product, each slice followed by the epilogue on its thread. */
  void run(
      Workers workers, float alpha, long a, long b, float beta, long c, PartEpilogue epilogue) {
    if (grid.parts() == 1) {
      runPart(0, alpha, a, b, beta, c, epilogue);
    } else {
      workers.run((thread, threads) -> runPart(thread, alpha, a, b, beta, c, epilogue));
    }
  }

  /** Computes one slice in the calling thread. Parts beyond the last do nothing. */
  void runPart(int part, float alpha, long a, long b, float beta, long c, PartEpilogue epilogue) {
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
        alpha,
        a + Float.BYTES * row * (shape.transposeA() ? 1 : shape.lda()),
        shape.lda(),
        b + Float.BYTES * column * (shape.transposeB() ? shape.ldb() : 1),
        shape.ldb(),
        beta,
        c + Float.BYTES * (row * shape.ldc() + column),
        shape.ldc());
    epilogue.apply(row, endRow, column, endColumn);
  }
}
