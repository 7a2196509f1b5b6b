package dev.feedlight.device.reference;

import dev.feedlight.tensor.Tensor;

/** Losses and their gradients. */
final class ReferenceLosses {
  private ReferenceLosses() {}

  static void softmaxCrossEntropy(Tensor loss, Tensor error, Tensor logits, Tensor labels) {
    Cells out = new Cells(error);
    Cells in = new Cells(logits);
    int[] label = labels(labels, in.columns());
    double sum = 0;
    for (int sample = 0; sample < label.length; sample++) {
      double maximum = Double.NEGATIVE_INFINITY;
      for (long c = 0; c < in.columns(); c++) {
        maximum = Math.max(maximum, in.real(sample, c));
      }
      double partition = 0;
      for (long c = 0; c < in.columns(); c++) {
        partition += Math.exp(in.real(sample, c) - maximum);
      }
      sum += Math.log(partition) - (in.real(sample, label[sample]) - maximum);
      for (long c = 0; c < in.columns(); c++) {
        double probability = Math.exp(in.real(sample, c) - maximum) / partition;
        double oneHot = c == label[sample] ? 1 : 0;
        out.put(sample, c, (float) ((probability - oneHot) / label.length));
      }
    }
    new Cells(loss).put(0, 0, (float) (sum / label.length));
  }

  static void meanSquaredError(
      Tensor loss, Tensor error, Tensor prediction, Tensor target, Tensor weights) {
    Cells out = new Cells(error);
    Cells p = new Cells(prediction);
    Cells t = new Cells(target);
    Cells w = weights == null ? null : new Cells(weights);
    double elements = prediction.shape().elements();
    double sum = 0;
    for (long row = 0; row < p.rows(); row++) {
      for (long column = 0; column < p.columns(); column++) {
        double difference = (double) p.real(row, column) - t.real(row, column);
        double weight = w == null ? 1 : w.real(row % w.rows(), column);
        sum += weight * difference * difference;
        out.put(row, column, (float) (2 * weight * difference / elements));
      }
    }
    new Cells(loss).put(0, 0, (float) (sum / elements));
  }

  private static int[] labels(Tensor labels, long classes) {
    Cells cells = new Cells(labels);
    int[] values = new int[Math.toIntExact(cells.columns())];
    for (int sample = 0; sample < values.length; sample++) {
      values[sample] = cells.integer(0, sample);
      if (values[sample] < 0 || values[sample] >= classes) {
        throw new IllegalArgumentException(
            "label " + values[sample] + " of sample " + sample + " with " + classes + " classes");
      }
    }
    return values;
  }
}
