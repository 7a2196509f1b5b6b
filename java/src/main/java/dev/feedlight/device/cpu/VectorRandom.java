package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.INTS;
import static dev.feedlight.device.cpu.VectorMemory.LANES;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.feedlight.device.NormalTable;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Random numbers by element number, a buffer of Philox blocks at a time. */
final class VectorRandom {
  private static final int WORDS = PlainRandom.WORDS;
  private static final long BLOCK_NUMBERS = 1L << 32;
  private static final float[] NORMALS = PlainRandom.NORMALS;

  private VectorRandom() {}

  static void fill(
      VectorScratch scratch,
      long target,
      long first,
      long n,
      boolean normal,
      float scale,
      long key) {
    long done = Math.min(n, (WORDS - first % WORDS) % WORDS); // up to the next whole block
    PlainRandom.fill(target, first, done, normal, scale, key);
    VectorPhilox.schedule(key, scratch.schedule);
    while (n - done >= WORDS) {
      long block = (first + done) / WORDS;
      // The low counter word must not run over within one buffer.
      long room = BLOCK_NUMBERS - block % BLOCK_NUMBERS;
      long wanted = Math.min((n - done) / WORDS, room);
      int blocks = (int) Math.min(VectorScratch.BLOCKS, wanted);
      VectorPhilox.words(scratch, block, (int) (block >>> 32), 0, 0, blocks);
      int values = blocks * WORDS;
      if (normal) {
        normals(scratch, target + done * Float.BYTES, values, scale);
      } else {
        uniforms(target + done * Float.BYTES, scratch.words, values, scale);
      }
      done += values;
    }
    PlainRandom.fill(target + done * Float.BYTES, first + done, n - done, normal, scale, key);
  }

  private static void normals(VectorScratch scratch, long target, int n, float scale) {
    int bound = INTS.loopBound(n);
    for (int i = 0; i < bound; i += LANES) {
      IntVector.fromMemorySegment(INTS, ALL, scratch.words + (long) i * Integer.BYTES, ORDER)
          .lanewise(LSHR, NormalTable.INDEX_SHIFT)
          .intoArray(scratch.indices, i);
    }
    look(target, scratch.indices, bound, scale);
    for (int i = bound; i < n; i++) {
      float value = PlainRandom.normal(CpuAddress.getInt(scratch.words, i));
      CpuAddress.setFloat(target, i, value * scale);
    }
  }

  /** Deviates at n indices, whole vectors, times a scale. */
  static void look(long target, int[] indices, int n, float scale) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOATS, NORMALS, 0, indices, i)
          .mul(scale)
          .intoMemorySegment(ALL, target + (long) i * Float.BYTES, ORDER);
    }
  }

  private static void uniforms(long target, long words, int n, float scale) {
    long bytes = (long) INTS.loopBound(n) * Integer.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector value =
          (FloatVector)
              IntVector.fromMemorySegment(INTS, ALL, words + at, ORDER)
                  .lanewise(LSHR, 8)
                  .convertShape(I2F, FLOATS, 0);
      value.mul(0x1p-23f).sub(1).mul(scale).intoMemorySegment(ALL, target + at, ORDER);
    }
    for (int i = INTS.loopBound(n); i < n; i++) {
      float value = PlainRandom.uniform(CpuAddress.getInt(words, i));
      CpuAddress.setFloat(target, i, value * scale);
    }
  }
}
