package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.DOUBLES;
import static dev.feedlight.device.cpu.VectorMemory.DOUBLE_LANES;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_INTS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_WIDTH;
import static dev.feedlight.device.cpu.VectorMemory.LANES;
import static dev.feedlight.device.cpu.VectorMemory.LONGS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2D;
import static jdk.incubator.vector.VectorOperators.I2L;
import static jdk.incubator.vector.VectorOperators.L2I;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.NormalTable;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;

/**
 * The camera on planes of a few hundred pixels, one imperfection per pass; what is off costs
 * nothing. Fields below 2^25 in magnitude are squared in double, which is exact and, unlike 64-bit
 * integers, fast on every machine; others go through {@link PlainCamera}. The last vector of a
 * plane overlaps the one before.
 */
final class VectorCamera {
  /** Pixels per plane. */
  static final int PIXELS = VectorScratch.BLOCKS;

  /** Fewest pixels for which vectors are used. */
  static final int FEWEST = LANES;

  /** Frames that one Philox block has noise for. */
  static final int FRAMES = PlainRandom.WORDS;

  /** Squares of differences of two fields below this have exact sums in double. */
  private static final int EXACT = 1 << 25;

  private static final int SIGN = 31;

  /** From here on every float is an integer; adding it to a smaller one rounds that. */
  private static final float INTEGERS = 0x1p23f;

  private VectorCamera() {}

  static void expose(
      VectorScratch scratch,
      long counts,
      long real,
      long imaginary,
      long firstPixel,
      long pixels,
      CameraSetup setup,
      long projection,
      int frame) {
    VectorPhilox.schedule(setup.noiseKey(), scratch.schedule);
    for (long done = 0; done < pixels; done += PIXELS) {
      int n = (int) Math.min(PIXELS, pixels - done);
      long offset = done * Integer.BYTES;
      long re = real + offset;
      long im = imaginary + offset;
      long first = firstPixel + done;
      if (n < FEWEST || !(setup.floatFields() || (exact(re, n) && exact(im, n)))) {
        PlainCamera.expose(counts + offset, re, im, first, n, setup, projection, frame);
        continue;
      }
      if (setup.floatFields()) {
        VectorFields.intensities(scratch.planes, re, im, n);
      } else {
        intensities(scratch.planes, re, im, n);
      }
      if (setup.camera().noisy()) {
        drawNoise(scratch, setup, first, n, projection, frame / FRAMES);
        deviates(scratch, scratch.words, frame % FRAMES, n);
      }
      respond(scratch, 1, n, setup, first);
      CpuAddress.copyFloats(counts + offset, scratch.planes, n);
    }
  }

  /** Floats from plane to plane: whole vectors. */
  static int stride(int n) {
    return (n + LANES - 1) / LANES * LANES;
  }

  /** Whether all n fields are small enough for squares in double. */
  static boolean exact(long field, int n) {
    long last = (long) n * Integer.BYTES - HALF_WIDTH;
    IntVector seen = IntVector.zero(HALF_INTS);
    for (long at = 0; at < last + HALF_WIDTH; at += HALF_WIDTH) {
      IntVector x = IntVector.fromMemorySegment(HALF_INTS, ALL, field + Math.min(at, last), ORDER);
      seen = seen.or(x.lanewise(XOR, x.lanewise(ASHR, SIGN)));
    }
    return seen.reduceLanes(OR) < EXACT;
  }

  /** Intensities of one frame. */
  static void intensities(long plane, long real, long imaginary, int n) {
    long last = (long) n * Integer.BYTES - HALF_WIDTH;
    for (long next = 0; next < last + HALF_WIDTH; next += HALF_WIDTH) {
      long at = Math.min(next, last);
      DoubleVector re =
          IntVector.fromMemorySegment(HALF_INTS, ALL, real + at, ORDER)
              .convertShape(I2D, DOUBLES, 0)
              .reinterpretAsDoubles();
      DoubleVector im =
          IntVector.fromMemorySegment(HALF_INTS, ALL, imaginary + at, ORDER)
              .convertShape(I2D, DOUBLES, 0)
              .reinterpretAsDoubles();
      re.mul(re)
          .add(im.mul(im))
          .convertShape(D2F, HALF_FLOATS, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, plane + at, ORDER);
    }
  }

  /** Intensities of the complementary frame, whose field is the anchor's minus this one. */
  static void complement(
      long plane, long anchorReal, long anchorImaginary, long real, long imaginary, int n) {
    long last = (long) n * Integer.BYTES - HALF_WIDTH;
    for (long next = 0; next < last + HALF_WIDTH; next += HALF_WIDTH) {
      long at = Math.min(next, last);
      DoubleVector re =
          IntVector.fromMemorySegment(HALF_INTS, ALL, anchorReal + at, ORDER)
              .sub(IntVector.fromMemorySegment(HALF_INTS, ALL, real + at, ORDER))
              .convertShape(I2D, DOUBLES, 0)
              .reinterpretAsDoubles();
      DoubleVector im =
          IntVector.fromMemorySegment(HALF_INTS, ALL, anchorImaginary + at, ORDER)
              .sub(IntVector.fromMemorySegment(HALF_INTS, ALL, imaginary + at, ORDER))
              .convertShape(I2D, DOUBLES, 0)
              .reinterpretAsDoubles();
      re.mul(re)
          .add(im.mul(im))
          .convertShape(D2F, HALF_FLOATS, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, plane + at, ORDER);
    }
  }

  /** The Philox blocks of n outputs, into the scratch's pairs. */
  static void drawNoise(
      VectorScratch scratch, CameraSetup setup, long first, int n, long projection, int c3) {
    boolean inOrder = setup.numbers() == 0;
    if (!inOrder) {
      widen(scratch.counters, setup.numbers() + first * Integer.BYTES, n);
    }
    VectorPhilox.pairs(
        scratch.low,
        scratch.high,
        inOrder ? scratch.ascending : scratch.counters,
        inOrder ? first : 0,
        (int) projection,
        (int) (projection >>> 32),
        c3,
        VectorPhilox.vectors(n),
        scratch.schedule);
  }

  private static void widen(long longs, long ints, int n) {
    long last = (long) n * Integer.BYTES - HALF_WIDTH;
    for (long next = 0; next < last + HALF_WIDTH; next += HALF_WIDTH) {
      long at = Math.min(next, last);
      IntVector.fromMemorySegment(HALF_INTS, ALL, ints + at, ORDER)
          .convertShape(I2L, LONGS, 0)
          .reinterpretAsLongs()
          .intoMemorySegment(ALL, longs + 2 * at, ORDER);
    }
  }

  /** Normal deviates of one frame from the words drawn; whole vectors of them. */
  static void deviates(VectorScratch scratch, long plane, int frame, int n) {
    long words = frame < 2 ? scratch.low : scratch.high;
    int shift = (frame % 2) * Integer.SIZE + NormalTable.INDEX_SHIFT;
    for (int i = 0; i < n; i += DOUBLE_LANES) {
      LongVector.fromMemorySegment(LONGS, ALL, words + (long) i * Long.BYTES, ORDER)
          .lanewise(LSHR, shift)
          .and(NormalTable.SIZE - 1)
          .convertShape(L2I, HALF_INTS, 0)
          .reinterpretAsInts()
          .intoArray(scratch.indices, i);
    }
    VectorRandom.look(plane, scratch.indices, stride(n), 1);
  }

  /**
   * From intensities to counts, in place.
   *
   * @param scratch planes of intensities, and of deviates in its words
   * @param frames planes
   * @param n pixels in each
   * @param first output of the first pixel
   */
  static void respond(VectorScratch scratch, int frames, int n, CameraSetup setup, long first) {
    CameraResponse camera = setup.camera();
    long plane = (long) stride(n) * Float.BYTES;
    long bytes = frames * plane;
    expose(scratch.planes, bytes, camera.gain());
    if (setup.varies()) {
      CpuAddress.copyFloats(scratch.response, setup.sensitivity() + first * Float.BYTES, n);
      for (int frame = 0; frame < frames; frame++) {
        multiply(scratch.planes + frame * plane, scratch.response, plane);
      }
    }
    if (camera.noisy()) {
      disturb(scratch.planes, scratch.words, bytes, camera);
    }
    if (camera.darkOffset() != 0) {
      shift(scratch.planes, bytes, camera.darkOffset());
    }
    if (setup.varies()) {
      CpuAddress.copyFloats(scratch.response, setup.offset() + first * Float.BYTES, n);
      for (int frame = 0; frame < frames; frame++) {
        add(scratch.planes + frame * plane, scratch.response, plane);
      }
    }
    if (camera.quantised()) {
      quantise(scratch.planes, bytes);
    }
    saturate(scratch.planes, bytes, camera.maxCount());
  }

  private static void multiply(long plane, long factors, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, plane + at, ORDER)
          .mul(FloatVector.fromMemorySegment(FLOATS, ALL, factors + at, ORDER))
          .intoMemorySegment(ALL, plane + at, ORDER);
    }
  }

  private static void add(long plane, long terms, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, plane + at, ORDER)
          .add(FloatVector.fromMemorySegment(FLOATS, ALL, terms + at, ORDER))
          .intoMemorySegment(ALL, plane + at, ORDER);
    }
  }

  private static void shift(long planes, long bytes, float offset) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, planes + at, ORDER)
          .add(offset)
          .intoMemorySegment(ALL, planes + at, ORDER);
    }
  }

  private static void expose(long planes, long bytes, float gain) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, planes + at, ORDER)
          .mul(gain)
          .intoMemorySegment(ALL, planes + at, ORDER);
    }
  }

  private static void disturb(long planes, long deviates, long bytes, CameraResponse camera) {
    float shot = camera.shotNoise();
    float dark = camera.readNoise() * camera.readNoise();
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector s = FloatVector.fromMemorySegment(FLOATS, ALL, planes + at, ORDER);
      FloatVector z = FloatVector.fromMemorySegment(FLOATS, ALL, deviates + at, ORDER);
      s.add(s.mul(shot).add(dark).sqrt().mul(z)).intoMemorySegment(ALL, planes + at, ORDER);
    }
  }

  /** Negative values may be rounded wrongly on the way: they become 0. */
  private static void quantise(long planes, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector s = FloatVector.fromMemorySegment(FLOATS, ALL, planes + at, ORDER);
      FloatVector whole = s.blend(s.add(INTEGERS).sub(INTEGERS), s.lt(INTEGERS));
      FloatVector.zero(FLOATS)
          .blend(whole, whole.compare(GT, 0))
          .intoMemorySegment(ALL, planes + at, ORDER);
    }
  }

  private static void saturate(long planes, long bytes, float full) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector s = FloatVector.fromMemorySegment(FLOATS, ALL, planes + at, ORDER);
      FloatVector.broadcast(FLOATS, full)
          .blend(s, s.lt(full))
          .intoMemorySegment(ALL, planes + at, ORDER);
    }
  }
}
