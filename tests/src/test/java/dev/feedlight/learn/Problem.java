package dev.feedlight.learn;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.gradient.BoundedMatrix;
import dev.feedlight.gradient.BoundedNetwork;
import dev.feedlight.gradient.DenseChain;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import java.util.Arrays;
import java.util.List;

/**
 * A network, one batch and a loss; makes training steps of them.
 *
 * @param batch samples
 * @param widths input, hidden, output
 * @param hidden activation of all blocks but the last, which has the identity
 * @param loss what is minimised
 */
@SuppressWarnings("ArrayRecordComponent") // a constant of the test, never compared
record Problem(int batch, int[] widths, Activation hidden, Loss loss) {
  private static final long SEED = 5;

  Network network(Device device, Scope scope) {
    return DenseChain.build(device, scope, hidden, Activation.IDENTITY, SEED, widths);
  }

  /** Plans a step and loads the batch. */
  TrainingStep step(Device device, Network network, LearningRule rule, Optimizer optimizer) {
    TrainingStep step = new TrainingStep(device, network, rule, loss, optimizer, batch, SEED);
    device.write(step.input(), inputs());
    if (step.target().dtype() == DType.S32) {
      device.write(step.target(), labels());
    } else {
      device.write(step.target(), targets());
    }
    return step;
  }

  /** Parameters after some steps of a rule, from the same start. */
  List<float[]> train(
      Device device, LearningRule rule, Optimizer optimizer, float rate, int steps) {
    try (Scope scope = device.openScope("weights")) {
      Network network = network(device, scope);
      try (TrainingStep step = step(device, network, rule, optimizer)) {
        for (int i = 0; i < steps; i++) {
          step.run(rate, i);
        }
        step.requireFiniteWeights();
        return parameters(network);
      }
    }
  }

  static List<float[]> parameters(Network network) {
    return network.parameters().stream().map(Parameter::read).toList();
  }

  float[] inputs() {
    return RandomValues.normal(21, batch * widths[0], 1);
  }

  float[] targets() {
    return RandomValues.normal(22, batch * outputs(), 1);
  }

  int[] labels() {
    return RandomValues.labels(23, batch, outputs());
  }

  int outputs() {
    return widths[widths.length - 1];
  }

  int blocks() {
    return widths.length - 1;
  }

  /** Width of the projection. */
  int widestHidden() {
    int widest = 0;
    for (int i = 1; i < widths.length - 1; i++) {
      widest = Math.max(widest, widths[i]);
    }
    return widest;
  }

  BoundedMatrix exactInputs() {
    return BoundedMatrix.exact(batch, widths[0], inputs());
  }

  /** Gradient of the loss at the output, with its bounds. */
  BoundedMatrix error(List<BoundedNetwork.Pass> passes) {
    BoundedMatrix output = passes.getLast().y();
    return loss == Loss.SOFTMAX_CROSS_ENTROPY
        ? output.crossEntropyError(labels())
        : output.squaredErrorGradient(targets());
  }

  @Override
  public String toString() {
    return batch + " x " + Arrays.toString(widths) + " " + hidden + " " + loss;
  }
}
