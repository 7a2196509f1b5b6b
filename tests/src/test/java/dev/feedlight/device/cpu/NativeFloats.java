package dev.feedlight.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Native arrays for the tests of products. */
final class NativeFloats {
  private NativeFloats() {}

  /** Uniform values in [-1, 1). */
  static MemorySegment random(Arena arena, long count, SplittableRandom random) {
    MemorySegment floats = arena.allocate(Float.BYTES * count, 64);
    for (long i = 0; i < count; i++) {
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
    }
    return floats;
  }

  /** Uniform bytes in [low, high], taken modulo 256. */
  static MemorySegment randomBytes(
      Arena arena, long count, int low, int high, SplittableRandom random) {
    MemorySegment bytes = arena.allocate(count, 64);
    for (long i = 0; i < count; i++) {
      bytes.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(low, high + 1));
    }
    return bytes;
  }

  static float[] read(MemorySegment floats) {
    return floats.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Element (row, column) of op(M) for a stored matrix M with a leading dimension. */
  static float at(float[] matrix, boolean transposed, long leading, long row, long column) {
    return matrix[(int) (transposed ? column * leading + row : row * leading + column)];
  }

  /** Sum over k of op(A)[row, k] op(B)[k, column], in double precision. */
  static double product(MatmulShape shape, float[] a, float[] b, long row, long column) {
    double sum = 0;
    for (long i = 0; i < shape.k(); i++) {
      sum +=
          (double) at(a, shape.transposeA(), shape.lda(), row, i)
              * at(b, shape.transposeB(), shape.ldb(), i, column);
    }
    return sum;
  }

  /**
   * Bound on the rounding of a sum of k products of values uniform in [-1, 1): adding the i-th
   * product (variance 1/9) to a partial sum errs by at most 6e-8 of it, together 0.24 k 6e-8 rms;
   * six times that, and 3e-6 for epilogues (oneDNN's tanh measured 2.6e-6).
   */
  static double tolerance(MatmulShape shape) {
    return 3e-6 + 6 * 0.24 * 6e-8 * shape.k();
  }

  static long storedA(MatmulShape shape) {
    return (shape.transposeA() ? shape.k() : shape.m()) * shape.lda();
  }

  static long storedB(MatmulShape shape) {
    return (shape.transposeB() ? shape.n() : shape.k()) * shape.ldb();
  }
}
