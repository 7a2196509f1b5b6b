package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.data.Dataset;
import dev.feedlight.data.FashionMnist;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.gradient.DenseChain;
import dev.feedlight.nn.Network;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What makes direct feedback work: the weights turn until the projected error lies within 90
 * degrees of the true gradient, in every hidden block (Lillicrap et al. 2016), and towards the
 * feedback matrix (Refinetti et al. 2021).
 */
final class AlignmentTest {
  private static final int BATCH = 64;
  private static final int WIDTH = 48;
  private static final int[] WIDTHS = {784, WIDTH, WIDTH, 10};
  private static final int STEPS = 500;

  @ParameterizedTest
  @ValueSource(strings = {"dfa", "odfa"})
  void theAngleToTheTrueGradientFallsBelowNinetyDegrees(String rule) {
    Dataset data = FashionMnist.embedded().training();
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("weights")) {
      Network network =
          DenseChain.build(device, scope, Activation.TANH, Activation.IDENTITY, 3, WIDTHS);
      try (TrainingStep step =
              new TrainingStep(
                  device,
                  network,
                  LearningRules.named(rule),
                  Loss.SOFTMAX_CROSS_ENTROPY,
                  Optimizer.momentum(0.9f),
                  BATCH,
                  3);
          AlignmentProbe probe = new AlignmentProbe(step)) {
        load(device, step, data, 0);
        List<BlockAlignment> before = probe.measure(0);
        for (int i = 0; i < STEPS; i++) {
          load(device, step, data, (long) i * BATCH % (data.size() - BATCH));
          step.run(0.02f, i);
        }
        step.requireFiniteWeights();
        load(device, step, data, 0);
        List<BlockAlignment> after = probe.measure(STEPS);
        for (int block = 0; block < 2; block++) {
          // The chain and the matrix are independent at first: with 48 x 10 entries each the cosine
          // is 0 with a standard deviation of 1 / sqrt(480) = 0.046 if errors were isotropic; they
          // are not, so three times that is allowed. Afterwards it must stand clear of chance.
          assertThat(before.get(block).gradientMean())
              .as("block %d at first", block)
              .isCloseTo(0, within(0.14));
          assertThat(after.get(block).gradientMean())
              .as("block %d after training", block)
              .isGreaterThan(0.37);
        }
        // Independent weights, isotropic in 48 x 48 and 48 x 10 dimensions: four deviations.
        double[] chance = {1.0 / WIDTH, 1 / Math.sqrt(480)};
        for (int block = 1; block < 3; block++) {
          double allowed = 4 * chance[block - 1];
          assertThat(before.get(block).weight())
              .as("weight of block %d at first", block)
              .isCloseTo(0, within(allowed));
          assertThat(after.get(block).weight())
              .as("weight of block %d after training", block)
              .isGreaterThan(allowed + before.get(block).weight());
        }
      }
    }
  }

  private static void load(Device device, TrainingStep step, Dataset data, long first) {
    float[] values = new float[BATCH * data.inputs()];
    MemorySegment segment = MemorySegment.ofArray(values);
    int[] labels = new int[BATCH];
    for (int i = 0; i < BATCH; i++) {
      data.input(first + i, segment, 4L * i * data.inputs());
      labels[i] = data.label(first + i);
    }
    device.write(step.input(), values);
    device.write(step.target(), labels);
  }
}
