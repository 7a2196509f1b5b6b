package dev.feedlight.bench.kernels;

import dev.feedlight.bench.step.Spread;
import dev.feedlight.device.Precision;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The passes over weights of a step with one sample, on one thread of a processor: the update of
 * the step before and then the forward pass, layer after layer in sweeps of their own (a weight is
 * read twice and written once), or both in one sweep (read once, written once). Nothing of the
 * engine: no bias, no activation; a layer's signal is its input.
 *
 * <p>What is measured is the thread's time on a core, so that others on the machine delay the
 * rounds but are not counted, but for what they take of caches and bandwidth.
 */
final class CpuGenerations {
  /** In which there are some. */
  static final List<Precision> PRECISIONS = List.of(Precision.FP32);

  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int SUMS = 4;
  private static final float RATE = 1e-4f;
  private static final int WARM_UPS = 2;

  private final int width;
  private final float[][] weights;
  private final float[][] before;
  private final float[][] signals;
  private final float[] input;
  private final float[] lanes = new float[LANES.length()];

  /**
   * Random layers, the same each time.
   *
   * @param layers at least 1
   * @param width inputs and outputs of each
   */
  CpuGenerations(int layers, int width) {
    SplittableRandom random = new SplittableRandom(1);
    this.width = width;
    this.weights = new float[layers][];
    this.before = new float[layers][];
    this.signals = new float[layers][];
    for (int i = 0; i < layers; i++) {
      weights[i] = uniform(random, width * width, (float) Math.sqrt(3.0 / width));
      before[i] = uniform(random, width, 1);
      signals[i] = uniform(random, width, 1);
    }
    this.input = uniform(random, width, 1);
  }

  private static float[] uniform(SplittableRandom random, int count, float scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = scale * (2 * random.nextFloat() - 1);
    }
    return values;
  }

  /**
   * Measures both in turns.
   *
   * @param smoke whether layers shall be tiny
   */
  static List<Generation> measure(boolean smoke) {
    int layers = smoke ? 2 : 24;
    int width = smoke ? 20 : 3080;
    int rounds = smoke ? 3 : 21;
    CpuGenerations net = new CpuGenerations(layers, width);
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    double[] apart = new double[rounds];
    double[] lazy = new double[rounds];
    for (int i = -WARM_UPS; i < rounds; i++) {
      long start = clock.getCurrentThreadCpuTime();
      net.apart();
      long middle = clock.getCurrentThreadCpuTime();
      net.lazy();
      long end = clock.getCurrentThreadCpuTime();
      if (i >= 0) {
        apart[i] = (middle - start) * 1e-9;
        lazy[i] = (end - middle) * 1e-9;
      }
    }
    String step = "DFA step: " + layers + " layers of " + width + ", batch 1, fp32, SGD";
    long pass = (long) Float.BYTES * layers * width * width;
    return List.of(
        new Generation(
            step, 1, "a sweep of updates, a sweep forward", 3 * pass, Spread.of(apart), rounds),
        new Generation(step, 2, "updates in the sweep forward", 2 * pass, Spread.of(lazy), rounds));
  }

  /** All updates, then all layers forward; the last layer's result. */
  float[] apart() {
    for (int layer = 0; layer < weights.length; layer++) {
      for (int row = 0; row < width; row++) {
        update(layer, row);
      }
    }
    float[] x = input;
    for (float[] weight : weights) {
      float[] y = new float[width];
      for (int row = 0; row < width; row++) {
        y[row] = product(weight, row * width, x);
      }
      x = y;
    }
    return x;
  }

  /** The same bits, each row of a weight updated when the forward pass reads it. */
  float[] lazy() {
    float[] x = input;
    for (int layer = 0; layer < weights.length; layer++) {
      float[] y = new float[width];
      for (int row = 0; row < width; row++) {
        y[row] = updateAndProduct(layer, row, x);
      }
      x = y;
    }
    return x;
  }

  /** Weights of a layer, not copied. */
  float[] weight(int layer) {
    return weights[layer];
  }

  private void update(int layer, int row) {
    float[] weight = weights[layer];
    float[] x = before[layer];
    int from = row * width;
    float scale = -RATE * signals[layer][row];
    FloatVector factor = FloatVector.broadcast(LANES, scale);
    int i = 0;
    for (; i < LANES.loopBound(width); i += LANES.length()) {
      changed(weight, from + i, x, i, factor).intoArray(weight, from + i);
    }
    for (; i < width; i++) {
      weight[from + i] = Math.fma(scale, x[i], weight[from + i]);
    }
  }

  private float product(float[] weight, int from, float[] x) {
    FloatVector s0 = FloatVector.zero(LANES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int n = LANES.length();
    int i = 0;
    for (; i + SUMS * n <= width; i += SUMS * n) {
      s0 = at(weight, from + i).fma(at(x, i), s0);
      s1 = at(weight, from + i + n).fma(at(x, i + n), s1);
      s2 = at(weight, from + i + 2 * n).fma(at(x, i + 2 * n), s2);
      s3 = at(weight, from + i + 3 * n).fma(at(x, i + 3 * n), s3);
    }
    float sum = sum(s0, s1, s2, s3);
    for (; i < width; i++) {
      sum = Math.fma(weight[from + i], x[i], sum);
    }
    return sum;
  }

  private float updateAndProduct(int layer, int row, float[] x) {
    float[] weight = weights[layer];
    float[] old = before[layer];
    int from = row * width;
    float scale = -RATE * signals[layer][row];
    FloatVector factor = FloatVector.broadcast(LANES, scale);
    FloatVector s0 = FloatVector.zero(LANES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int n = LANES.length();
    int i = 0;
    for (; i + SUMS * n <= width; i += SUMS * n) {
      FloatVector w0 = changed(weight, from + i, old, i, factor);
      FloatVector w1 = changed(weight, from + i + n, old, i + n, factor);
      FloatVector w2 = changed(weight, from + i + 2 * n, old, i + 2 * n, factor);
      FloatVector w3 = changed(weight, from + i + 3 * n, old, i + 3 * n, factor);
      w0.intoArray(weight, from + i);
      w1.intoArray(weight, from + i + n);
      w2.intoArray(weight, from + i + 2 * n);
      w3.intoArray(weight, from + i + 3 * n);
      s0 = w0.fma(at(x, i), s0);
      s1 = w1.fma(at(x, i + n), s1);
      s2 = w2.fma(at(x, i + 2 * n), s2);
      s3 = w3.fma(at(x, i + 3 * n), s3);
    }
    float sum = sum(s0, s1, s2, s3);
    for (; i < width; i++) {
      weight[from + i] = Math.fma(scale, old[i], weight[from + i]);
      sum = Math.fma(weight[from + i], x[i], sum);
    }
    return sum;
  }

  private static FloatVector at(float[] values, int i) {
    return FloatVector.fromArray(LANES, values, i);
  }

  private static FloatVector changed(float[] weight, int at, float[] x, int i, FloatVector factor) {
    return factor.fma(at(x, i), at(weight, at));
  }

  /** In one order, whatever compiled it. */
  private float sum(FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    float sum = 0;
    for (float lane : lanes) {
      sum += lane;
    }
    return sum;
  }
}
