package dev.feedlight.device.cpu;

/**
 * Which code and which cut serve each product of training best: decided by measurement, with two
 * threads on a Xeon with AMX (453 GFLOP/s peak), GFLOP/s for batch 32 / 128 and width 1024.
 *
 * <ul>
 *   <li>forward, Y = X W^T: columns cut, {@link Matmul} 251 / 320, sgemm 248 / 303; rows cut 176 /
 *       289. Matmul also applies bias and activation. Several slices per thread gain nothing.
 *   <li>backward, dX = dZ W: columns cut, sgemm 257 / 320, Matmul 186 / 290.
 *   <li>update, W += alpha dZ^T X: rows cut, sgemm 332 / 354, Matmul with the sum post-op 265 /
 *       333; columns cut 217 / 353.
 * </ul>
 *
 * Weights are W[out, in], row-major. All leading dimensions are elements from one stored row to the
 * next.
 */
final class ProductPlan {
  /** Fewest operations for which matrices are turned; ours, below it the calls weigh more. */
  private static final double LEAST_FLOPS = 600_000;

  /** Narrower results than a vector gain nothing; ours. */
  private static final long LEAST_BATCH = 16;

  /** Elements of the weight for each one that is turned: from there it gains, measured; ours. */
  private static final long LEAST_RATIO = 3;

  /** Distance of rows, in bytes, at whose multiples they share sets of the caches. */
  private static final long ALIASING_BYTES = 2048;

  private ProductPlan() {}

  /**
   * Y[batch, out] = epilogue(X[batch, in] W^T + bias). Run it with (x, w, bias, y).
   *
   * @throws OneDnnException if oneDNN has no code for it
   */
  static SlicedMatmul forward(
      MatmulCache cache,
      int threads,
      long batch,
      long in,
      long out,
      long leadingX,
      long leadingW,
      long leadingY,
      boolean bias,
      MatmulEpilogue epilogue) {
    MatmulShape shape =
        new MatmulShape(
            MatmulTypes.F32,
            batch,
            out,
            in,
            false,
            true,
            leadingX,
            leadingW,
            leadingY,
            bias,
            epilogue);
    return new SlicedMatmul(cache, shape, ProductGrid.of(batch, out, in, threads, false));
  }

  /**
   * Whether {@link TransposedForward} does the forward product: turning X and Z costs batch (in +
   * out), what it saves is in x out.
   *
   * <p>Two threads on a Zen 5, forward passes inside steps of DFA, GFLOP/s with and without, by
   * that ratio: 256 wide, batch 32 (4) 314 and 155; 1024 wide, batch 128 (4) 318 and 282; 1024,
   * batch 256 (2) 350 and 341; 256, batch 64 (2) 193 and 237; 512, batch 128 (2) 241 and 280; 256,
   * batch 128 (1) 220 and 288.
   */
  static boolean transposesForward(long batch, long in, long out) {
    return 2.0 * batch * in * out >= LEAST_FLOPS
        && batch >= LEAST_BATCH
        && in * out >= LEAST_RATIO * batch * (in + out);
  }

  /** Cut of Z^T[out, batch] = W X^T; each part is one dnnl_sgemm. */
  static ProductGrid transposedForward(int threads, long batch, long in, long out) {
    return ProductGrid.of(out, batch, in, threads, true);
  }

  /** dX[batch, in] = dZ[batch, out] W. Run it with (dz, w, dx). */
  static SlicedSgemm backwardInput(
      OneDnn oneDnn,
      int threads,
      long batch,
      long in,
      long out,
      long leadingDz,
      long leadingW,
      long leadingDx) {
    MatmulShape shape = plain(batch, in, out, false, false, leadingDz, leadingW, leadingDx);
    return new SlicedSgemm(oneDnn, shape, ProductGrid.of(batch, in, out, threads, false));
  }

  /**
   * Whether {@link PanelledSgemm} does the product for dX: without AVX-512 oneDNN does not
   * rearrange W for so few rows of dX.
   *
   * <p>One thread of a Zen 3, best of 200, GFLOP/s with panels and without: 512 wide, batch 16 65
   * and 54, 32 77 and 54, 64 87 and 59; 1024 wide 64 and 45, 73 and 42, 76 and 44; 1024 wide, batch
   * 8 46 and 37, batch 4 31 and 42; 256 wide, batch 32 78 and 90.
   */
  static boolean panelsBackwardInput(OneDnn oneDnn, long batch, long leadingW) {
    return !oneDnn.avx512() && batch >= LEAST_BATCH && Float.BYTES * leadingW % ALIASING_BYTES == 0;
  }

  /** Cut of the update W[out, in] += alpha dZ^T X; each part is one dnnl_sgemm. */
  static ProductGrid update(int threads, long batch, long in, long out) {
    return ProductGrid.of(out, in, batch, threads, true);
  }

  private static MatmulShape plain(
      long m,
      long n,
      long k,
      boolean transposeA,
      boolean transposeB,
      long lda,
      long ldb,
      long ldc) {
    return new MatmulShape(
        MatmulTypes.F32,
        m,
        n,
        k,
        transposeA,
        transposeB,
        lda,
        ldb,
        ldc,
        false,
        MatmulEpilogue.NONE);
  }
}
