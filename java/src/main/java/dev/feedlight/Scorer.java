package dev.feedlight;

import dev.feedlight.data.Dataset;
import dev.feedlight.learn.Loss;
import java.lang.foreign.MemorySegment;

/** Adds up loss and hits in double precision on the host, for evaluation. */
final class Scorer {
  private final Loss loss;
  private final int width;
  private double lossSum;
  private long hits;

  Scorer(Loss loss, long outputs) {
    this.loss = loss;
    this.width = Math.toIntExact(outputs);
  }

  void add(Dataset data, long first, float[] outputs) {
    float[] target = new float[width];
    for (int row = 0; row < outputs.length / width; row++) {
      switch (loss) {
        case SOFTMAX_CROSS_ENTROPY -> classify(outputs, row * width, data.label(first + row));
        case MEAN_SQUARED_ERROR -> {
          data.target(first + row, MemorySegment.ofArray(target), 0);
          regress(outputs, row * width, target);
        }
      }
    }
  }

  private void classify(float[] outputs, int offset, int label) {
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
    if (best == label) {
      hits++;
    }
  }

  private void regress(float[] outputs, int offset, float[] target) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      double difference = (double) outputs[offset + i] - target[i];
      sum += difference * difference;
    }
    lossSum += sum / width;
  }

  Evaluation result(long examples) {
    double accuracy = loss == Loss.SOFTMAX_CROSS_ENTROPY ? (double) hits / examples : Double.NaN;
    return new Evaluation(lossSum / examples, accuracy, examples);
  }
}
