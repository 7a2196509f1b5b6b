package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.LoopsMath.EXP_C2;
import static dev.feedlight.device.cpu.LoopsMath.EXP_C3;
import static dev.feedlight.device.cpu.LoopsMath.EXP_C4;
import static dev.feedlight.device.cpu.LoopsMath.EXP_C5;
import static dev.feedlight.device.cpu.LoopsMath.EXP_C6;
import static dev.feedlight.device.cpu.LoopsMath.EXP_LIMIT;
import static dev.feedlight.device.cpu.LoopsMath.LN2_HIGH;
import static dev.feedlight.device.cpu.LoopsMath.LN2_LOW;
import static dev.feedlight.device.cpu.LoopsMath.LOG2_E;
import static dev.feedlight.device.cpu.LoopsMath.ONE_BITS;
import static dev.feedlight.device.cpu.LoopsMath.PHI_LIMIT;
import static dev.feedlight.device.cpu.LoopsMath.PHI_P0;
import static dev.feedlight.device.cpu.LoopsMath.PHI_P1;
import static dev.feedlight.device.cpu.LoopsMath.PHI_P2;
import static dev.feedlight.device.cpu.LoopsMath.PHI_P3;
import static dev.feedlight.device.cpu.LoopsMath.PHI_P4;
import static dev.feedlight.device.cpu.LoopsMath.PHI_P5;
import static dev.feedlight.device.cpu.LoopsMath.PHI_Q1;
import static dev.feedlight.device.cpu.LoopsMath.PHI_Q2;
import static dev.feedlight.device.cpu.LoopsMath.PHI_Q3;
import static dev.feedlight.device.cpu.LoopsMath.PHI_Q4;
import static dev.feedlight.device.cpu.LoopsMath.PHI_Q5;
import static dev.feedlight.device.cpu.LoopsMath.ROUNDER;
import static dev.feedlight.device.cpu.LoopsMath.TANH_LIMIT;
import static dev.feedlight.device.cpu.LoopsMath.TANH_P1;
import static dev.feedlight.device.cpu.LoopsMath.TANH_P2;
import static dev.feedlight.device.cpu.LoopsMath.TANH_P3;
import static dev.feedlight.device.cpu.LoopsMath.TANH_P4;
import static dev.feedlight.device.cpu.LoopsMath.TANH_Q1;
import static dev.feedlight.device.cpu.LoopsMath.TANH_Q2;
import static dev.feedlight.device.cpu.LoopsMath.TANH_Q3;
import static dev.feedlight.device.cpu.LoopsMath.TANH_Q4;
import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;

/**
 * The functions of {@link LoopsMath} on whole vectors of memory: the same operations, the same
 * bits. Sizes are in bytes and multiples of {@link VectorMemory#WIDTH}; the target may be the
 * source.
 */
final class VectorMath {
  private static final int MANTISSA_BITS = 23;

  private VectorMath() {}

  static void tanh(long y, long z, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, ALL, z + at, ORDER);
      FloatVector x = v.blend(-TANH_LIMIT, v.lt(-TANH_LIMIT));
      x = x.blend(TANH_LIMIT, v.compare(GT, TANH_LIMIT));
      FloatVector s = x.mul(x);
      FloatVector p = broadcast(FLOATS, TANH_P4).fma(s, broadcast(FLOATS, TANH_P3));
      p = p.fma(s, broadcast(FLOATS, TANH_P2));
      p = p.fma(s, broadcast(FLOATS, TANH_P1));
      p = p.fma(s, broadcast(FLOATS, 1));
      FloatVector q = broadcast(FLOATS, TANH_Q4).fma(s, broadcast(FLOATS, TANH_Q3));
      q = q.fma(s, broadcast(FLOATS, TANH_Q2));
      q = q.fma(s, broadcast(FLOATS, TANH_Q1));
      q = q.fma(s, broadcast(FLOATS, 1));
      FloatVector t = x.mul(p).div(q);
      t.blend(-1, t.lt(-1)).blend(1, t.compare(GT, 1)).intoMemorySegment(ALL, y + at, ORDER);
    }
  }

  static void expOfNegative(long y, long x, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER);
      FloatVector a = v.blend(-EXP_LIMIT, v.lt(-EXP_LIMIT));
      FloatVector shifted = a.fma(broadcast(FLOATS, LOG2_E), broadcast(FLOATS, ROUNDER));
      FloatVector n = shifted.sub(ROUNDER);
      FloatVector r = n.fma(broadcast(FLOATS, -LN2_HIGH), a);
      r = n.fma(broadcast(FLOATS, -LN2_LOW), r);
      FloatVector q = broadcast(FLOATS, EXP_C6).fma(r, broadcast(FLOATS, EXP_C5));
      q = q.fma(r, broadcast(FLOATS, EXP_C4));
      q = q.fma(r, broadcast(FLOATS, EXP_C3));
      q = q.fma(r, broadcast(FLOATS, EXP_C2));
      FloatVector tail = q.fma(r.mul(r), r);
      FloatVector power =
          shifted
              .reinterpretAsInts()
              .lanewise(LSHL, MANTISSA_BITS)
              .add(ONE_BITS)
              .reinterpretAsFloats();
      tail.add(1).mul(power).blend(0, v.lt(-EXP_LIMIT)).intoMemorySegment(ALL, y + at, ORDER);
    }
  }

  static void phi(long y, long z, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, ALL, z + at, ORDER);
      FloatVector x = v.blend(-PHI_LIMIT, v.lt(-PHI_LIMIT));
      x = x.blend(PHI_LIMIT, v.compare(GT, PHI_LIMIT));
      FloatVector s = x.mul(x);
      FloatVector p = broadcast(FLOATS, PHI_P5).fma(s, broadcast(FLOATS, PHI_P4));
      p = p.fma(s, broadcast(FLOATS, PHI_P3));
      p = p.fma(s, broadcast(FLOATS, PHI_P2));
      p = p.fma(s, broadcast(FLOATS, PHI_P1));
      p = p.fma(s, broadcast(FLOATS, PHI_P0));
      FloatVector q = broadcast(FLOATS, PHI_Q5).fma(s, broadcast(FLOATS, PHI_Q4));
      q = q.fma(s, broadcast(FLOATS, PHI_Q3));
      q = q.fma(s, broadcast(FLOATS, PHI_Q2));
      q = q.fma(s, broadcast(FLOATS, PHI_Q1));
      q = q.fma(s, broadcast(FLOATS, 1));
      FloatVector t = x.mul(p).div(q);
      t.blend(-0.5f, t.lt(-0.5f))
          .blend(0.5f, t.compare(GT, 0.5f))
          .add(0.5f)
          .intoMemorySegment(ALL, y + at, ORDER);
    }
  }
}
