package dev.feedlight.bench.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LastBlockOnly;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptNetwork;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.PatchGrid;
import dev.feedlight.nn.Residual;
import dev.feedlight.nn.TransformerShape;
import dev.feedlight.nn.VitNetwork;
import dev.feedlight.nn.VitShape;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The count of a step's products, against the plan of that step. */
final class TransformerCostTest {
  private static final GptShape SHAPE =
      new GptShape(300, 24, 256, 5, 4, 512, Residual.STANDARDIZED);
  private static final int WINDOWS = 4;

  static Stream<LearningRule> rules() {
    return Stream.of(
        new Backpropagation(),
        new LastBlockOnly(),
        new DirectFeedback(new RandomMatrix()),
        new DirectFeedback(new RandomMatrix(), ProjectedError.LAST_BLOCK_INPUT, true),
        new DirectFeedback(new OpticalProjector(), ProjectedError.LAST_BLOCK_INPUT, true));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void thatOfAGptIsThatOfThePlan(LearningRule rule) {
    for (FeedbackPoints points : FeedbackPoints.values()) {
      try (Device device = CpuDevice.open(1);
          Scope scope = device.openScope("test")) {
        Network network =
            GptNetwork.build(device, scope, SHAPE, points, InitialWeights.UNIT_VARIANCE, 1);
        compare(device, network, Loss.SOFTMAX_CROSS_ENTROPY, SHAPE, points, rule);
      }
    }
  }

  /** Two layers in the last block. */
  @ParameterizedTest
  @MethodSource("rules")
  void thatOfAVitIsThatOfThePlan(LearningRule rule) {
    VitShape shape =
        new VitShape(
            new PatchGrid(4, 24, 36, 6),
            new PatchGrid(1, 24, 36, 6),
            256,
            4,
            2,
            4,
            512,
            Residual.STANDARDIZED);
    for (FeedbackPoints points : FeedbackPoints.values()) {
      try (Device device = CpuDevice.open(1);
          Scope scope = device.openScope("test")) {
        Network network =
            VitNetwork.build(device, scope, shape, points, InitialWeights.UNIT_VARIANCE, 1);
        compare(device, network, Loss.MEAN_SQUARED_ERROR, shape, points, rule);
      }
    }
  }

  private static void compare(
      Device device,
      Network network,
      Loss loss,
      TransformerShape shape,
      FeedbackPoints points,
      LearningRule rule) {
    long tokens = WINDOWS * shape.attention().context();
    try (TrainingStep step =
        new TrainingStep(device, network, rule, loss, Optimizer.sgd(), tokens, 1)) {
      double planned =
          step.plan().operations().stream()
              .filter(TransformerCostTest::multiplies)
              .mapToDouble(Operation::flops)
              .sum();
      double counted = tokens * new TransformerCost(shape, points, rule).flopsPerToken();
      // The plan counts biases, activations and the optimizer too.
      assertThat(counted / planned).as("%s, %s", rule.name(), points).isBetween(0.97, 1.01);
    }
  }

  /** Products of layers and of attention; the emulated optics are another matter. */
  private static boolean multiplies(Operation operation) {
    String name = operation.getClass().getSimpleName();
    return name.startsWith("Linear") || name.startsWith("Attention");
  }
}
