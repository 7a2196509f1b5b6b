package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.data.Dataset;
import dev.feedlight.data.FashionMnist;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.gradient.BoundedMatrix;
import dev.feedlight.gradient.BoundedNetwork;
import dev.feedlight.gradient.DenseChain;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.nn.Network;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What makes direct feedback work: the weights turn until the projected error lies within 90
 * degrees of the true gradient, in every hidden block.
 */
final class AlignmentTest {
  private static final int BATCH = 64;
  private static final int[] WIDTHS = {784, 48, 48, 10};
  private static final int STEPS = 500;

  @Test
  void theAngleToTheTrueGradientFallsBelowNinetyDegrees() {
    float[] entries = RandomValues.normal(41, 48 * 10, 1 / Math.sqrt(48));
    Dataset data = FashionMnist.embedded().training();
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("weights")) {
      Network network =
          DenseChain.build(device, scope, Activation.TANH, Activation.IDENTITY, 3, WIDTHS);
      double[] before = cosines(network, entries, data);
      try (TrainingStep step =
          new TrainingStep(
              device,
              network,
              new DirectFeedback(new GivenMatrix(entries)),
              Loss.SOFTMAX_CROSS_ENTROPY,
              Optimizer.momentum(0.9f),
              BATCH,
              3)) {
        for (int i = 0; i < STEPS; i++) {
          long first = (long) i * BATCH % (data.size() - BATCH);
          device.write(step.input(), inputs(data, first));
          device.write(step.target(), labels(data, first));
          step.run(0.02f, i);
        }
        step.requireFiniteWeights();
      }
      double[] after = cosines(network, entries, data);
      for (int block = 0; block < 2; block++) {
        // The chain and the matrix are independent at first: with 48 x 10 entries each their cosine
        // is 0 with a standard deviation of 1 / sqrt(480) = 0.046 if errors were isotropic; they
        // are
        // not, so three times that is allowed. Afterwards it must stand clear of chance by eight.
        assertThat(Math.abs(before[block])).as("block %d at first", block).isLessThan(0.14);
        assertThat(after[block]).as("block %d after training", block).isGreaterThan(0.37);
      }
    }
  }

  /** Cosine between signal and gradient at the output of each hidden block. */
  private static double[] cosines(Network network, float[] entries, Dataset data) {
    BoundedNetwork exact = BoundedNetwork.of(network);
    List<BoundedNetwork.Pass> passes =
        exact.forward(BoundedMatrix.exact(BATCH, WIDTHS[0], inputs(data, 0)));
    BoundedMatrix error = passes.getLast().y().crossEntropyError(labels(data, 0));
    double[] signal = error.times(BoundedMatrix.exact(48, 10, entries).transposed(), null).values();
    List<BoundedNetwork.Gradient> gradients = exact.backpropagate(passes, error);
    return new double[] {
      cosine(signal, gradients.get(1).input().values()),
      cosine(signal, gradients.get(2).input().values())
    };
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
    }
    return product / Math.sqrt(square(a) * square(b));
  }

  private static double square(double[] values) {
    return Arrays.stream(values).map(value -> value * value).sum();
  }

  private static float[] inputs(Dataset data, long first) {
    float[] values = new float[BATCH * data.inputs()];
    MemorySegment segment = MemorySegment.ofArray(values);
    for (int i = 0; i < BATCH; i++) {
      data.input(first + i, segment, 4L * i * data.inputs());
    }
    return values;
  }

  private static int[] labels(Dataset data, long first) {
    int[] values = new int[BATCH];
    for (int i = 0; i < BATCH; i++) {
      values[i] = data.label(first + i);
    }
    return values;
  }
}
