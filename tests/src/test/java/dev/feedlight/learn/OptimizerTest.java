package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.gradient.BoundedMatrix;
import dev.feedlight.gradient.BoundedNetwork;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Twenty steps of every optimizer through a whole network against an implementation in double
 * precision: each step from where the device stands, within running error bounds, moments included;
 * and all of them together from the start.
 */
final class OptimizerTest {
  private static final int STEPS = 20;

  /**
   * How far fp32 may have drifted after all steps, as a part of the way: 20 steps of some 10
   * roundings are 1e-5, and ten times that is allowed for what training makes of them.
   */
  private static final double DRIFT = 1e-4;

  private static final Problem PROBLEM =
      new Problem(8, new int[] {4, 6, 3}, Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);

  /** An optimizer and a rate at which it moves the weights visibly. */
  private record Setting(Optimizer optimizer, float rate) {}

  private static final List<Setting> SETTINGS =
      List.of(
          new Setting(Optimizer.sgd(), 0.1f),
          new Setting(new Optimizer.Sgd(0.1f), 0.1f),
          new Setting(Optimizer.momentum(0.9f), 0.02f),
          new Setting(new Optimizer.Momentum(0.5f, 0.1f), 0.05f),
          new Setting(Optimizer.adam(), 0.005f),
          new Setting(new Optimizer.Adam(0.8f, 0.95f, 1e-3f, 0.1f, false), 0.01f),
          new Setting(Optimizer.adamW(0.1f), 0.005f));

  static Stream<Arguments> settings() {
    return Stream.of(TestDevice.values())
        .flatMap(device -> SETTINGS.stream().map(s -> Arguments.of(device, s.optimizer, s.rate)));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void everyStepFollowsDoublePrecision(TestDevice kind, Optimizer optimizer, float rate) {
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      Network network = PROBLEM.network(device, scope);
      try (TrainingStep step = PROBLEM.step(device, network, new Backpropagation(), optimizer)) {
        for (int number = 1; number <= STEPS; number++) {
          List<BoundedOptimizer.Parameter> before = read(device, network);
          step.run(rate, number - 1);
          List<BoundedOptimizer.Parameter> expected = step(before, optimizer, rate, number);
          List<BoundedOptimizer.Parameter> actual = read(device, network);
          for (int p = 0; p < expected.size(); p++) {
            String what = "step " + number + ", parameter " + p;
            compare(what, actual.get(p).weight(), expected.get(p).weight());
            assertThat(actual.get(p).state()).hasSameSizeAs(expected.get(p).state());
            for (int s = 0; s < optimizer.stateSlots(); s++) {
              compare(
                  what + ", state " + s,
                  actual.get(p).state().get(s),
                  expected.get(p).state().get(s));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void allStepsTogetherDoNotDrift(TestDevice kind, Optimizer optimizer, float rate) {
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      Network network = PROBLEM.network(device, scope);
      List<BoundedOptimizer.Parameter> start;
      try (TrainingStep _ = PROBLEM.step(device, network, new Backpropagation(), optimizer)) {
        start = read(device, network);
      }
      List<BoundedOptimizer.Parameter> expected = start;
      for (int number = 1; number <= STEPS; number++) {
        expected = step(expected, optimizer, rate, number);
      }
      List<float[]> actual = PROBLEM.train(device, new Backpropagation(), optimizer, rate, STEPS);
      for (int p = 0; p < actual.size(); p++) {
        double way = 0;
        double drift = 0;
        for (int i = 0; i < actual.get(p).length; i++) {
          double value = expected.get(p).weight().value(i);
          way = Math.max(way, Math.abs(value - start.get(p).weight().value(i)));
          double difference = Math.abs(actual.get(p)[i] - value);
          assertThat(difference).isNotNaN();
          drift = Math.max(drift, difference);
        }
        assertThat(way).as("parameter %d moves", p).isGreaterThan(0.01);
        assertThat(drift).as("drift of parameter %d", p).isLessThanOrEqualTo(DRIFT * way);
      }
    }
  }

  private static void compare(String what, BoundedMatrix actual, BoundedMatrix expected) {
    for (int i = 0; i < actual.rows() * actual.columns(); i++) {
      double error = Math.abs(actual.value(i) - expected.value(i));
      assertThat(error <= expected.bound(i))
          .as(
              "%s, entry %d: %s, in double precision %s, off by %s, allowed %s",
              what, i, actual.value(i), expected.value(i), error, expected.bound(i))
          .isTrue();
    }
  }

  /** Weights and moments as they stand on the device. */
  private static List<BoundedOptimizer.Parameter> read(Device device, Network network) {
    List<BoundedOptimizer.Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : network.parameters()) {
      parameters.add(
          new BoundedOptimizer.Parameter(
              matrix(device, parameter.value()),
              parameter.state().stream().map(state -> matrix(device, state)).toList()));
    }
    return parameters;
  }

  private static BoundedMatrix matrix(Device device, Tensor tensor) {
    float[] values = new float[(int) tensor.shape().elements()];
    device.read(tensor, values);
    return BoundedMatrix.exact((int) tensor.rows(), (int) tensor.columns(), values);
  }

  /** One step of backpropagation in double precision; bounds of what came before are dropped. */
  private static List<BoundedOptimizer.Parameter> step(
      List<BoundedOptimizer.Parameter> before, Optimizer optimizer, float rate, int number) {
    BoundedNetwork network =
        new BoundedNetwork(
            IntStream.range(0, PROBLEM.blocks())
                .mapToObj(
                    i ->
                        new BoundedNetwork.Layer(
                            before.get(2 * i).weight().withoutBounds(),
                            before.get(2 * i + 1).weight().withoutBounds(),
                            i + 1 < PROBLEM.blocks() ? PROBLEM.hidden() : Activation.IDENTITY))
                .toList());
    List<BoundedNetwork.Pass> passes = network.forward(PROBLEM.exactInputs());
    List<BoundedNetwork.Gradient> gradients = network.backpropagate(passes, PROBLEM.error(passes));
    List<BoundedOptimizer.Parameter> after = new ArrayList<>();
    for (int p = 0; p < before.size(); p++) {
      boolean weight = p % 2 == 0;
      BoundedMatrix gradient = weight ? gradients.get(p / 2).weight() : gradients.get(p / 2).bias();
      after.add(
          new BoundedOptimizer(optimizer, weight, PROBLEM.batch())
              .step(before.get(p), gradient, rate, number));
    }
    return after;
  }
}
