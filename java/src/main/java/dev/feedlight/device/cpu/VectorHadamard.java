package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.BYTES;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.INTS;
import static dev.feedlight.device.cpu.VectorMemory.LANES;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.StructuredTransmission.Plane;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** The steps with the Vector API; signs and turns here, transforms in {@link VectorButterflies}. */
final class VectorHadamard implements HadamardLoops {
  private static final int SIGN = Integer.MIN_VALUE;

  /** How far bit i of a word is from the sign bit. */
  private static final int[] TO_SIGN = toSign();

  private final Supplier<VectorScratch> scratch;

  VectorHadamard(Supplier<VectorScratch> scratch) {
    this.scratch = scratch;
  }

  private static int[] toSign() {
    int[] distances = new int[LANES];
    for (int i = 0; i < LANES; i++) {
      distances[i] = Integer.SIZE - 1 - i;
    }
    return distances;
  }

  @Override
  public void bits(long bits, Plane plane, long first, long n, long key) {
    VectorScratch own = scratch.get();
    VectorPhilox.schedule(key, own.schedule);
    long step = (long) VectorScratch.BLOCKS * StructuredTransmission.BITS_PER_BLOCK;
    for (long done = 0; done < n; done += step) {
      long elements = Math.min(step, n - done);
      int blocks = (int) (elements / StructuredTransmission.BITS_PER_BLOCK);
      long block = (first + done) / StructuredTransmission.BITS_PER_BLOCK;
      VectorPhilox.words(own, block, 0, 0, plane.number(), blocks);
      MemorySegment.copy(ALL, own.words, ALL, bits + done / Byte.SIZE, elements / Byte.SIZE);
    }
  }

  @Override
  public void light(long x, long n, long pattern, long lit, Mirrors mirrors, long signs) {
    long whole = lit / Long.SIZE * Long.SIZE;
    light(x, whole, pattern, mirrors.lowest(), mirrors.highest(), mirrors.flips(), signs);
    PlainHadamard.light(x, whole, lit, pattern, lit, mirrors, signs);
    ALL.asSlice(x + lit * Float.BYTES, (n - lit) * Float.BYTES).fill((byte) 0);
  }

  private static void light(
      long x, long n, long pattern, byte lowest, byte highest, long flips, long signs) {
    IntVector toSign = IntVector.fromArray(INTS, TO_SIGN, 0);
    for (long i = 0; i < n; i += Long.SIZE) {
      long word = CpuAddress.getLong(signs + i / Byte.SIZE) ^ flips;
      for (int j = 0; j < Long.SIZE; j += BYTES.length()) {
        ByteVector bytes =
            ByteVector.fromMemorySegment(BYTES, ALL, pattern + i + j, ORDER)
                .max(lowest)
                .min(highest);
        for (int part = 0; part < 4; part++) {
          int at = j + part * LANES;
          IntVector sign =
              IntVector.broadcast(INTS, (int) (word >>> at)).lanewise(LSHL, toSign).and(SIGN);
          bytes
              .convertShape(B2F, FLOATS, part)
              .reinterpretAsInts()
              .lanewise(XOR, sign)
              .reinterpretAsFloats()
              .add(0) // integers know no -0
              .intoMemorySegment(ALL, x + (i + at) * Float.BYTES, ORDER);
        }
      }
    }
  }

  @Override
  public void flip(long x, long n, long signs) {
    IntVector toSign = IntVector.fromArray(INTS, TO_SIGN, 0);
    for (long i = 0; i < n; i += Integer.SIZE) {
      int word = CpuAddress.getInt(signs + i / Byte.SIZE);
      for (int j = 0; j < Integer.SIZE; j += LANES) {
        long at = x + (i + j) * Float.BYTES;
        IntVector sign = IntVector.broadcast(INTS, word >>> j).lanewise(LSHL, toSign).and(SIGN);
        IntVector.fromMemorySegment(INTS, ALL, at, ORDER)
            .lanewise(XOR, sign)
            .intoMemorySegment(ALL, at, ORDER);
      }
    }
  }

  @Override
  public void turn(long real, long imaginary, long n, long turns, long signs, float scale) {
    IntVector toSign = IntVector.fromArray(INTS, TO_SIGN, 0);
    for (long i = 0; i < n; i += Integer.SIZE) {
      int signWord = CpuAddress.getInt(signs + i / Byte.SIZE);
      int turnWord = CpuAddress.getInt(turns + i / Byte.SIZE);
      for (int j = 0; j < Integer.SIZE; j += LANES) {
        long offset = (i + j) * Float.BYTES;
        IntVector sign = IntVector.broadcast(INTS, signWord >>> j).lanewise(LSHL, toSign).and(SIGN);
        IntVector turned =
            IntVector.broadcast(INTS, turnWord >>> j)
                .lanewise(LSHL, toSign)
                .lanewise(ASHR, Integer.SIZE - 1);
        IntVector v =
            FloatVector.fromMemorySegment(FLOATS, ALL, real + offset, ORDER)
                .mul(scale)
                .reinterpretAsInts()
                .lanewise(XOR, sign);
        v.and(turned.not()).intoMemorySegment(ALL, real + offset, ORDER);
        v.and(turned).intoMemorySegment(ALL, imaginary + offset, ORDER);
      }
    }
  }

  @Override
  public void rows(long x, long n) {
    VectorButterflies.lanes(x, x + n * Float.BYTES);
    VectorButterflies.stages(x, n * Float.BYTES, 2L * WIDTH, Long.MAX_VALUE);
  }

  @Override
  public void columns(long x, long n, long row, long first, long columns) {
    for (long column = first; column < first + columns; column += COLUMNS) {
      VectorButterflies.stages(
          x + column * Float.BYTES,
          n * Float.BYTES,
          row * Float.BYTES,
          (long) COLUMNS * Float.BYTES);
    }
  }
}
