package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes tiles of 8 x 8: for s = 1, 2, 4 the blocks of s x s beside the diagonal of each block
 * of 2s x 2s change places, s = 1 and 2 in four rows at a time, s = 4 in two. Edges go one by one.
 * Written out, because vectors in an array would be boxed; in two methods with a tile in the
 * first-level cache between them, because the compiler boxed the vectors of one long method in JVMs
 * that had run much else before.
 */
final class VectorTransposition {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
  private static final int SIDE = 8;

  /** Bytes of a row of the tile. */
  private static final long WIDTH = (long) SIDE * Float.BYTES;

  private static final VectorShuffle<Float> UP_1 = up(1);
  private static final VectorShuffle<Float> UP_2 = up(2);
  private static final VectorShuffle<Float> UP_4 = up(4);
  private static final VectorShuffle<Float> DOWN_1 = down(1);
  private static final VectorShuffle<Float> DOWN_2 = down(2);
  private static final VectorShuffle<Float> DOWN_4 = down(4);
  private static final VectorMask<Float> ODD_1 = odd(1);
  private static final VectorMask<Float> ODD_2 = odd(2);
  private static final VectorMask<Float> ODD_4 = odd(4);

  /** Address of a tile's bias that changes no value: x + -0 is x, whatever the sign of a zero. */
  private static final long NOTHING =
      Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, negativeZeros()).address();

  private VectorTransposition() {}

  private static float[] negativeZeros() {
    float[] zeros = new float[SIDE];
    Arrays.fill(zeros, -0f);
    return zeros;
  }

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
      VectorScratch scratch,
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
      tiles(
          scratch.planes,
          to,
          4 * targetStride,
          source + Float.BYTES * column,
          4 * sourceStride,
          wholeRows,
          bias);
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
      long scratch,
      long target,
      long targetStride,
      long source,
      long sourceStride,
      long rows,
      long bias) {
    for (long row = 0; row < rows; row += SIDE) {
      long at = Float.BYTES * row;
      long added = bias == 0 ? NOTHING : bias + at;
      long from = source + row * sourceStride;
      quads(scratch, from, sourceStride);
      quads(scratch + SIDE / 2 * WIDTH, from + SIDE / 2 * sourceStride, sourceStride);
      halves(target + at, targetStride, scratch, added);
    }
  }

  /** Four rows: two blocks of 4 x 4, each transposed. */
  private static void quads(long target, long source, long sourceStride) {
    FloatVector r0 = FloatVector.fromMemorySegment(FLOATS, ALL, source, ORDER);
    FloatVector r1 = FloatVector.fromMemorySegment(FLOATS, ALL, source + sourceStride, ORDER);
    FloatVector r2 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 2 * sourceStride, ORDER);
    FloatVector r3 = FloatVector.fromMemorySegment(FLOATS, ALL, source + 3 * sourceStride, ORDER);
    FloatVector a0 = r0.blend(r1.rearrange(UP_1), ODD_1);
    FloatVector a1 = r0.rearrange(DOWN_1).blend(r1, ODD_1);
    FloatVector a2 = r2.blend(r3.rearrange(UP_1), ODD_1);
    FloatVector a3 = r2.rearrange(DOWN_1).blend(r3, ODD_1);
    a0.blend(a2.rearrange(UP_2), ODD_2).intoMemorySegment(ALL, target, ORDER);
    a1.blend(a3.rearrange(UP_2), ODD_2).intoMemorySegment(ALL, target + WIDTH, ORDER);
    a0.rearrange(DOWN_2).blend(a2, ODD_2).intoMemorySegment(ALL, target + 2 * WIDTH, ORDER);
    a1.rearrange(DOWN_2).blend(a3, ODD_2).intoMemorySegment(ALL, target + 3 * WIDTH, ORDER);
  }

  /** Rows of the scratch, four apart, become rows of the target. */
  private static void halves(long target, long targetStride, long scratch, long bias) {
    FloatVector added = FloatVector.fromMemorySegment(FLOATS, ALL, bias, ORDER);
    for (int row = 0; row < SIDE / 2; row++) {
      long from = scratch + row * WIDTH;
      long to = target + row * targetStride;
      FloatVector upper = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
      FloatVector lower =
          FloatVector.fromMemorySegment(FLOATS, ALL, from + SIDE / 2 * WIDTH, ORDER);
      upper.blend(lower.rearrange(UP_4), ODD_4).add(added).intoMemorySegment(ALL, to, ORDER);
      upper
          .rearrange(DOWN_4)
          .blend(lower, ODD_4)
          .add(added)
          .intoMemorySegment(ALL, to + SIDE / 2 * targetStride, ORDER);
    }
  }
}
