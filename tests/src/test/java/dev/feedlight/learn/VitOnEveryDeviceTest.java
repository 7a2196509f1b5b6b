package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.PatchGrid;
import dev.feedlight.nn.Residual;
import dev.feedlight.nn.VitNetwork;
import dev.feedlight.nn.VitShape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ViT's first steps on the processor, on the stand-in for a GPU, and by the oracle. */
final class VitOnEveryDeviceTest {
  private static final VitShape SHAPE =
      new VitShape(
          new PatchGrid(2, 6, 4, 2),
          new PatchGrid(1, 6, 4, 2),
          12,
          3,
          1,
          3,
          20,
          Residual.STANDARDIZED);
  private static final int EXAMPLES = 3;
  private static final int ROWS = EXAMPLES * SHAPE.input().patches();
  private static final OutputWeights WEIGHTS =
      OutputWeights.arranged(OutputWeights.of(rising()).values(), 6);
  private static final int STEPS = 4;

  /** Some hundred roundings of 2^-24 of values of order 1, and what four steps make of them. */
  private static final double ACCURACY = 2e-5;

  private static float[] rising() {
    float[] weights = new float[SHAPE.output().values()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i;
    }
    return weights;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "shlw"})
  void lossesAgree(String name) {
    LearningRule rule = LearningRules.named(name);
    double[] expected = losses(TestDevice.REFERENCE.open(), rule);
    assertThat(expected[STEPS - 1]).isLessThan(expected[0]);
    for (Device device : List.of(TestDevice.CPU_2.open(), StandIn.open())) {
      double[] actual = losses(device, rule);
      for (int i = 0; i < STEPS; i++) {
        assertThat(Math.abs(actual[i] - expected[i]) <= ACCURACY)
            .as("loss of step %d: %s, by the oracle %s", i, actual[i], expected[i])
            .isTrue();
      }
    }
  }

  private static double[] losses(Device opened, LearningRule rule) {
    try (Device device = opened;
        Scope scope = device.openScope("weights")) {
      Network network =
          VitNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1);
      return train(device, network, rule, STEPS);
    }
  }

  private static double[] train(Device device, Network network, LearningRule rule, int steps) {
    try (TrainingStep step =
        new TrainingStep(
            device,
            network,
            rule,
            new Objective(Loss.MEAN_SQUARED_ERROR, WEIGHTS),
            Optimizer.sgd(),
            ROWS,
            GradientSettings.DIRECT,
            1)) {
      double[] losses = new double[steps];
      device.write(step.input(), RandomValues.normal(2, ROWS * 8, 1));
      device.write(step.target(), RandomValues.normal(3, ROWS * 4, 1));
      for (int i = 0; i < steps; i++) {
        step.run(0.1f, i);
        losses[i] = step.loss();
      }
      step.requireFinite();
      return losses;
    }
  }

  /**
   * All layers in the last block, whose input's gradient is projected by the identity: the
   * embedding then gets what backpropagation would give it, and all else is the same.
   */
  @Test
  void theIdentityAsFeedbackIsBackpropagation() {
    float[] identity = new float[12 * 12];
    for (int i = 0; i < 12; i++) {
      identity[i * 13] = 1;
    }
    DirectFeedback direct =
        new DirectFeedback(new GivenMatrix(identity), ProjectedError.LAST_BLOCK_INPUT, false);
    List<float[]> expected = weights(new Backpropagation());
    List<float[]> actual = weights(direct);
    for (int i = 0; i < expected.size(); i++) {
      for (int j = 0; j < expected.get(i).length; j++) {
        assertThat(Math.abs(actual.get(i)[j] - expected.get(i)[j]) <= 1e-6).isTrue();
      }
    }
  }

  private static List<float[]> weights(LearningRule rule) {
    VitShape shape =
        new VitShape(SHAPE.input(), SHAPE.output(), 12, 2, 2, 3, 20, Residual.STANDARDIZED);
    try (Device device = TestDevice.REFERENCE.open();
        Scope scope = device.openScope("weights")) {
      Network network =
          VitNetwork.build(
              device, scope, shape, FeedbackPoints.MACRO, InitialWeights.UNIT_VARIANCE, 1);
      List<float[]> before = network.parameters().stream().map(Parameter::read).toList();
      train(device, network, rule, 1);
      List<float[]> after = network.parameters().stream().map(Parameter::read).toList();
      assertThat(after.getFirst()).isNotEqualTo(before.getFirst());
      return after;
    }
  }
}
