package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.DOUBLES;
import static dev.feedlight.device.cpu.VectorMemory.DOUBLE_LANES;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.INTS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The sums over rows of {@link PlainSums} in the same order: one pass over the row for each vector
 * of strands, so that the code does not depend on how many vectors make {@link PlainSums#PARTIALS}.
 */
final class VectorSums {
  private static final int PARTIALS = PlainSums.PARTIALS;

  /** Bytes from one element of a strand to the next. */
  static final int STEP = PARTIALS * Float.BYTES;

  private static final int MAGNITUDE = 0x7FFFFFFF;

  /** Bytes that are checked between two looks at the result. */
  private static final int FINITE_BYTES = 1 << 14;

  private VectorSums() {}

  static double sumOfSquares(long x, long n, double[] strands) {
    long bytes = (n - n % PARTIALS) * Float.BYTES;
    for (int strand = 0; strand < PARTIALS; strand += DOUBLE_LANES) {
      squares(strands, strand, x, bytes);
    }
    for (int i = 0; i < n % PARTIALS; i++) {
      double value = CpuAddress.getFloat(x + bytes, i);
      strands[i] += value * value;
    }
    return PlainSums.tree(strands);
  }

  private static void squares(double[] strands, int strand, long x, long bytes) {
    DoubleVector sum = DoubleVector.zero(DOUBLES);
    for (long at = (long) strand * Float.BYTES; at < bytes; at += STEP) {
      DoubleVector v =
          (DoubleVector)
              FloatVector.fromMemorySegment(HALF_FLOATS, ALL, x + at, ORDER)
                  .convertShape(F2D, DOUBLES, 0);
      sum = sum.add(v.mul(v));
    }
    sum.intoArray(strands, strand);
  }

  static double sum(long x, long n, double[] strands) {
    long bytes = (n - n % PARTIALS) * Float.BYTES;
    for (int strand = 0; strand < PARTIALS; strand += DOUBLE_LANES) {
      values(strands, strand, x, bytes);
    }
    for (int i = 0; i < n % PARTIALS; i++) {
      strands[i] += CpuAddress.getFloat(x + bytes, i);
    }
    return PlainSums.tree(strands);
  }

  private static void values(double[] strands, int strand, long x, long bytes) {
    DoubleVector sum = DoubleVector.zero(DOUBLES);
    for (long at = (long) strand * Float.BYTES; at < bytes; at += STEP) {
      sum =
          sum.add(
              FloatVector.fromMemorySegment(HALF_FLOATS, ALL, x + at, ORDER)
                  .convertShape(F2D, DOUBLES, 0));
    }
    sum.intoArray(strands, strand);
  }

  static double dot(long x, long y, long n, double[] strands) {
    long bytes = (n - n % PARTIALS) * Float.BYTES;
    for (int strand = 0; strand < PARTIALS; strand += DOUBLE_LANES) {
      products(strands, strand, x, y, bytes);
    }
    for (int i = 0; i < n % PARTIALS; i++) {
      strands[i] += (double) CpuAddress.getFloat(x + bytes, i) * CpuAddress.getFloat(y + bytes, i);
    }
    return PlainSums.tree(strands);
  }

  private static void products(double[] strands, int strand, long x, long y, long bytes) {
    DoubleVector sum = DoubleVector.zero(DOUBLES);
    for (long at = (long) strand * Float.BYTES; at < bytes; at += STEP) {
      DoubleVector left =
          (DoubleVector)
              FloatVector.fromMemorySegment(HALF_FLOATS, ALL, x + at, ORDER)
                  .convertShape(F2D, DOUBLES, 0);
      DoubleVector right =
          (DoubleVector)
              FloatVector.fromMemorySegment(HALF_FLOATS, ALL, y + at, ORDER)
                  .convertShape(F2D, DOUBLES, 0);
      sum = sum.add(left.mul(right));
    }
    sum.intoArray(strands, strand);
  }

  static boolean allFinite(long x, long n) {
    long bytes = INTS.loopBound(n) * Integer.BYTES;
    for (long done = 0; done < bytes; done += FINITE_BYTES) {
      if (largest(x + done, Math.min(FINITE_BYTES, bytes - done)) >= PlainSums.EXPONENT) {
        return false;
      }
    }
    return PlainSums.allFinite(x + bytes, n - bytes / Integer.BYTES);
  }

  /** Bits of the largest magnitude. */
  private static int largest(long x, long bytes) {
    IntVector largest = IntVector.zero(INTS);
    for (long at = 0; at < bytes; at += WIDTH) {
      largest = largest.max(IntVector.fromMemorySegment(INTS, ALL, x + at, ORDER).and(MAGNITUDE));
    }
    return largest.reduceLanes(MAX);
  }

  static void accumulate(long target, long source, long n, float beta) {
    long bytes = beta == 0 ? 0 : FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, target + at, ORDER)
          .mul(beta)
          .add(FloatVector.fromMemorySegment(FLOATS, ALL, source + at, ORDER))
          .intoMemorySegment(ALL, target + at, ORDER);
    }
    PlainSums.accumulate(target + bytes, source + bytes, n - bytes / Float.BYTES, beta);
  }

  static void scale(long target, long source, long n, float factor) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, source + at, ORDER)
          .mul(factor)
          .intoMemorySegment(ALL, target + at, ORDER);
    }
    PlainSums.scale(target + bytes, source + bytes, n - bytes / Float.BYTES, factor);
  }
}
