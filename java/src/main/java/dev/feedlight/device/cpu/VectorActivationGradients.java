package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.LoopsMath.DENSITY_AT_0;
import static dev.feedlight.device.cpu.LoopsMath.DENSITY_LIMIT;
import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.feedlight.device.Activation;
import jdk.incubator.vector.FloatVector;

/** Gradients of activations on one contiguous run; the last few elements by plain loops. */
final class VectorActivationGradients {
  private VectorActivationGradients() {}

  static void gradient(VectorScratch scratch, Activation f, long dz, long dy, long saved, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    switch (f) {
      case IDENTITY -> bytes = 0;
      case RELU -> relu(dz, dy, saved, bytes);
      case TANH -> tanh(dz, dy, saved, bytes);
      case SIGMOID -> sigmoid(dz, dy, saved, bytes);
      case GELU -> gelu(scratch, dz, dy, saved, bytes);
    }
    PlainActivations.gradient(f, dz + bytes, dy + bytes, saved + bytes, n - bytes / Float.BYTES);
  }

  private static void relu(long dz, long dy, long saved, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector y = FloatVector.fromMemorySegment(FLOATS, ALL, saved + at, ORDER);
      FloatVector.fromMemorySegment(FLOATS, ALL, dy + at, ORDER)
          .blend(0, y.compare(LE, 0))
          .blend(y, y.test(IS_NAN))
          .intoMemorySegment(ALL, dz + at, ORDER);
    }
  }

  private static void tanh(long dz, long dy, long saved, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector y = FloatVector.fromMemorySegment(FLOATS, ALL, saved + at, ORDER);
      FloatVector.fromMemorySegment(FLOATS, ALL, dy + at, ORDER)
          .mul(FloatVector.broadcast(FLOATS, 1).sub(y.mul(y)))
          .intoMemorySegment(ALL, dz + at, ORDER);
    }
  }

  private static void sigmoid(long dz, long dy, long saved, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector y = FloatVector.fromMemorySegment(FLOATS, ALL, saved + at, ORDER);
      FloatVector.fromMemorySegment(FLOATS, ALL, dy + at, ORDER)
          .mul(y.mul(FloatVector.broadcast(FLOATS, 1).sub(y)))
          .intoMemorySegment(ALL, dz + at, ORDER);
    }
  }

  private static void gelu(VectorScratch scratch, long dz, long dy, long z, long bytes) {
    for (long done = 0; done < bytes; done += VectorScratch.BYTES) {
      long part = Math.min(VectorScratch.BYTES, bytes - done);
      VectorMath.phi(scratch.words, z + done, part);
      exponents(scratch.planes, z + done, part);
      VectorMath.expOfNegative(scratch.planes, scratch.planes, part);
      combine(dz + done, dy + done, z + done, scratch.words, scratch.planes, part);
    }
  }

  /** -z^2 / 2, with z cut where the density is 0. */
  private static void exponents(long y, long z, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, ALL, z + at, ORDER);
      FloatVector x = v.blend(-DENSITY_LIMIT, v.lt(-DENSITY_LIMIT));
      x = x.blend(DENSITY_LIMIT, v.compare(GT, DENSITY_LIMIT));
      x.mul(x).mul(-0.5f).intoMemorySegment(ALL, y + at, ORDER);
    }
  }

  private static void combine(long dz, long dy, long z, long phi, long exponentials, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, ALL, z + at, ORDER);
      FloatVector x = v.blend(-DENSITY_LIMIT, v.lt(-DENSITY_LIMIT));
      x = x.blend(DENSITY_LIMIT, v.compare(GT, DENSITY_LIMIT));
      FloatVector density =
          FloatVector.fromMemorySegment(FLOATS, ALL, exponentials + at, ORDER).mul(DENSITY_AT_0);
      FloatVector slope =
          x.fma(density, FloatVector.fromMemorySegment(FLOATS, ALL, phi + at, ORDER));
      FloatVector.fromMemorySegment(FLOATS, ALL, dy + at, ORDER)
          .mul(slope)
          .intoMemorySegment(ALL, dz + at, ORDER);
    }
  }
}
