package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;

import dev.feedlight.device.Optimizer;
import jdk.incubator.vector.FloatVector;

/** The steps of {@link PlainOptimizers} on vectors; the last few elements by plain loops. */
final class VectorOptimizers {
  private VectorOptimizers() {}

  static void sgd(long w, long gradient, long n, float learningRate, float decay) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector weight = FloatVector.fromMemorySegment(FLOATS, ALL, w + at, ORDER);
      FloatVector g =
          FloatVector.fromMemorySegment(FLOATS, ALL, gradient + at, ORDER).add(weight.mul(decay));
      weight.sub(g.mul(learningRate)).intoMemorySegment(ALL, w + at, ORDER);
    }
    PlainOptimizers.sgd(w + bytes, gradient + bytes, n - bytes / Float.BYTES, learningRate, decay);
  }

  static void momentum(
      long w, long gradient, long moment, long n, float learningRate, float decay, float momentum) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector weight = FloatVector.fromMemorySegment(FLOATS, ALL, w + at, ORDER);
      FloatVector g =
          FloatVector.fromMemorySegment(FLOATS, ALL, gradient + at, ORDER).add(weight.mul(decay));
      FloatVector m =
          FloatVector.fromMemorySegment(FLOATS, ALL, moment + at, ORDER).mul(momentum).add(g);
      m.intoMemorySegment(ALL, moment + at, ORDER);
      weight.sub(m.mul(learningRate)).intoMemorySegment(ALL, w + at, ORDER);
    }
    PlainOptimizers.momentum(
        w + bytes,
        gradient + bytes,
        moment + bytes,
        n - bytes / Float.BYTES,
        learningRate,
        decay,
        momentum);
  }

  static void adam(
      Optimizer.Adam adam,
      long w,
      long gradient,
      long moment1,
      long moment2,
      long n,
      float learningRate,
      float decay,
      float correction1,
      float correction2) {
    float rest1 = 1 - adam.beta1();
    float rest2 = 1 - adam.beta2();
    float rate = learningRate * correction1;
    float added = adam.decoupled() ? 0 : decay;
    float kept = adam.decoupled() ? 1 - learningRate * decay : 1;
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector weight = FloatVector.fromMemorySegment(FLOATS, ALL, w + at, ORDER);
      FloatVector g =
          FloatVector.fromMemorySegment(FLOATS, ALL, gradient + at, ORDER).add(weight.mul(added));
      FloatVector m =
          FloatVector.fromMemorySegment(FLOATS, ALL, moment1 + at, ORDER)
              .mul(adam.beta1())
              .add(g.mul(rest1));
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, ALL, moment2 + at, ORDER)
              .mul(adam.beta2())
              .add(g.mul(g).mul(rest2));
      m.intoMemorySegment(ALL, moment1 + at, ORDER);
      v.intoMemorySegment(ALL, moment2 + at, ORDER);
      FloatVector root = v.mul(correction2).sqrt().add(adam.epsilon());
      weight.mul(kept).sub(m.mul(rate).div(root)).intoMemorySegment(ALL, w + at, ORDER);
    }
    PlainOptimizers.adam(
        adam,
        w + bytes,
        gradient + bytes,
        moment1 + bytes,
        moment2 + bytes,
        n - bytes / Float.BYTES,
        learningRate,
        decay,
        correction1,
        correction2);
  }
}
