package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes tiles of 8 x 8 in registers: for s = 1, 2, 4 the blocks of s x s beside the diagonal
 * of each block of 2s x 2s change places. Edges go one by one. Written out, because vectors in an
 * array would be boxed; 256 bits, because sixteen longer vectors and their copies do not fit the
 * registers of AVX2.
 */
final class VectorTransposition {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
  private static final int SIDE = 8;

  private static final VectorShuffle<Float> UP_1 = up(1);
  private static final VectorShuffle<Float> UP_2 = up(2);
  private static final VectorShuffle<Float> UP_4 = up(4);
  private static final VectorShuffle<Float> DOWN_1 = down(1);
  private static final VectorShuffle<Float> DOWN_2 = down(2);
  private static final VectorShuffle<Float> DOWN_4 = down(4);
  private static final VectorMask<Float> ODD_1 = odd(1);
  private static final VectorMask<Float> ODD_2 = odd(2);
  private static final VectorMask<Float> ODD_4 = odd(4);

  private VectorTransposition() {}

  private static VectorShuffle<Float> up(int s) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane & s) == 0 ? lane : lane - s);
  }

  private static VectorShuffle<Float> down(int s) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane & s) == 0 ? lane + s : lane);
  }

  private static VectorMask<Float> odd(int s) {
    long bits = 0;
    for (int lane = 0; lane < SIDE; lane++) {
      bits |= (lane & s) == 0 ? 0 : 1L << lane;
    }
    return VectorMask.fromLong(FLOATS, bits);
  }

  /** See {@link Loops#transpose}. */
  static void transpose(
      long target,
      long targetStride,
      long source,
      long sourceStride,
      long rows,
      long columns,
      long bias) {
    long wholeRows = rows - rows % SIDE;
    long wholeColumns = columns - columns % SIDE;
    for (long column = 0; column < wholeColumns; column += SIDE) {
      long to = target + Float.BYTES * column * targetStride;
      tiles(to, 4 * targetStride, source + Float.BYTES * column, 4 * sourceStride, wholeRows, bias);
    }
    if (wholeColumns < columns) {
      PlainTransposition.transpose(
          target + Float.BYTES * wholeColumns * targetStride,
          targetStride,
          source + Float.BYTES * wholeColumns,
          sourceStride,
          wholeRows,
          columns - wholeColumns,
          bias);
    }
    if (wholeRows < rows) {
      PlainTransposition.transpose(
          target + Float.BYTES * wholeRows,
          targetStride,
          source + Float.BYTES * wholeRows * sourceStride,
          sourceStride,
          rows - wholeRows,
          columns,
          bias == 0 ? 0 : bias + Float.BYTES * wholeRows);
    }
  }

  /** Tiles below each other, whose results lie side by side; strides count bytes. */
  private static void tiles(
      long target, long targetStride, long source, long sourceStride, long rows, long bias) {
    for (long row = 0; row < rows; row += SIDE) {
      long at = Float.BYTES * row;
      if (bias == 0) {
        tile(target + at, targetStride, source + row * sourceStride, sourceStride);
      } else {
        tile(target + at, targetStride, source + row * sourceStride, sourceStride, bias + at);
      }
    }
  }

  private static void tile(long target, long targetStride, long source, long sourceStride) {
    FloatVector r0 = FloatVector.fromMemorySegment(FLOATS, ALL, source, ORDER);
    FloatVector r1 = FloatVector.fromMemorySegment(FLOATS, ALL, source + sourceStride, ORDER);
    FloatVector r2 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 2 * sourceStride, ORDER);
    FloatVector r3 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 3 * sourceStride, ORDER);
    FloatVector r4 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 4 * sourceStride, ORDER);
    FloatVector r5 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 5 * sourceStride, ORDER);
    FloatVector r6 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 6 * sourceStride, ORDER);
    FloatVector r7 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 7 * sourceStride, ORDER);
    FloatVector a0 = r0.blend(r1.rearrange(UP_1), ODD_1);
    FloatVector a1 = r0.rearrange(DOWN_1).blend(r1, ODD_1);
    FloatVector a2 = r2.blend(r3.rearrange(UP_1), ODD_1);
    FloatVector a3 = r2.rearrange(DOWN_1).blend(r3, ODD_1);
    FloatVector a4 = r4.blend(r5.rearrange(UP_1), ODD_1);
    FloatVector a5 = r4.rearrange(DOWN_1).blend(r5, ODD_1);
    FloatVector a6 = r6.blend(r7.rearrange(UP_1), ODD_1);
    FloatVector a7 = r6.rearrange(DOWN_1).blend(r7, ODD_1);
    FloatVector b0 = a0.blend(a2.rearrange(UP_2), ODD_2);
    FloatVector b2 = a0.rearrange(DOWN_2).blend(a2, ODD_2);
    FloatVector b1 = a1.blend(a3.rearrange(UP_2), ODD_2);
    FloatVector b3 = a1.rearrange(DOWN_2).blend(a3, ODD_2);
    FloatVector b4 = a4.blend(a6.rearrange(UP_2), ODD_2);
    FloatVector b6 = a4.rearrange(DOWN_2).blend(a6, ODD_2);
    FloatVector b5 = a5.blend(a7.rearrange(UP_2), ODD_2);
    FloatVector b7 = a5.rearrange(DOWN_2).blend(a7, ODD_2);
    FloatVector c0 = b0.blend(b4.rearrange(UP_4), ODD_4);
    FloatVector c4 = b0.rearrange(DOWN_4).blend(b4, ODD_4);
    FloatVector c1 = b1.blend(b5.rearrange(UP_4), ODD_4);
    FloatVector c5 = b1.rearrange(DOWN_4).blend(b5, ODD_4);
    FloatVector c2 = b2.blend(b6.rearrange(UP_4), ODD_4);
    FloatVector c6 = b2.rearrange(DOWN_4).blend(b6, ODD_4);
    FloatVector c3 = b3.blend(b7.rearrange(UP_4), ODD_4);
    FloatVector c7 = b3.rearrange(DOWN_4).blend(b7, ODD_4);
    c0.intoMemorySegment(ALL, target, ORDER);
    c1.intoMemorySegment(ALL, target + targetStride, ORDER);
    c2.intoMemorySegment(ALL, target + 2 * targetStride, ORDER);
    c3.intoMemorySegment(ALL, target + 3 * targetStride, ORDER);
    c4.intoMemorySegment(ALL, target + 4 * targetStride, ORDER);
    c5.intoMemorySegment(ALL, target + 5 * targetStride, ORDER);
    c6.intoMemorySegment(ALL, target + 6 * targetStride, ORDER);
    c7.intoMemorySegment(ALL, target + 7 * targetStride, ORDER);
  }

  private static void tile(
      long target, long targetStride, long source, long sourceStride, long bias) {
    FloatVector added = FloatVector.fromMemorySegment(FLOATS, ALL, bias, ORDER);
    FloatVector r0 = FloatVector.fromMemorySegment(FLOATS, ALL, source, ORDER);
    FloatVector r1 = FloatVector.fromMemorySegment(FLOATS, ALL, source + sourceStride, ORDER);
    FloatVector r2 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 2 * sourceStride, ORDER);
    FloatVector r3 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 3 * sourceStride, ORDER);
    FloatVector r4 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 4 * sourceStride, ORDER);
    FloatVector r5 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 5 * sourceStride, ORDER);
    FloatVector r6 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 6 * sourceStride, ORDER);
    FloatVector r7 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 7 * sourceStride, ORDER);
    FloatVector a0 = r0.blend(r1.rearrange(UP_1), ODD_1);
    FloatVector a1 = r0.rearrange(DOWN_1).blend(r1, ODD_1);
    FloatVector a2 = r2.blend(r3.rearrange(UP_1), ODD_1);
    FloatVector a3 = r2.rearrange(DOWN_1).blend(r3, ODD_1);
    FloatVector a4 = r4.blend(r5.rearrange(UP_1), ODD_1);
    FloatVector a5 = r4.rearrange(DOWN_1).blend(r5, ODD_1);
    FloatVector a6 = r6.blend(r7.rearrange(UP_1), ODD_1);
    FloatVector a7 = r6.rearrange(DOWN_1).blend(r7, ODD_1);
    FloatVector b0 = a0.blend(a2.rearrange(UP_2), ODD_2);
    FloatVector b2 = a0.rearrange(DOWN_2).blend(a2, ODD_2);
    FloatVector b1 = a1.blend(a3.rearrange(UP_2), ODD_2);
    FloatVector b3 = a1.rearrange(DOWN_2).blend(a3, ODD_2);
    FloatVector b4 = a4.blend(a6.rearrange(UP_2), ODD_2);
    FloatVector b6 = a4.rearrange(DOWN_2).blend(a6, ODD_2);
    FloatVector b5 = a5.blend(a7.rearrange(UP_2), ODD_2);
    FloatVector b7 = a5.rearrange(DOWN_2).blend(a7, ODD_2);
    FloatVector c0 = b0.blend(b4.rearrange(UP_4), ODD_4);
    FloatVector c4 = b0.rearrange(DOWN_4).blend(b4, ODD_4);
    FloatVector c1 = b1.blend(b5.rearrange(UP_4), ODD_4);
    FloatVector c5 = b1.rearrange(DOWN_4).blend(b5, ODD_4);
    FloatVector c2 = b2.blend(b6.rearrange(UP_4), ODD_4);
    FloatVector c6 = b2.rearrange(DOWN_4).blend(b6, ODD_4);
    FloatVector c3 = b3.blend(b7.rearrange(UP_4), ODD_4);
    FloatVector c7 = b3.rearrange(DOWN_4).blend(b7, ODD_4);
    c0.add(added).intoMemorySegment(ALL, target, ORDER);
    c1.add(added).intoMemorySegment(ALL, target + targetStride, ORDER);
    c2.add(added).intoMemorySegment(ALL, target + 2 * targetStride, ORDER);
    c3.add(added).intoMemorySegment(ALL, target + 3 * targetStride, ORDER);
    c4.add(added).intoMemorySegment(ALL, target + 4 * targetStride, ORDER);
    c5.add(added).intoMemorySegment(ALL, target + 5 * targetStride, ORDER);
    c6.add(added).intoMemorySegment(ALL, target + 6 * targetStride, ORDER);
    c7.add(added).intoMemorySegment(ALL, target + 7 * targetStride, ORDER);
  }
}
