package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptNetwork;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.Residual;
import dev.feedlight.tensor.ShapeException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPT's first steps on the processor, on the stand-in for a GPU, and by the oracle. */
final class GptOnEveryDeviceTest {
  private static final GptShape SHAPE = new GptShape(13, 5, 12, 2, 3, 20, Residual.STANDARDIZED);
  private static final int TOKENS = 3 * 5;
  private static final int STEPS = 4;

  /** Some hundred roundings of 2^-24 of values of order 1, and what four steps make of them. */
  private static final double ACCURACY = 2e-5;

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "shlw"})
  void lossesAgree(String rule) {
    double[] expected = losses(TestDevice.REFERENCE.open(), rule, GradientSettings.DIRECT);
    same(losses(TestDevice.CPU_2.open(), rule, GradientSettings.DIRECT), expected);
    same(losses(StandIn.open(), rule, GradientSettings.DIRECT), expected);
    // Three micro-batches of a sequence each, clipped by a norm that no gradient reaches.
    GradientSettings split = new GradientSettings(3, 1e6);
    same(losses(TestDevice.CPU_2.open(), rule, split), expected);
    same(losses(StandIn.open(), rule, split), expected);
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    assertThat(losses(TestDevice.CPU_2.open(), "odfa", GradientSettings.DIRECT))
        .isEqualTo(losses(TestDevice.CPU_2.open(), "odfa", GradientSettings.DIRECT));
    assertThat(losses(StandIn.open(), "odfa", GradientSettings.DIRECT))
        .isEqualTo(losses(StandIn.open(), "odfa", GradientSettings.DIRECT));
  }

  private static void same(double[] actual, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]) <= ACCURACY)
          .as("loss of step %d: %s, by the oracle %s", i, actual[i], expected[i])
          .isTrue();
    }
    assertThat(expected[STEPS - 1]).isLessThan(expected[0]);
  }

  private static double[] losses(Device opened, String rule, GradientSettings settings) {
    try (Device device = opened;
        Scope scope = device.openScope("weights")) {
      Network network =
          GptNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1);
      try (TrainingStep step = step(device, network, rule, settings)) {
        double[] losses = new double[STEPS];
        int[] tokens = RandomValues.labels(2, TOKENS, 13);
        int[] labels = RandomValues.labels(3, TOKENS, 13);
        int rows = TOKENS / settings.microBatches();
        for (int i = 0; i < STEPS; i++) {
          for (int micro = 0; micro < settings.microBatches(); micro++) {
            device.write(step.input(), part(tokens, micro, rows));
            device.write(step.target(), part(labels, micro, rows));
            step.run(0.1f, i, micro);
          }
          losses[i] = step.loss();
        }
        step.requireFinite();
        return losses;
      }
    }
  }

  private static int[] part(int[] all, int number, int size) {
    return Arrays.copyOfRange(all, number * size, (number + 1) * size);
  }

  private static TrainingStep step(
      Device device, Network network, String rule, GradientSettings settings) {
    return new TrainingStep(
        device,
        network,
        LearningRules.named(rule),
        Loss.SOFTMAX_CROSS_ENTROPY,
        Optimizer.sgd(),
        TOKENS,
        settings,
        1);
  }

  /** In a replay the GPU is not waited for: what it refused is told when results are read. */
  @Test
  void aTokenOutsideTheVocabularyIsRefused() {
    for (Device opened : new Device[] {TestDevice.CPU_2.open(), StandIn.open()}) {
      try (Device device = opened;
          Scope scope = device.openScope("weights")) {
        Network network =
            GptNetwork.build(
                device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1);
        try (TrainingStep step = step(device, network, "bp", GradientSettings.DIRECT)) {
          int[] tokens = RandomValues.labels(2, TOKENS, 13);
          tokens[4] = 13;
          device.write(step.input(), tokens);
          device.write(step.target(), RandomValues.labels(3, TOKENS, 13));
          float[] embeddings = network.parameters().getFirst().read();
          assertThatThrownBy(
                  () -> {
                    step.run(0.1f, 0);
                    step.loss();
                  })
              .isInstanceOf(ShapeException.class)
              .hasMessage("token 13 of row 4 does not lie in [0, 13)");
          assertThat(network.parameters().getFirst().read()).isEqualTo(embeddings);
        }
      }
    }
  }
}
