package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.BYTES;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.INTS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.B2S;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.S2I;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Fields in fp32 on the planes of {@link VectorCamera}, and how they are made. The last vector of a
 * plane overlaps the one before.
 */
final class VectorFields {
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;

  /** Vectors of bytes whose sums, two bytes to a lane, stay within 16 bits. */
  private static final int BYTE_VECTORS = 128;

  private VectorFields() {}

  /** Intensities of one frame. */
  static void intensities(long plane, long real, long imaginary, int n) {
    long last = (long) n * Float.BYTES - WIDTH;
    for (long next = 0; next < last + WIDTH; next += WIDTH) {
      long at = Math.min(next, last);
      FloatVector re = FloatVector.fromMemorySegment(FLOATS, ALL, real + at, ORDER);
      FloatVector im = FloatVector.fromMemorySegment(FLOATS, ALL, imaginary + at, ORDER);
      re.mul(re).add(im.mul(im)).intoMemorySegment(ALL, plane + at, ORDER);
    }
  }

  /** Intensities of the complementary frame, whose field is the anchor's minus this one. */
  static void complement(
      long plane, long anchorReal, long anchorImaginary, long real, long imaginary, int n) {
    long last = (long) n * Float.BYTES - WIDTH;
    for (long next = 0; next < last + WIDTH; next += WIDTH) {
      long at = Math.min(next, last);
      FloatVector re =
          FloatVector.fromMemorySegment(FLOATS, ALL, anchorReal + at, ORDER)
              .sub(FloatVector.fromMemorySegment(FLOATS, ALL, real + at, ORDER));
      FloatVector im =
          FloatVector.fromMemorySegment(FLOATS, ALL, anchorImaginary + at, ORDER)
              .sub(FloatVector.fromMemorySegment(FLOATS, ALL, imaginary + at, ORDER));
      re.mul(re).add(im.mul(im)).intoMemorySegment(ALL, plane + at, ORDER);
    }
  }

  /** gain Re(conj(anchor) (P - N)). */
  static void differences(
      long plane, long pr, long pi, long nr, long ni, long ar, long ai, int n, float gain) {
    long last = (long) n * Float.BYTES - WIDTH;
    for (long next = 0; next < last + WIDTH; next += WIDTH) {
      long at = Math.min(next, last);
      FloatVector re =
          FloatVector.fromMemorySegment(FLOATS, ALL, pr + at, ORDER)
              .sub(FloatVector.fromMemorySegment(FLOATS, ALL, nr + at, ORDER));
      FloatVector im =
          FloatVector.fromMemorySegment(FLOATS, ALL, pi + at, ORDER)
              .sub(FloatVector.fromMemorySegment(FLOATS, ALL, ni + at, ORDER));
      FloatVector.fromMemorySegment(FLOATS, ALL, ar + at, ORDER)
          .mul(re)
          .add(FloatVector.fromMemorySegment(FLOATS, ALL, ai + at, ORDER).mul(im))
          .mul(gain)
          .intoMemorySegment(ALL, plane + at, ORDER);
    }
  }

  /** See {@link Loops#mix}. */
  static void mix(long target, long start, long end, long n, long weights, boolean integers) {
    long whole = FLOATS.loopBound(n);
    long bytes = whole * Float.BYTES;
    float first = CpuAddress.getFloat(weights, 0);
    float second = CpuAddress.getFloat(weights, 1);
    if (integers) {
      mixIntegers(target, start, end, bytes, first, second);
    } else {
      mixFloats(target, start, end, bytes, first, second);
    }
    PlainSpeckle.mix(target + bytes, start + bytes, end + bytes, n - whole, weights, integers);
  }

  private static void mixFloats(
      long target, long start, long end, long bytes, float first, float second) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, start + at, ORDER)
          .mul(first)
          .add(FloatVector.fromMemorySegment(FLOATS, ALL, end + at, ORDER).mul(second))
          .intoMemorySegment(ALL, target + at, ORDER);
    }
  }

  private static void mixIntegers(
      long target, long start, long end, long bytes, float first, float second) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector a =
          IntVector.fromMemorySegment(INTS, ALL, start + at, ORDER)
              .convertShape(I2F, FLOATS, 0)
              .reinterpretAsFloats();
      FloatVector b =
          IntVector.fromMemorySegment(INTS, ALL, end + at, ORDER)
              .convertShape(I2F, FLOATS, 0)
              .reinterpretAsFloats();
      a.mul(first).add(b.mul(second)).intoMemorySegment(ALL, target + at, ORDER);
    }
  }

  /** See {@link Loops#sumOfBytes}. */
  static int sumOfBytes(long bytes, long n) {
    int sum = 0;
    long done = 0;
    while (n - done >= BYTES.length()) {
      long vectors = Math.min(BYTE_VECTORS, (n - done) / BYTES.length());
      sum += sumOfVectors(bytes + done, vectors);
      done += vectors * BYTES.length();
    }
    return sum + PlainSpeckle.sumOfBytes(bytes + done, n - done);
  }

  private static int sumOfVectors(long bytes, long vectors) {
    ShortVector sums = ShortVector.zero(SHORTS);
    for (long v = 0; v < vectors; v++) {
      ByteVector x = ByteVector.fromMemorySegment(BYTES, ALL, bytes + v * BYTES.length(), ORDER);
      sums =
          sums.add(x.convertShape(B2S, SHORTS, 0).reinterpretAsShorts())
              .add(x.convertShape(B2S, SHORTS, 1).reinterpretAsShorts());
    }
    return sums.convertShape(S2I, INTS, 0).reinterpretAsInts().reduceLanes(ADD)
        + sums.convertShape(S2I, INTS, 1).reinterpretAsInts().reduceLanes(ADD);
  }
}
