package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.LoopsMath.PHI_LIMIT;
import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.feedlight.device.Activation;
import jdk.incubator.vector.FloatVector;

/** Activations on one contiguous run; the last few elements by plain loops. */
final class VectorActivations {
  private VectorActivations() {}

  static void activate(VectorScratch scratch, Activation f, long y, long z, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    switch (f) {
      case IDENTITY -> bytes = 0;
      case RELU -> relu(y, z, bytes);
      case TANH -> VectorMath.tanh(y, z, bytes);
      case SIGMOID -> sigmoid(scratch.words, y, z, bytes);
      case GELU -> gelu(scratch.words, y, z, bytes);
    }
    PlainActivations.activate(f, y + bytes, z + bytes, n - bytes / Float.BYTES);
  }

  private static void relu(long y, long z, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, z + at, ORDER);
      x.blend(0, x.compare(LE, 0)).intoMemorySegment(ALL, y + at, ORDER);
    }
  }

  private static void sigmoid(long buffer, long y, long z, long bytes) {
    for (long done = 0; done < bytes; done += VectorScratch.BYTES) {
      long part = Math.min(VectorScratch.BYTES, bytes - done);
      negativeMagnitudes(buffer, z + done, part);
      VectorMath.expOfNegative(buffer, buffer, part);
      logistic(y + done, z + done, buffer, part);
    }
  }

  private static void negativeMagnitudes(long y, long z, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, z + at, ORDER)
          .abs()
          .neg()
          .intoMemorySegment(ALL, y + at, ORDER);
    }
  }

  /** 1 / (1 + e) or e / (1 + e), where e = exp(-|z|). */
  private static void logistic(long y, long z, long exponentials, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, z + at, ORDER);
      FloatVector e = FloatVector.fromMemorySegment(FLOATS, ALL, exponentials + at, ORDER);
      FloatVector.broadcast(FLOATS, 1)
          .blend(e, x.lt(0))
          .div(e.add(1))
          .intoMemorySegment(ALL, y + at, ORDER);
    }
  }

  private static void gelu(long buffer, long y, long z, long bytes) {
    for (long done = 0; done < bytes; done += VectorScratch.BYTES) {
      long part = Math.min(VectorScratch.BYTES, bytes - done);
      VectorMath.phi(buffer, z + done, part);
      gate(y + done, z + done, buffer, part);
    }
  }

  private static void gate(long y, long z, long phi, long bytes) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, z + at, ORDER);
      x.mul(FloatVector.fromMemorySegment(FLOATS, ALL, phi + at, ORDER))
          .blend(0, x.lt(-PHI_LIMIT))
          .intoMemorySegment(ALL, y + at, ORDER);
    }
  }
}
