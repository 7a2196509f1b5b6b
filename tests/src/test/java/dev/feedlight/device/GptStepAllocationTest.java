package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.gradient.RandomValues;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptNetwork;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.Residual;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPT's step allocates as little as any other; see {@link StepAllocationTest}. */
final class GptStepAllocationTest {
  private static final GptShape SHAPE = new GptShape(50, 24, 64, 2, 2, 128, Residual.STANDARDIZED);
  private static final int TOKENS = 8 * 24;

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa"})
  void aStepAllocatesNextToNothing(String rule) {
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("weights")) {
      Network network =
          GptNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1);
      try (TrainingStep step =
          new TrainingStep(
              device,
              network,
              LearningRules.named(rule),
              Loss.SOFTMAX_CROSS_ENTROPY,
              Optimizer.adam(),
              TOKENS,
              1)) {
        device.write(step.input(), RandomValues.labels(2, TOKENS, 50));
        device.write(step.target(), RandomValues.labels(3, TOKENS, 50));
        long best = Long.MAX_VALUE;
        for (int i = 0; i < StepAllocationTest.ROUNDS && best >= StepAllocationTest.BOUND; i++) {
          best = Math.min(best, StepAllocationTest.bytesPerStep(step));
        }
        assertThat(best).isLessThan(StepAllocationTest.BOUND);
        assertThat(2 * StepAllocationTest.BOUND)
            .as("a bound well below one activation")
            .isLessThanOrEqualTo(4L * TOKENS * SHAPE.width());
      }
    }
  }
}
