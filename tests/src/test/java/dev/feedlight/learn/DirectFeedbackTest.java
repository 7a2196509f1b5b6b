package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Operation.LinearUpdate;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How direct feedback is planned, what it refuses, and that no odd shape trips it. */
final class DirectFeedbackTest {
  private static final Problem PROBLEM =
      new Problem(6, new int[] {5, 7, 4, 9, 3}, Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);

  @ParameterizedTest
  @ValueSource(strings = {"dfa", "odfa"})
  void oneProjectionServesAllBlocks(String rule) {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights")) {
      Network network = PROBLEM.network(device, scope);
      try (TrainingStep step =
          PROBLEM.step(device, network, LearningRules.named(rule), Optimizer.sgd())) {
        List<LinearUpdate> updates =
            step.plan().operations().stream()
                .filter(LinearUpdate.class::isInstance)
                .map(LinearUpdate.class::cast)
                .filter(update -> update.weight() != network.parameters().get(6))
                .toList();
        assertThat(updates).hasSize(3);
        Tensor signal = updates.getFirst().dy();
        assertThat(updates)
            .allSatisfy(
                update -> {
                  assertThat(update.dy().storage()).isSameAs(signal.storage());
                  assertThat(update.dy().byteOffset()).isZero();
                  assertThat(update.dy().columns()).isEqualTo(update.weight().shape().rows());
                });
        assertThat(updates.stream().mapToLong(update -> update.dy().columns()).max()).hasValue(9);
        assertThat(signal.storage().bytes()).isEqualTo(4L * PROBLEM.batch() * 9);
        List<Operation> writers =
            step.plan().operations().stream()
                .filter(op -> op.writes().stream().anyMatch(signal::overlaps))
                .toList();
        assertThat(writers).as("one projection").hasSize(1);
      }
    }
  }

  @Test
  void nothingIsPassedBackBetweenBlocks() {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights")) {
      Network network = PROBLEM.network(device, scope);
      try (TrainingStep step =
          PROBLEM.step(device, network, LearningRules.named("dfa"), Optimizer.sgd())) {
        assertThat(step.plan().operations())
            .noneMatch(Operation.LinearBackwardInput.class::isInstance);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dfa", "odfa"})
  void theSeedDecidesTheProjection(String rule) {
    List<float[]> one = train(rule, 1);
    List<float[]> again = train(rule, 1);
    List<float[]> other = train(rule, 2);
    for (int p = 0; p < one.size(); p++) {
      boolean last = p >= 6;
      assertThat(again.get(p)).isEqualTo(one.get(p));
      assertThat(Arrays.equals(other.get(p), one.get(p))).as("parameter %d", p).isEqualTo(last);
    }
  }

  /** One step from the same weights, with a seed for the rule. */
  private static List<float[]> train(String rule, long seed) {
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("weights")) {
      Network network = PROBLEM.network(device, scope);
      try (TrainingStep step =
          new TrainingStep(
              device,
              network,
              LearningRules.named(rule),
              PROBLEM.loss(),
              Optimizer.sgd(),
              PROBLEM.batch(),
              seed)) {
        device.write(step.input(), PROBLEM.inputs());
        device.write(step.target(), PROBLEM.labels());
        step.run(0.5f, 0);
        return Problem.parameters(network);
      }
    }
  }

  @Test
  void theBatchMeanOfOneSampleIsRefused() {
    Problem single = new Problem(1, PROBLEM.widths(), PROBLEM.hidden(), PROBLEM.loss());
    DirectFeedback rule = new DirectFeedback(new RandomMatrix(), ProjectedError.OUTPUT, true);
    try (Device device = TestDevice.CPU_1.open()) {
      assertThatThrownBy(() -> single.train(device, rule, Optimizer.sgd(), 0.1f, 1))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("at least 2 samples per batch, not 1");
      assertThat(device.memory().scopes()).doesNotContainKeys("activations", "feedback");
    }
  }

  @Test
  void feedbackGainsMustBePositive() {
    for (float gain : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new RandomMatrix(gain))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(gain));
    }
  }

  @Test
  void anUnknownRuleIsRefusedByName() {
    assertThatThrownBy(() -> LearningRules.named("drtp"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("drtp")
        .hasMessageContaining("[bp, dfa, odfa, shlw]");
    for (String name : LearningRules.NAMES) {
      assertThat(LearningRules.named(name).name()).isEqualTo(name);
    }
  }

  static Stream<Arguments> oddShapes() {
    int[] deep = new int[18];
    Arrays.fill(deep, 8);
    deep[17] = 3;
    List<Problem> problems =
        Stream.of(
                new int[] {1, 5, 7, 3},
                new int[] {4, 5, 1, 3},
                new int[] {3, 1, 1, 1, 1},
                new int[] {1, 1, 1},
                new int[] {4, 5, 3},
                deep)
            .map(
                shape ->
                    new Problem(
                        shape[0],
                        Arrays.copyOfRange(shape, 1, shape.length),
                        Activation.TANH,
                        Loss.MEAN_SQUARED_ERROR))
            .toList();
    return problems.stream()
        .flatMap(problem -> LearningRules.NAMES.stream().map(rule -> Arguments.of(problem, rule)));
  }

  /** Two devices of different make agree within a hundredth of the way that the weights go. */
  @ParameterizedTest
  @MethodSource("oddShapes")
  void oddShapesTrainAlikeOnTheOracle(Problem problem, String name) {
    LearningRule rule = LearningRules.named(name);
    List<float[]> expected = train(TestDevice.REFERENCE, problem, rule, 10);
    List<float[]> start = train(TestDevice.REFERENCE, problem, rule, 0);
    for (TestDevice kind : List.of(TestDevice.CPU_1, TestDevice.CPU_3)) {
      List<float[]> actual = train(kind, problem, rule, 10);
      for (int p = 0; p < expected.size(); p++) {
        double way = 0;
        double apart = 0;
        for (int i = 0; i < expected.get(p).length; i++) {
          way = Math.max(way, Math.abs(expected.get(p)[i] - start.get(p)[i]));
          double difference = Math.abs(actual.get(p)[i] - expected.get(p)[i]);
          assertThat(difference).isNotNaN();
          apart = Math.max(apart, difference);
        }
        assertThat(apart).as("parameter %d on %s", p, kind).isLessThanOrEqualTo(way / 100);
        boolean trained = rule.trains(network(problem), p / 2);
        assertThat(way > 0).as("parameter %d moves", p).isEqualTo(trained);
      }
    }
  }

  private static Network network(Problem problem) {
    try (Device device = TestDevice.REFERENCE.open();
        Scope scope = device.openScope("weights")) {
      return problem.network(device, scope);
    }
  }

  private static List<float[]> train(
      TestDevice kind, Problem problem, LearningRule rule, int steps) {
    try (Device device = kind.open()) {
      return problem.train(device, rule, Optimizer.sgd(), 0.05f, steps);
    }
  }
}
