package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.HALF_SHORTS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_WIDTH;
import static dev.feedlight.device.cpu.VectorMemory.INTS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.IntVector;

/**
 * The rounding of {@link PlainBf16} on vectors; the last few elements by plain loops. Integers
 * only: Java has no bf16 instruction, and memory is the limit anyway.
 */
final class VectorBf16 {
  private static final int MAGNITUDE = 0x7FFFFFFF;
  private static final int INFINITY = 0x7F800000;
  private static final int QUIET = 0x400000;

  private VectorBf16() {}

  static void round(long target, long source, long n) {
    long bytes = INTS.loopBound(n) * Integer.BYTES;
    long to = target;
    for (long at = 0; at < bytes; at += WIDTH) {
      IntVector bits = IntVector.fromMemorySegment(INTS, ALL, source + at, ORDER);
      IntVector rounded = bits.add(bits.lanewise(LSHR, 16).and(1)).add(0x7FFF);
      rounded
          .blend(bits.or(QUIET), bits.and(MAGNITUDE).compare(GT, INFINITY))
          .lanewise(LSHR, 16)
          .convertShape(I2S, HALF_SHORTS, 0)
          .intoMemorySegment(ALL, to, ORDER);
      to += HALF_WIDTH;
    }
    PlainBf16.round(to, source + bytes, n - bytes / Integer.BYTES);
  }
}
