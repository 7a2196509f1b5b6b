package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.BYTES;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.INTS;
import static dev.feedlight.device.cpu.VectorMemory.LANES;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** The rules of {@link PlainTernarizer} on vectors; the last few elements by plain loops. */
final class VectorTernarizer {
  /** Elements per step: four vectors of floats make one of bytes. */
  private static final int STEP = BYTES.length();

  private static final int WORDS = PlainRandom.WORDS;

  private VectorTernarizer() {}

  static float largest(long error, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    FloatVector lanes = FloatVector.zero(FLOATS);
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector size = FloatVector.fromMemorySegment(FLOATS, ALL, error + at, ORDER).abs();
      lanes = lanes.blend(size, size.compare(GT, lanes));
    }
    float rest = PlainTernarizer.largest(error + bytes, n - bytes / Float.BYTES);
    return Math.max(lanes.reduceLanes(MAX), rest);
  }

  static long threshold(long ternary, long error, long n, float factor, float threshold) {
    long counts = 0;
    long bound = BYTES.loopBound(n);
    for (long i = 0; i < bound; i += STEP) {
      long up = 0;
      long down = 0;
      for (int part = 0; part < STEP; part += LANES) {
        FloatVector scaled =
            FloatVector.fromMemorySegment(FLOATS, ALL, error + (i + part) * Float.BYTES, ORDER)
                .mul(factor);
        up |= scaled.compare(GT, threshold).toLong() << part;
        down |= scaled.compare(LT, -threshold).toLong() << part;
      }
      ByteVector.zero(BYTES)
          .blend((byte) 1, VectorMask.fromLong(BYTES, up))
          .blend((byte) -1, VectorMask.fromLong(BYTES, down))
          .intoMemorySegment(ALL, ternary + i, ORDER);
      counts += PlainTernarizer.counts(Long.bitCount(up), Long.bitCount(down));
    }
    return counts
        + PlainTernarizer.threshold(
            ternary + bound, error + bound * Float.BYTES, n - bound, factor, threshold);
  }

  static long stochastic(
      VectorScratch scratch,
      long ternary,
      long error,
      long n,
      float max,
      long key,
      long projection) {
    VectorPhilox.schedule(key, scratch.schedule);
    int low = (int) projection;
    int high = (int) (projection >>> 32);
    long counts = 0;
    long bound = BYTES.loopBound(n);
    for (long start = 0; start < bound; start += VectorScratch.BLOCKS * WORDS) {
      int values = (int) Math.min(VectorScratch.BLOCKS * WORDS, bound - start);
      VectorPhilox.words(scratch, start / WORDS, low, high, 0, values / WORDS);
      bars(scratch.words, (long) values * Float.BYTES, max);
      counts += exceed(ternary + start, error + start * Float.BYTES, scratch.words, values);
    }
    return counts
        + PlainTernarizer.stochastic(
            ternary + bound, error + bound * Float.BYTES, bound, n - bound, max, key, projection);
  }

  /** From words to u max, in place. */
  private static void bars(long words, long bytes, float max) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector value =
          (FloatVector)
              IntVector.fromMemorySegment(INTS, ALL, words + at, ORDER)
                  .lanewise(LSHR, 8)
                  .convertShape(I2F, FLOATS, 0);
      value.mul(0x1p-24f).mul(max).intoMemorySegment(ALL, words + at, ORDER);
    }
  }

  private static long exceed(long ternary, long error, long bars, int n) {
    long counts = 0;
    for (long i = 0; i < n; i += STEP) {
      long up = 0;
      long down = 0;
      for (int part = 0; part < STEP; part += LANES) {
        long at = (i + part) * Float.BYTES;
        FloatVector value = FloatVector.fromMemorySegment(FLOATS, ALL, error + at, ORDER);
        FloatVector bar = FloatVector.fromMemorySegment(FLOATS, ALL, bars + at, ORDER);
        up |= value.compare(GT, bar).toLong() << part;
        down |= value.compare(LT, bar.neg()).toLong() << part;
      }
      ByteVector.zero(BYTES)
          .blend((byte) 1, VectorMask.fromLong(BYTES, up))
          .blend((byte) -1, VectorMask.fromLong(BYTES, down))
          .intoMemorySegment(ALL, ternary + i, ORDER);
      counts += PlainTernarizer.counts(Long.bitCount(up), Long.bitCount(down));
    }
    return counts;
  }

  static void split(long positive, long negative, long ternary, long n) {
    long bound = BYTES.loopBound(n);
    ByteVector zero = ByteVector.zero(BYTES);
    for (long i = 0; i < bound; i += STEP) {
      ByteVector t = ByteVector.fromMemorySegment(BYTES, ALL, ternary + i, ORDER);
      zero.blend((byte) 1, t.compare(GT, (byte) 0)).intoMemorySegment(ALL, positive + i, ORDER);
      zero.blend((byte) 1, t.compare(LT, (byte) 0)).intoMemorySegment(ALL, negative + i, ORDER);
    }
    PlainTernarizer.split(positive + bound, negative + bound, ternary + bound, n - bound);
  }
}
