package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.copyFloats;
import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.getInt;
import static dev.feedlight.device.cpu.CpuAddress.setFloat;

/**
 * Sums and what needs them. Sums over a row run in double in {@link #PARTIALS} strands, element i
 * in strand i mod 16; the strands are then added pairwise, the upper half to the lower half, four
 * times. The order does not depend on the machine's vectors.
 */
final class PlainSums {
  /** Strands of a sum; ours: two AVX-512 or four AVX2 vectors of double. */
  static final int PARTIALS = 16;

  /** All exponent bits: the magnitude of infinity; NaN is above. */
  static final int EXPONENT = 0x7F800000;

  private PlainSums() {}

  /** A term of a sum. */
  @FunctionalInterface
  interface Term {
    double at(long base, long index);
  }

  static double sumOfSquares(long x, long n) {
    return sum(PlainSums::square, x, n);
  }

  static double sum(long x, long n) {
    return sum(PlainSums::value, x, n);
  }

  private static double square(long base, long index) {
    double value = getFloat(base, index);
    return value * value;
  }

  private static double value(long base, long index) {
    return getFloat(base, index);
  }

  private static double sum(Term term, long x, long n) {
    double[] strands = new double[PARTIALS];
    for (long i = 0; i < n; i++) {
      strands[(int) (i % PARTIALS)] += term.at(x, i);
    }
    return tree(strands);
  }

  /** Adds the strands; destroys them. */
  static double tree(double[] strands) {
    for (int width = PARTIALS / 2; width > 0; width /= 2) {
      for (int j = 0; j < width; j++) {
        strands[j] += strands[j + width];
      }
    }
    return strands[0];
  }

  static void columnSums(long out, long x, long xStride, long rows, long columns) {
    for (long c = 0; c < columns; c++) {
      float sum = 0;
      for (long r = 0; r < rows; r++) {
        sum += getFloat(x, r * xStride + c);
      }
      setFloat(out, c, sum);
    }
  }

  /** Means in double, rows in ascending order, rounded once. */
  static void subtractColumnMeans(long x, long stride, long rows, long columns) {
    for (long c = 0; c < columns; c++) {
      double sum = 0;
      for (long r = 0; r < rows; r++) {
        sum += getFloat(x, r * stride + c);
      }
      float mean = (float) (sum / rows);
      for (long r = 0; r < rows; r++) {
        setFloat(x, r * stride + c, getFloat(x, r * stride + c) - mean);
      }
    }
  }

  static boolean allFinite(long x, long n) {
    for (long i = 0; i < n; i++) {
      if ((getInt(x, i) & EXPONENT) == EXPONENT) {
        return false;
      }
    }
    return true;
  }

  static void accumulate(long target, long source, long n, float beta) {
    if (beta == 0) { // the target may never have been written
      copyFloats(target, source, n);
      return;
    }
    for (long i = 0; i < n; i++) {
      setFloat(target, i, getFloat(target, i) * beta + getFloat(source, i));
    }
  }

  static void scale(long target, long source, long n, float factor) {
    for (long i = 0; i < n; i++) {
      setFloat(target, i, getFloat(source, i) * factor);
    }
  }
}
