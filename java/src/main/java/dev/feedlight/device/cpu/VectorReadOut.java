package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.DOUBLES;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_INTS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_WIDTH;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2D;

import dev.feedlight.device.ReadOut;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** The read-out of one sample over the planes of {@link VectorCamera}. */
final class VectorReadOut {
  private VectorReadOut() {}

  static void readOut(
      VectorScratch scratch,
      long signal,
      long positiveReal,
      long positiveImaginary,
      long negativeReal,
      long negativeImaginary,
      long anchorReal,
      long anchorImaginary,
      long anchorCounts,
      long firstPixel,
      long pixels,
      float imbalance,
      float rowScale,
      CameraSetup setup,
      ReadOut readOut,
      long projection) {
    float bias = readOut.removeAnchorBias() ? imbalance : 0;
    VectorPhilox.schedule(setup.noiseKey(), scratch.schedule);
    float gain = setup.camera().gain();
    for (long done = 0; done < pixels; done += VectorCamera.PIXELS) {
      int n = (int) Math.min(VectorCamera.PIXELS, pixels - done);
      long offset = done * Integer.BYTES;
      long pr = positiveReal + offset;
      long pi = positiveImaginary + offset;
      long nr = negativeReal + offset;
      long ni = negativeImaginary + offset;
      long ar = anchorReal + offset;
      long ai = anchorImaginary + offset;
      if (n < VectorCamera.FEWEST || !(setup.floatFields() || exact(pr, pi, nr, ni, ar, ai, n))) {
        PlainCamera.readOut(
            signal + offset,
            pr,
            pi,
            nr,
            ni,
            ar,
            ai,
            anchorCounts + offset,
            firstPixel + done,
            n,
            imbalance,
            rowScale,
            setup,
            readOut,
            projection);
        continue;
      }
      float factor;
      if (setup.ideal()) {
        long intensities = scratch.planes + (long) VectorCamera.stride(n) * Float.BYTES;
        if (setup.floatFields()) {
          VectorFields.differences(scratch.planes, pr, pi, nr, ni, ar, ai, n, gain);
          VectorFields.intensities(intensities, ar, ai, n);
        } else {
          differences(scratch.planes, pr, pi, nr, ni, ar, ai, n, gain);
          VectorCamera.intensities(intensities, ar, ai, n);
        }
        roots(scratch.words, intensities, n, gain, readOut.anchorFloor());
        factor = 1;
      } else {
        frames(scratch, pr, pi, nr, ni, ar, ai, firstPixel + done, n, setup, projection);
        roots(scratch.words, anchorCounts + offset, n, 1, readOut.anchorFloor());
        factor = 2;
      }
      divide(
          signal + offset,
          scratch.planes,
          scratch.words,
          n,
          factor,
          bias,
          readOut.unit(),
          rowScale);
    }
  }

  private static boolean exact(long pr, long pi, long nr, long ni, long ar, long ai, int n) {
    return VectorCamera.exact(pr, n)
        && VectorCamera.exact(pi, n)
        && VectorCamera.exact(nr, n)
        && VectorCamera.exact(ni, n)
        && VectorCamera.exact(ar, n)
        && VectorCamera.exact(ai, n);
  }

  /** Counts of the four frames P, 1-P, N, 1-N, one plane each, and their combination. */
  private static void frames(
      VectorScratch scratch,
      long pr,
      long pi,
      long nr,
      long ni,
      long ar,
      long ai,
      long firstPixel,
      int n,
      CameraSetup setup,
      long projection) {
    long plane = (long) VectorCamera.stride(n) * Float.BYTES;
    if (setup.floatFields()) {
      VectorFields.intensities(scratch.planes, pr, pi, n);
      VectorFields.complement(scratch.planes + plane, ar, ai, pr, pi, n);
      VectorFields.intensities(scratch.planes + 2 * plane, nr, ni, n);
      VectorFields.complement(scratch.planes + 3 * plane, ar, ai, nr, ni, n);
    } else {
      VectorCamera.intensities(scratch.planes, pr, pi, n);
      VectorCamera.complement(scratch.planes + plane, ar, ai, pr, pi, n);
      VectorCamera.intensities(scratch.planes + 2 * plane, nr, ni, n);
      VectorCamera.complement(scratch.planes + 3 * plane, ar, ai, nr, ni, n);
    }
    if (setup.camera().noisy()) {
      VectorCamera.drawNoise(scratch, setup, firstPixel, n, projection, 0);
      for (int frame = 0; frame < VectorCamera.FRAMES; frame++) {
        VectorCamera.deviates(scratch, scratch.words + frame * plane, frame, n);
      }
    }
    VectorCamera.respond(scratch, VectorCamera.FRAMES, n, setup, firstPixel);
    combine(scratch.planes, plane);
  }

  /** c(P) - c(1-P) - c(N) + c(1-N), into the first plane. */
  private static void combine(long planes, long plane) {
    for (long at = planes; at < planes + plane; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER)
          .sub(FloatVector.fromMemorySegment(FLOATS, ALL, at + plane, ORDER))
          .sub(FloatVector.fromMemorySegment(FLOATS, ALL, at + 2 * plane, ORDER))
          .add(FloatVector.fromMemorySegment(FLOATS, ALL, at + 3 * plane, ORDER))
          .intoMemorySegment(ALL, at, ORDER);
    }
  }

  /** d = sqrt(max(gain anchor, floor)); not in place, for the last two vectors overlap. */
  private static void roots(long plane, long anchor, int n, float gain, float floor) {
    long last = (long) n * Float.BYTES - WIDTH;
    for (long next = 0; next < last + WIDTH; next += WIDTH) {
      long at = Math.min(next, last);
      FloatVector counts = FloatVector.fromMemorySegment(FLOATS, ALL, anchor + at, ORDER).mul(gain);
      FloatVector.broadcast(FLOATS, floor)
          .blend(counts, counts.compare(GT, floor))
          .sqrt()
          .intoMemorySegment(ALL, plane + at, ORDER);
    }
  }

  /** (numerator / (factor d) - bias d) unit scale, where the quotient is 0 if d is. */
  private static void divide(
      long signal,
      long numerators,
      long roots,
      int n,
      float factor,
      float bias,
      float unit,
      float scale) {
    long last = (long) n * Float.BYTES - WIDTH;
    for (long next = 0; next < last + WIDTH; next += WIDTH) {
      long at = Math.min(next, last);
      FloatVector d = FloatVector.fromMemorySegment(FLOATS, ALL, roots + at, ORDER);
      FloatVector.fromMemorySegment(FLOATS, ALL, numerators + at, ORDER)
          .div(d.mul(factor))
          .blend(0, d.eq(0))
          .sub(d.mul(bias))
          .mul(unit)
          .mul(scale)
          .intoMemorySegment(ALL, signal + at, ORDER);
    }
  }

  /**
   * gain (I(P) - I(1-P) - I(N) + I(1-N)) / 2 = gain Re(conj(T 1) T(P - N)); the difference is exact
   * before it is rounded.
   */
  private static void differences(
      long plane, long pr, long pi, long nr, long ni, long ar, long ai, int n, float gain) {
    long last = (long) n * Integer.BYTES - HALF_WIDTH;
    for (long next = 0; next < last + HALF_WIDTH; next += HALF_WIDTH) {
      long at = Math.min(next, last);
      DoubleVector re =
          IntVector.fromMemorySegment(HALF_INTS, ALL, pr + at, ORDER)
              .sub(IntVector.fromMemorySegment(HALF_INTS, ALL, nr + at, ORDER))
              .convertShape(I2D, DOUBLES, 0)
              .reinterpretAsDoubles();
      DoubleVector im =
          IntVector.fromMemorySegment(HALF_INTS, ALL, pi + at, ORDER)
              .sub(IntVector.fromMemorySegment(HALF_INTS, ALL, ni + at, ORDER))
              .convertShape(I2D, DOUBLES, 0)
              .reinterpretAsDoubles();
      re.mul(
              IntVector.fromMemorySegment(HALF_INTS, ALL, ar + at, ORDER)
                  .convertShape(I2D, DOUBLES, 0))
          .add(
              im.mul(
                  IntVector.fromMemorySegment(HALF_INTS, ALL, ai + at, ORDER)
                      .convertShape(I2D, DOUBLES, 0)))
          .add(0) // integers know no -0
          .convertShape(D2F, HALF_FLOATS, 0)
          .reinterpretAsFloats()
          .mul(gain)
          .intoMemorySegment(ALL, plane + at, ORDER);
    }
  }
}
