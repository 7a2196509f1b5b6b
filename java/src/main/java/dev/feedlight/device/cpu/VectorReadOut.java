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

import dev.feedlight.device.CameraResponse;
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
      CameraResponse camera,
      ReadOut readOut,
      long noiseKey,
      long projection) {
    float bias = readOut.removeAnchorBias() ? imbalance : 0;
    VectorPhilox.schedule(noiseKey, scratch.schedule);
    for (long done = 0; done < pixels; done += VectorCamera.PIXELS) {
      int n = (int) Math.min(VectorCamera.PIXELS, pixels - done);
      long offset = done * Integer.BYTES;
      long pr = positiveReal + offset;
      long pi = positiveImaginary + offset;
      long nr = negativeReal + offset;
      long ni = negativeImaginary + offset;
      long ar = anchorReal + offset;
      long ai = anchorImaginary + offset;
      if (n < VectorCamera.FEWEST || !exact(pr, pi, nr, ni, ar, ai, n)) {
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
            camera,
            readOut,
            noiseKey,
            projection);
      } else if (camera.ideal()) {
        ideal(
            scratch, signal + offset, pr, pi, nr, ni, ar, ai, n, camera, readOut, bias, rowScale);
      } else {
        frames(scratch, pr, pi, nr, ni, ar, ai, firstPixel + done, n, camera, projection);
        divide(scratch, signal + offset, anchorCounts + offset, n, readOut, bias, rowScale);
      }
    }
  }

  private static boolean exact(
      long pr, long pi, long nr, long ni, long ar, long ai, int n) {
    return VectorCamera.exact(pr, n)
        && VectorCamera.exact(pi, n)
        && VectorCamera.exact(nr, n)
        && VectorCamera.exact(ni, n)
        && VectorCamera.exact(ar, n)
        && VectorCamera.exact(ai, n);
  }

  /** Counts of the four frames P, 1-P, N, 1-N, one plane each. */
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
      CameraResponse camera,
      long projection) {
    int stride = VectorCamera.stride(n);
    long plane = (long) stride * Float.BYTES;
    VectorCamera.intensities(scratch.planes, pr, pi, n);
    VectorCamera.complement(scratch.planes + plane, ar, ai, pr, pi, n);
    VectorCamera.intensities(scratch.planes + 2 * plane, nr, ni, n);
    VectorCamera.complement(scratch.planes + 3 * plane, ar, ai, nr, ni, n);
    if (camera.noisy()) {
      VectorCamera.drawNoise(scratch, firstPixel, n, projection, 0);
      for (int frame = 0; frame < VectorCamera.FRAMES; frame++) {
        VectorCamera.deviates(scratch, scratch.words + frame * plane, frame, n);
      }
    }
    VectorCamera.respond(scratch, VectorCamera.FRAMES * stride, camera);
  }

  private static void divide(
      VectorScratch scratch,
      long signal,
      long anchorCounts,
      int n,
      ReadOut readOut,
      float bias,
      float rowScale) {
    float floor = readOut.anchorFloor();
    long plane = (long) VectorCamera.stride(n) * Float.BYTES;
    long c0 = scratch.planes;
    long c1 = c0 + plane;
    long c2 = c1 + plane;
    long c3 = c2 + plane;
    long last = (long) n * Float.BYTES - WIDTH;
    for (long next = 0; next < last + WIDTH; next += WIDTH) {
      long at = Math.min(next, last);
      FloatVector sum =
          FloatVector.fromMemorySegment(FLOATS, ALL, c0 + at, ORDER)
              .sub(FloatVector.fromMemorySegment(FLOATS, ALL, c1 + at, ORDER))
              .sub(FloatVector.fromMemorySegment(FLOATS, ALL, c2 + at, ORDER))
              .add(FloatVector.fromMemorySegment(FLOATS, ALL, c3 + at, ORDER));
      FloatVector anchor =
          FloatVector.fromMemorySegment(FLOATS, ALL, anchorCounts + at, ORDER);
      FloatVector d =
          FloatVector.broadcast(FLOATS, floor)
              .blend(anchor, anchor.compare(GT, floor))
              .sqrt();
      sum.div(d.add(d))
          .blend(0, d.eq(0))
          .sub(d.mul(bias))
          .mul(readOut.unit())
          .mul(rowScale)
          .intoMemorySegment(ALL, signal + at, ORDER);
    }
  }

  private static void ideal(
      VectorScratch scratch,
      long signal,
      long pr,
      long pi,
      long nr,
      long ni,
      long ar,
      long ai,
      int n,
      CameraResponse camera,
      ReadOut readOut,
      float bias,
      float rowScale) {
    float gain = camera.gain();
    float floor = readOut.anchorFloor();
    differences(scratch.planes, pr, pi, nr, ni, ar, ai, n);
    VectorCamera.intensities(scratch.words, ar, ai, n);
    long last = (long) n * Float.BYTES - WIDTH;
    for (long next = 0; next < last + WIDTH; next += WIDTH) {
      long at = Math.min(next, last);
      FloatVector anchor =
          FloatVector.fromMemorySegment(FLOATS, ALL, scratch.words + at, ORDER).mul(gain);
      FloatVector d =
          FloatVector.broadcast(FLOATS, floor)
              .blend(anchor, anchor.compare(GT, floor))
              .sqrt();
      FloatVector.fromMemorySegment(FLOATS, ALL, scratch.planes + at, ORDER)
          .mul(gain)
          .div(d)
          .blend(0, d.eq(0))
          .sub(d.mul(bias))
          .mul(readOut.unit())
          .mul(rowScale)
          .intoMemorySegment(ALL, signal + at, ORDER);
    }
  }

  /** (I(P) - I(1-P) - I(N) + I(1-N)) / 2 = Re(conj(T 1) T(P - N)), exact before it is rounded. */
  private static void differences(
      long plane, long pr, long pi, long nr, long ni, long ar, long ai, int n) {
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
          .intoMemorySegment(ALL, plane + at, ORDER);
    }
  }
}
