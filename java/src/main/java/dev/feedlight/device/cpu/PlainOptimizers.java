package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.setFloat;

import dev.feedlight.device.Optimizer;

/**
 * Optimizer steps on one contiguous run. No fused operations; in this order:
 *
 * <pre>
 * gradient  g = g + decay * w                        decay is 0 here for AdamW
 * SGD       w = w - lr * g
 * momentum  m = momentum * m + g;  w = w - lr * m
 * Adam      m = beta1 * m + (1 - beta1) * g;  v = beta2 * v + (1 - beta2) * (g * g)
 *           w = w * kept                             kept = 1 - lr * decay for AdamW, else 1
 *           w = w - (lr * correction1) * m / (sqrt(v * correction2) + epsilon)
 * </pre>
 */
final class PlainOptimizers {
  private PlainOptimizers() {}

  static void sgd(long w, long gradient, long n, float learningRate, float decay) {
    for (long i = 0; i < n; i++) {
      float weight = getFloat(w, i);
      float g = getFloat(gradient, i) + decay * weight;
      setFloat(w, i, weight - learningRate * g);
    }
  }

  static void momentum(
      long w, long gradient, long moment, long n, float learningRate, float decay, float momentum) {
    for (long i = 0; i < n; i++) {
      float weight = getFloat(w, i);
      float g = getFloat(gradient, i) + decay * weight;
      float m = momentum * getFloat(moment, i) + g;
      setFloat(moment, i, m);
      setFloat(w, i, weight - learningRate * m);
    }
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
    for (long i = 0; i < n; i++) {
      float weight = getFloat(w, i);
      float g = getFloat(gradient, i) + added * weight;
      float m = adam.beta1() * getFloat(moment1, i) + rest1 * g;
      float v = adam.beta2() * getFloat(moment2, i) + rest2 * (g * g);
      setFloat(moment1, i, m);
      setFloat(moment2, i, v);
      float root = (float) Math.sqrt(v * correction2) + adam.epsilon();
      setFloat(w, i, weight * kept - rate * m / root);
    }
  }

  /** The decay that applies: 0 for parameters whose group has none. */
  static float decay(Optimizer optimizer, boolean decays) {
    return decays ? optimizer.weightDecay() : 0;
  }
}
