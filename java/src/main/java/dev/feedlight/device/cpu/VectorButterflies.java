package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.LANES;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.NEG;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Stages of a Hadamard transform, several per pass over memory. Addresses, strides and widths count
 * bytes.
 */
final class VectorButterflies {
  private static final VectorShuffle<Float> PARTNER_1 = partner(1);
  private static final VectorShuffle<Float> PARTNER_2 = partner(2);
  private static final VectorShuffle<Float> PARTNER_4 = partner(4);
  private static final VectorShuffle<Float> PARTNER_8 = partner(8);
  private static final VectorMask<Float> UPPER_1 = upper(1);
  private static final VectorMask<Float> UPPER_2 = upper(2);
  private static final VectorMask<Float> UPPER_4 = upper(4);
  private static final VectorMask<Float> UPPER_8 = upper(8);

  private VectorButterflies() {}

  /** The other lane of each pair; not used where the stride is a whole vector. */
  private static VectorShuffle<Float> partner(int stride) {
    return FLOATS.shuffleFromOp(i -> (i ^ stride) % LANES);
  }

  private static VectorMask<Float> upper(int stride) {
    boolean[] upper = new boolean[LANES];
    for (int i = 0; i < LANES; i++) {
      upper[i] = (i & stride) != 0;
    }
    return VectorMask.fromArray(FLOATS, upper, 0);
  }

  /**
   * The stages within vectors and the one between the two of a pair. A lane's partner is added to
   * the lane or, where the lane is the upper one, to its negative: a - b = a + (-b), bit for bit.
   */
  static void lanes(long x, long end) {
    for (long at = x; at < end; at += 2L * WIDTH) {
      FloatVector a = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(FLOATS, ALL, at + WIDTH, ORDER);
      a = a.rearrange(PARTNER_1).add(a.lanewise(NEG, UPPER_1));
      b = b.rearrange(PARTNER_1).add(b.lanewise(NEG, UPPER_1));
      a = a.rearrange(PARTNER_2).add(a.lanewise(NEG, UPPER_2));
      b = b.rearrange(PARTNER_2).add(b.lanewise(NEG, UPPER_2));
      if (LANES > 4) {
        a = a.rearrange(PARTNER_4).add(a.lanewise(NEG, UPPER_4));
        b = b.rearrange(PARTNER_4).add(b.lanewise(NEG, UPPER_4));
      }
      if (LANES > 8) {
        a = a.rearrange(PARTNER_8).add(a.lanewise(NEG, UPPER_8));
        b = b.rearrange(PARTNER_8).add(b.lanewise(NEG, UPPER_8));
      }
      a.add(b).intoMemorySegment(ALL, at, ORDER);
      a.sub(b).intoMemorySegment(ALL, at + WIDTH, ORDER);
    }
  }

  /**
   * The stages of strides row, 2 row, ... bytes / 2, over the first {@code width} bytes of each row
   * or over all.
   */
  static void stages(long x, long bytes, long row, long width) {
    long end = x + bytes;
    long stride = row;
    while (stride < bytes) {
      long part = Math.min(width, stride);
      long step = Math.max(row, part);
      long radix = Math.min(8, bytes / stride);
      for (long begin = x; begin < x + stride; begin += step) {
        if (radix == 8) {
          radix8(begin, end, stride, part);
        } else if (radix == 4) {
          radix4(begin, end, stride, part);
        } else {
          radix2(begin, end, stride, part);
        }
      }
      stride *= radix;
    }
  }

  private static void radix8(long x, long end, long stride, long width) {
    for (long group = x; group < end; group += 8 * stride) {
      for (long at = group; at < group + width; at += WIDTH) {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + stride, ORDER);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2 * stride, ORDER);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 3 * stride, ORDER);
        FloatVector a4 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 4 * stride, ORDER);
        FloatVector a5 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 5 * stride, ORDER);
        FloatVector a6 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 6 * stride, ORDER);
        FloatVector a7 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 7 * stride, ORDER);
        FloatVector b0 = a0.add(a1);
        FloatVector b1 = a0.sub(a1);
        FloatVector b2 = a2.add(a3);
        FloatVector b3 = a2.sub(a3);
        FloatVector b4 = a4.add(a5);
        FloatVector b5 = a4.sub(a5);
        FloatVector b6 = a6.add(a7);
        FloatVector b7 = a6.sub(a7);
        FloatVector c0 = b0.add(b2);
        FloatVector c2 = b0.sub(b2);
        FloatVector c1 = b1.add(b3);
        FloatVector c3 = b1.sub(b3);
        FloatVector c4 = b4.add(b6);
        FloatVector c6 = b4.sub(b6);
        FloatVector c5 = b5.add(b7);
        FloatVector c7 = b5.sub(b7);
        c0.add(c4).intoMemorySegment(ALL, at, ORDER);
        c1.add(c5).intoMemorySegment(ALL, at + stride, ORDER);
        c2.add(c6).intoMemorySegment(ALL, at + 2 * stride, ORDER);
        c3.add(c7).intoMemorySegment(ALL, at + 3 * stride, ORDER);
        c0.sub(c4).intoMemorySegment(ALL, at + 4 * stride, ORDER);
        c1.sub(c5).intoMemorySegment(ALL, at + 5 * stride, ORDER);
        c2.sub(c6).intoMemorySegment(ALL, at + 6 * stride, ORDER);
        c3.sub(c7).intoMemorySegment(ALL, at + 7 * stride, ORDER);
      }
    }
  }

  private static void radix4(long x, long end, long stride, long width) {
    for (long group = x; group < end; group += 4 * stride) {
      for (long at = group; at < group + width; at += WIDTH) {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + stride, ORDER);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2 * stride, ORDER);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 3 * stride, ORDER);
        FloatVector b0 = a0.add(a1);
        FloatVector b1 = a0.sub(a1);
        FloatVector b2 = a2.add(a3);
        FloatVector b3 = a2.sub(a3);
        b0.add(b2).intoMemorySegment(ALL, at, ORDER);
        b1.add(b3).intoMemorySegment(ALL, at + stride, ORDER);
        b0.sub(b2).intoMemorySegment(ALL, at + 2 * stride, ORDER);
        b1.sub(b3).intoMemorySegment(ALL, at + 3 * stride, ORDER);
      }
    }
  }

  private static void radix2(long x, long end, long stride, long width) {
    for (long group = x; group < end; group += 2 * stride) {
      for (long at = group; at < group + width; at += WIDTH) {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + stride, ORDER);
        a0.add(a1).intoMemorySegment(ALL, at, ORDER);
        a0.sub(a1).intoMemorySegment(ALL, at + stride, ORDER);
      }
    }
  }
}
