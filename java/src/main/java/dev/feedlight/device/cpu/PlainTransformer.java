package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.setFloat;

import dev.feedlight.device.TransformerOperation;

/** The loops of a Transformer without the Vector API. */
final class PlainTransformer implements TransformerLoops {
  @Override
  public void normalize(
      long y, long mean, long rstd, long x, long residual, long gain, long bias, long n) {
    float middle = (float) (PlainSums.sum(x, n) / n);
    centre(y, x, middle, n);
    float factor = rstd(PlainSums.sumOfSquares(y, n) / n);
    setFloat(mean, middle);
    setFloat(rstd, factor);
    if (gain == 0) {
      scale(y, factor, n);
    } else {
      scaleAndShift(y, factor, gain, bias, n);
    }
    if (residual != 0) {
      add(y, y, residual, n);
    }
  }

  static float rstd(double variance) {
    return (float) (1 / Math.sqrt(variance + TransformerOperation.EPSILON));
  }

  static void centre(long y, long x, float mean, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(y, i, getFloat(x, i) - mean);
    }
  }

  static void scale(long y, float factor, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(y, i, getFloat(y, i) * factor);
    }
  }

  static void scaleAndShift(long y, float factor, long gain, long bias, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(y, i, getFloat(y, i) * factor * getFloat(gain, i) + getFloat(bias, i));
    }
  }

  @Override
  public void normalizeGradient(
      long dx,
      long dy,
      long residual,
      long x,
      float mean,
      float rstd,
      long gain,
      long n,
      long normal) {
    normal(normal, x, mean, rstd, n);
    if (gain == 0) {
      CpuAddress.copyFloats(dx, dy, n);
    } else {
      multiply(dx, dy, gain, n);
    }
    float gradients = (float) (PlainSums.sum(dx, n) / n);
    float products = (float) (dot(dx, normal, n) / n);
    project(dx, normal, gradients, products, rstd, n);
    if (residual != 0) {
      add(dx, dx, residual, n);
    }
  }

  static void normal(long normal, long x, float mean, float rstd, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(normal, i, (getFloat(x, i) - mean) * rstd);
    }
  }

  static void multiply(long product, long x, long y, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(product, i, getFloat(x, i) * getFloat(y, i));
    }
  }

  static void project(long dx, long normal, float gradients, float products, float rstd, long n) {
    for (long i = 0; i < n; i++) {
      float across = getFloat(normal, i) * products;
      setFloat(dx, i, (getFloat(dx, i) - gradients - across) * rstd);
    }
  }

  @Override
  public void normalizeSums(
      long gains, long biases, long dy, long x, float mean, float rstd, long n) {
    for (long i = 0; i < n; i++) {
      float signal = getFloat(dy, i);
      float normal = (getFloat(x, i) - mean) * rstd;
      setFloat(gains, i, getFloat(gains, i) + signal * normal);
      setFloat(biases, i, getFloat(biases, i) + signal);
    }
  }

  @Override
  public float softmax(long scores, long n) {
    float largest = Float.NEGATIVE_INFINITY;
    for (long i = 0; i < n; i++) {
      float score = getFloat(scores, i);
      largest = score > largest ? score : largest;
    }
    exponentials(scores, largest, n);
    double sum = PlainSums.sum(scores, n);
    divide(scores, (float) sum, n);
    return logSumExp(largest, sum);
  }

  static float logSumExp(float largest, double sum) {
    return (float) (largest + StrictMath.log(sum));
  }

  /** exp(x - shift), in place. */
  static void exponentials(long x, float shift, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(x, i, LoopsMath.expOfNegative(getFloat(x, i) - shift));
    }
  }

  static void divide(long x, float divisor, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(x, i, getFloat(x, i) / divisor);
    }
  }

  @Override
  public void softmaxGradient(
      long scores, long gradient, long n, float logSumExp, float mean, float scale) {
    exponentials(scores, logSumExp, n);
    weigh(gradient, scores, mean, scale, n);
  }

  static void weigh(long gradient, long p, float mean, float scale, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(gradient, i, (getFloat(gradient, i) - mean) * getFloat(p, i) * scale);
    }
  }

  @Override
  public double dot(long x, long y, long n) {
    double[] strands = new double[PlainSums.PARTIALS];
    for (long i = 0; i < n; i++) {
      strands[(int) (i % PlainSums.PARTIALS)] += (double) getFloat(x, i) * getFloat(y, i);
    }
    return PlainSums.tree(strands);
  }

  @Override
  public void add(long sum, long x, long y, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(sum, i, getFloat(x, i) + getFloat(y, i));
    }
  }
}
