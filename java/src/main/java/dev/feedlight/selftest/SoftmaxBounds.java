package dev.feedlight.selftest;

/** What single precision may lose in a softmax cross-entropy. */
final class SoftmaxBounds {
  // Where exp leaves the normal floats, at an argument of -87, it may be cut to 0: exp(-87) =
  // 1.6e-38.
  private static final double CUT = 2 * Float.MIN_NORMAL;

  private final Matrix logits;
  private final int[] labels;
  private final double[] error;
  private double loss;
  private double lossError;

  SoftmaxBounds(Matrix logits, int[] labels) {
    this.logits = logits;
    this.labels = labels;
    this.error = new double[logits.values().length];
    for (int sample = 0; sample < labels.length; sample++) {
      row(sample);
    }
  }

  double[] error() {
    return error;
  }

  double[] loss() {
    int batch = labels.length;
    return new double[] {(lossError + Rounding.sum(batch, loss)) / batch};
  }

  private void row(int sample) {
    int classes = logits.columns();
    double maximum = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      maximum = Math.max(maximum, logits.at(sample, c));
    }
    double partition = 0;
    double partitionError = 0;
    for (int c = 0; c < classes; c++) {
      double argument = logits.at(sample, c) - maximum;
      partition += Math.exp(argument);
      partitionError += Math.exp(argument) * exponentialError(argument);
    }
    double relative = (partitionError + Rounding.sum(classes, partition)) / partition;
    for (int c = 0; c < classes; c++) {
      double argument = logits.at(sample, c) - maximum;
      double p = Math.exp(argument) / partition;
      double difference = Math.abs(p - (c == labels[sample] ? 1 : 0));
      double bound = p * (exponentialError(argument) + relative) + 4 * Rounding.UNIT * difference;
      error[sample * classes + c] = (bound + CUT) / labels.length;
    }
    double argument = logits.at(sample, labels[sample]) - maximum;
    loss += Math.log(partition) - argument;
    lossError +=
        relative
            + Rounding.APPROXIMATION * Math.abs(Math.log(partition))
            + 4 * Rounding.UNIT * (Math.abs(argument) + Math.abs(maximum));
  }

  /** Relative error of exp(argument), where the argument is a rounded difference. */
  private static double exponentialError(double argument) {
    // Far below, exp is 0 on both sides; 0 times infinity would make the bound NaN.
    double rounded = Math.max(Math.abs(argument), 1) * 2 * Rounding.UNIT;
    return Double.isInfinite(rounded) ? 0 : Rounding.APPROXIMATION + rounded;
  }
}
