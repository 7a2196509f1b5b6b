package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.nn.Network;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The shallow baseline moves the last block and nothing else, and that as every rule does. */
final class LastBlockOnlyTest {
  private static final Problem PROBLEM =
      new Problem(6, new int[] {5, 7, 6, 3}, Activation.RELU, Loss.SOFTMAX_CROSS_ENTROPY);

  static Stream<Arguments> optimizers() {
    return Stream.of(TestDevice.values())
        .flatMap(
            device ->
                Stream.of(
                        Optimizer.sgd(),
                        new Optimizer.Sgd(0.1f),
                        Optimizer.momentum(0.9f),
                        Optimizer.adam(),
                        Optimizer.adamW(0.1f))
                    .map(optimizer -> Arguments.of(device, optimizer)));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void leavesEveryOtherBlockAsItWas(TestDevice kind, Optimizer optimizer) {
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      List<float[]> before = Problem.parameters(PROBLEM.network(device, scope));
      List<float[]> after = PROBLEM.train(device, new LastBlockOnly(), optimizer, 0.1f, 5);
      int last = before.size() - 2;
      for (int i = 0; i < last; i++) {
        assertThat(after.get(i)).as("parameter %d", i).isEqualTo(before.get(i));
      }
      assertThat(after.get(last)).isNotEqualTo(before.get(last));
      assertThat(after.get(last + 1)).isNotEqualTo(before.get(last + 1));
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void frozenBlocksGetNoOptimizerState(TestDevice kind) {
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      Network network = PROBLEM.network(device, scope);
      try (TrainingStep _ = PROBLEM.step(device, network, new LastBlockOnly(), Optimizer.adam())) {
        assertThat(network.parameters().stream().map(parameter -> parameter.state().size()))
            .containsExactly(0, 0, 0, 0, 2, 2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void everyRuleTrainsTheLastBlockAlikeInItsFirstStep(TestDevice kind) {
    try (Device device = kind.open()) {
      List<float[]> shallow = PROBLEM.train(device, new LastBlockOnly(), Optimizer.sgd(), 0.1f, 1);
      for (String name : LearningRules.NAMES) {
        List<float[]> other =
            PROBLEM.train(device, LearningRules.named(name), Optimizer.sgd(), 0.1f, 1);
        assertThat(other.get(4)).as("last weight by " + name).isEqualTo(shallow.get(4));
        assertThat(other.get(5)).as("last bias by " + name).isEqualTo(shallow.get(5));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void ofOneBlockAllRulesAreOne(TestDevice kind) {
    Problem single = new Problem(6, new int[] {5, 3}, Activation.RELU, PROBLEM.loss());
    try (Device device = kind.open()) {
      List<float[]> shallow =
          single.train(device, new LastBlockOnly(), Optimizer.adam(), 0.01f, 10);
      for (String name : LearningRules.NAMES) {
        List<float[]> other =
            single.train(device, LearningRules.named(name), Optimizer.adam(), 0.01f, 10);
        for (int i = 0; i < shallow.size(); i++) {
          assertThat(other.get(i)).as("parameter %d by %s", i, name).isEqualTo(shallow.get(i));
        }
      }
    }
  }
}
