package dev.feedlight.device.cpu;

import java.util.Locale;

/**
 * A product {@code C[m,n] = epilogue(op(A)[m,k] op(B)[k,n] + bias[n])}, row-major. Two equal shapes
 * run the same code, so a slice gives the same bits whoever computes it.
 *
 * @param transposeA A is stored as [k,m]
 * @param transposeB B is stored as [n,k], as weights and OPU matrices are
 * @param lda elements from one stored row of A to the next; likewise ldb and ldc
 * @param bias whether a row of n floats is added
 */
record MatmulShape(
    MatmulTypes types,
    long m,
    long n,
    long k,
    boolean transposeA,
    boolean transposeB,
    long lda,
    long ldb,
    long ldc,
    boolean bias,
    MatmulEpilogue epilogue) {
  MatmulShape {
    if (m < 1 || n < 1 || k < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "sizes must be at least 1: m=%d n=%d k=%d", m, n, k));
    }
    requireLeading("A", lda, transposeA ? m : k);
    requireLeading("B", ldb, transposeB ? k : n);
    requireLeading("C", ldc, n);
    boolean integer = types == MatmulTypes.U8S8S32;
    if (integer && (bias || epilogue != MatmulEpilogue.NONE)) {
      throw new IllegalArgumentException(
          types + " products have neither bias nor epilogue: " + bias + ", " + epilogue);
    }
  }

  /** A fp32 product of densely stored matrices without bias. */
  static MatmulShape dense(
      long m, long n, long k, boolean transposeA, boolean transposeB, MatmulEpilogue epilogue) {
    return new MatmulShape(
        MatmulTypes.F32,
        m,
        n,
        k,
        transposeA,
        transposeB,
        transposeA ? m : k,
        transposeB ? k : n,
        n,
        false,
        epilogue);
  }

  /** The same product of rows and columns chosen from a larger one, with its leading dimensions. */
  MatmulShape slice(long rows, long columns) {
    return new MatmulShape(
        types, rows, columns, k, transposeA, transposeB, lda, ldb, ldc, bias, epilogue);
  }

  private static void requireLeading(String matrix, long leading, long least) {
    if (leading < least) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "leading dimension of %s is %d, needs %d", matrix, leading, least));
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s C[%d,%d] = %s(A%s B%s%s) k=%d lda=%d ldb=%d ldc=%d",
        types,
        m,
        n,
        epilogue,
        transposeA ? "^T" : "",
        transposeB ? "^T" : "",
        bias ? " + bias" : "",
        k,
        lda,
        ldb,
        ldc);
  }
}
