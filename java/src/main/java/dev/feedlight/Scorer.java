package dev.feedlight;

/** Adds up loss and hits in double precision on the host, for evaluation. */
final class Scorer {
  private final int width;
  private double lossSum;
  private long rows;
  private long hits;
  private boolean classifies;

  Scorer(long outputs) {
    this.width = Math.toIntExact(outputs);
  }

  /** A row of logits with its label. */
  void classify(float[] outputs, int row, int label) {
    int offset = row * width;
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (outputs[offset + i] > outputs[offset + best]) {
        best = i;
      }
    }
    double max = outputs[offset + best];
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += Math.exp(outputs[offset + i] - max);
    }
    lossSum += Math.log(sum) + max - outputs[offset + label];
    rows++;
    classifies = true;
    if (best == label) {
      hits++;
    }
  }

  /**
   * The values of an example with those wanted.
   *
   * @param weights of mean 1; null for 1 each
   */
  void regress(float[] outputs, float[] target, float[] weights) {
    double sum = 0;
    for (int i = 0; i < target.length; i++) {
      double difference = (double) outputs[i] - target[i];
      sum += difference * difference * (weights == null ? 1 : weights[i]);
    }
    lossSum += sum / target.length;
    rows++;
  }

  Evaluation result() {
    double accuracy = classifies ? (double) hits / rows : Double.NaN;
    return new Evaluation(lossSum / rows, accuracy, rows);
  }
}
