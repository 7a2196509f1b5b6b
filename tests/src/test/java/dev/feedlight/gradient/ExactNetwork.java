package dev.feedlight.gradient;

import dev.feedlight.device.Activation;
import java.util.BitSet;
import java.util.List;

/**
 * Dense blocks in double precision, forward only, in plain loops: what central differences
 * differentiate. Shares no code with the library.
 */
final class ExactNetwork {
  /**
   * A block; the arrays may be changed between two passes.
   *
   * @param mask what outputs are multiplied with, batch x outputs, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // variables to differentiate, never compared
  record Layer(double[] weight, double[] bias, Activation activation, double[] mask) {
    Layer(double[] weight, double[] bias, Activation activation) {
      this(weight, bias, activation, null);
    }
  }

  /** What a network's output is worth. */
  @FunctionalInterface
  interface Score {
    double of(double[] outputs, int batch);
  }

  private final List<Layer> layers;
  private final int batch;
  private final Score score;

  ExactNetwork(List<Layer> layers, int batch, Score score) {
    this.layers = layers;
    this.batch = batch;
    this.score = score;
  }

  /** The loss, and on which side of its kink each ReLU stands. */
  record Outcome(double loss, BitSet kinks) {}

  Outcome evaluate(double[] inputs) {
    double[] x = inputs;
    BitSet kinks = new BitSet();
    int units = 0;
    for (Layer layer : layers) {
      int outputs = layer.bias.length;
      int width = layer.weight.length / outputs;
      double[] y = new double[batch * outputs];
      for (int row = 0; row < batch; row++) {
        for (int out = 0; out < outputs; out++) {
          double z = layer.bias[out];
          for (int in = 0; in < width; in++) {
            z += x[row * width + in] * layer.weight[out * width + in];
          }
          if (layer.activation == Activation.RELU) {
            kinks.set(units++, z > 0);
          }
          double factor = layer.mask == null ? 1 : layer.mask[row * outputs + out];
          y[row * outputs + out] = factor * ExactFunctions.value(layer.activation, z);
        }
      }
      x = y;
    }
    return new Outcome(score.of(x, batch), kinks);
  }

  /** Mean of -log softmax[label]. */
  static Score crossEntropy(int[] labels) {
    return (outputs, batch) -> {
      int classes = outputs.length / batch;
      double sum = 0;
      for (int row = 0; row < batch; row++) {
        double partition = 0;
        for (int c = 0; c < classes; c++) {
          partition += Math.exp(outputs[row * classes + c]);
        }
        sum += Math.log(partition) - outputs[row * classes + labels[row]];
      }
      return sum / batch;
    };
  }

  /** Mean of squared differences. */
  static Score squaredError(float[] targets) {
    return (outputs, _) -> {
      double sum = 0;
      for (int i = 0; i < outputs.length; i++) {
        sum += (outputs[i] - targets[i]) * (outputs[i] - targets[i]);
      }
      return sum / outputs.length;
    };
  }
}
