package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.DOUBLES;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_WIDTH;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** The column sums of {@link PlainSums}: lanes are columns, rows in ascending order. */
final class VectorColumns {
  /** Bytes of the four vectors that are summed side by side. */
  private static final int STRIP = 4 * WIDTH;

  private VectorColumns() {}

  static void sums(long out, long x, long stride, long rows, long columns) {
    long step = stride * Float.BYTES;
    long strips = columns * Float.BYTES / STRIP * STRIP;
    for (long at = 0; at < strips; at += STRIP) {
      strip(out + at, x + at, step, rows);
    }
    long bytes = FLOATS.loopBound(columns) * Float.BYTES;
    for (long at = strips; at < bytes; at += WIDTH) {
      vector(out + at, x + at, step, rows);
    }
    PlainSums.columnSums(out + bytes, x + bytes, stride, rows, columns - bytes / Float.BYTES);
  }

  private static void strip(long out, long x, long step, long rows) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    for (long r = 0; r < rows; r++) {
      long at = x + r * step;
      sum0 = sum0.add(FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER));
      sum1 = sum1.add(FloatVector.fromMemorySegment(FLOATS, ALL, at + WIDTH, ORDER));
      sum2 = sum2.add(FloatVector.fromMemorySegment(FLOATS, ALL, at + 2L * WIDTH, ORDER));
      sum3 = sum3.add(FloatVector.fromMemorySegment(FLOATS, ALL, at + 3L * WIDTH, ORDER));
    }
    sum0.intoMemorySegment(ALL, out, ORDER);
    sum1.intoMemorySegment(ALL, out + WIDTH, ORDER);
    sum2.intoMemorySegment(ALL, out + 2L * WIDTH, ORDER);
    sum3.intoMemorySegment(ALL, out + 3L * WIDTH, ORDER);
  }

  private static void vector(long out, long x, long step, long rows) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (long r = 0; r < rows; r++) {
      sum = sum.add(FloatVector.fromMemorySegment(FLOATS, ALL, x + r * step, ORDER));
    }
    sum.intoMemorySegment(ALL, out, ORDER);
  }

  static void subtractMeans(long x, long stride, long rows, long columns) {
    long bytes = HALF_FLOATS.loopBound(columns) * Float.BYTES;
    for (long at = 0; at < bytes; at += HALF_WIDTH) {
      centre(x + at, stride * Float.BYTES, rows);
    }
    PlainSums.subtractColumnMeans(x + bytes, stride, rows, columns - bytes / Float.BYTES);
  }

  private static void centre(long x, long step, long rows) {
    DoubleVector sum = DoubleVector.zero(DOUBLES);
    for (long r = 0; r < rows; r++) {
      sum =
          sum.add(
              FloatVector.fromMemorySegment(HALF_FLOATS, ALL, x + r * step, ORDER)
                  .convertShape(F2D, DOUBLES, 0));
    }
    FloatVector mean = (FloatVector) sum.div((double) rows).convertShape(D2F, HALF_FLOATS, 0);
    for (long r = 0; r < rows; r++) {
      FloatVector.fromMemorySegment(HALF_FLOATS, ALL, x + r * step, ORDER)
          .sub(mean)
          .intoMemorySegment(ALL, x + r * step, ORDER);
    }
  }
}
