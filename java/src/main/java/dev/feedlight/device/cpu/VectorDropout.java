package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.INTS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** The rows of {@link PlainDropout} on vectors; the last few elements by plain loops. */
final class VectorDropout {
  private static final int WORDS = PlainRandom.WORDS;

  private VectorDropout() {}

  static void row(
      VectorScratch scratch,
      long result,
      long source,
      long n,
      int threshold,
      float scale,
      long key,
      long sample) {
    VectorPhilox.schedule(key, scratch.schedule);
    int low = (int) sample;
    int high = (int) (sample >>> 32);
    long bound = FLOATS.loopBound(n);
    for (long start = 0; start < bound; start += VectorScratch.BLOCKS * WORDS) {
      int values = (int) Math.min(VectorScratch.BLOCKS * WORDS, bound - start);
      VectorPhilox.words(scratch, start / WORDS, low, high, 0, values / WORDS);
      long offset = start * Float.BYTES;
      long bytes = (long) values * Float.BYTES;
      mask(result + offset, source + offset, scratch.words, bytes, threshold, scale);
    }
    long offset = bound * Float.BYTES;
    PlainDropout.row(
        result + offset, source + offset, bound, n - bound, threshold, scale, key, sample);
  }

  private static void mask(
      long result, long source, long words, long bytes, int threshold, float scale) {
    FloatVector dropped = FloatVector.zero(FLOATS);
    for (long at = 0; at < bytes; at += WIDTH) {
      VectorMask<Integer> kept =
          IntVector.fromMemorySegment(INTS, ALL, words + at, ORDER)
              .lanewise(LSHR, PlainDropout.SHIFT)
              .compare(GE, threshold);
      FloatVector.fromMemorySegment(FLOATS, ALL, source + at, ORDER)
          .mul(dropped.blend(scale, kept.cast(FLOATS)))
          .intoMemorySegment(ALL, result + at, ORDER);
    }
  }
}
