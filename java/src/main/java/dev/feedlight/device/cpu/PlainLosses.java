package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.setFloat;

import dev.feedlight.tensor.ShapeException;

/** Losses of one row and their gradients. */
final class PlainLosses {
  private PlainLosses() {}

  /** Softmax in fp32 of exact differences to the maximum; its sum in double. */
  static double softmaxCrossEntropy(long error, long logits, long classes, int label, float scale) {
    requireLabel(label, classes);
    float max = Float.NEGATIVE_INFINITY;
    for (long i = 0; i < classes; i++) {
      float z = getFloat(logits, i);
      max = z > max ? z : max;
    }
    float margin = getFloat(logits, label) - max; // before error is written: it may be logits
    for (long i = 0; i < classes; i++) {
      setFloat(error, i, LoopsMath.expOfNegative(getFloat(logits, i) - max));
    }
    double sum = PlainSums.sum(error, classes);
    float divisor = (float) sum;
    for (long i = 0; i < classes; i++) {
      float p = getFloat(error, i) / divisor;
      setFloat(error, i, (i == label ? p - 1f : p) * scale);
    }
    return StrictMath.log(sum) - margin;
  }

  /**
   * A label outside would be a read and a write outside.
   *
   * @throws ShapeException if the label is not in [0, classes)
   */
  static void requireLabel(int label, long classes) {
    if (label < 0 || label >= classes) {
      throw new ShapeException("label " + label + " does not lie in [0, " + classes + ")");
    }
  }

  static double squaredError(long error, long prediction, long target, long n, float scale) {
    double[] strands = new double[PlainSums.PARTIALS];
    for (long i = 0; i < n; i++) {
      float difference = getFloat(prediction, i) - getFloat(target, i);
      strands[(int) (i % PlainSums.PARTIALS)] += (double) difference * difference;
      setFloat(error, i, difference * scale);
    }
    return PlainSums.tree(strands);
  }

  /** On every machine: maps are small beside the products that make them. */
  static double weightedSquaredError(
      long error, long prediction, long target, long weights, long n, float scale) {
    double[] strands = new double[PlainSums.PARTIALS];
    for (long i = 0; i < n; i++) {
      float difference = getFloat(prediction, i) - getFloat(target, i);
      float weight = getFloat(weights, i);
      strands[(int) (i % PlainSums.PARTIALS)] += (double) difference * difference * weight;
      setFloat(error, i, difference * weight * scale);
    }
    return PlainSums.tree(strands);
  }
}
