package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.PlanFusion;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.gradient.DenseChain;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of few samples pass over their weights as seldom as they can, and that changes no bit. */
final class CudaFewSamplesTest {
  /** Rows of fours and others; too long for a block at once, and narrow. */
  private static final int[] WIDTHS = {21, 532, 131, 40, 300, 5};

  static Stream<Arguments> steps() {
    return Stream.of(1, 5, 8)
        .flatMap(
            batch ->
                Stream.of("bp", "dfa")
                    .flatMap(
                        rule ->
                            Stream.of(new Optimizer.Sgd(0.01f), Optimizer.adam())
                                .map(optimizer -> Arguments.of(batch, rule, optimizer))));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void preparedStepsGiveTheBitsOfTheirOperations(int batch, String rule, Optimizer optimizer) {
    List<float[]> prepared = train(batch, rule, optimizer, true);
    List<float[]> oneByOne = train(batch, rule, optimizer, false);
    for (int i = 0; i < prepared.size(); i++) {
      assertThat(prepared.get(i)).as("parameter %d", i).isEqualTo(oneByOne.get(i));
    }
  }

  private static List<float[]> train(
      int batch, String rule, Optimizer optimizer, boolean prepared) {
    try (CudaDevice device = StandIn.open();
        Scope weights = device.openScope("weights")) {
      Network network = network(device, weights);
      try (TrainingStep step = step(device, network, rule, optimizer, batch)) {
        List<float[]> before = parameters(network);
        for (int i = 0; i < 2; i++) {
          if (prepared) {
            step.run(0.05f, i);
          } else {
            control(step.plan()).begin(optimizer, 0.05f, i, batch);
            step.plan().operations().forEach(one -> device.kernels().prepare(one).run());
          }
        }
        step.requireFiniteWeights();
        List<float[]> after = parameters(network);
        for (int i = 0; i < after.size(); i++) {
          assertThat(after.get(i)).as("parameter %d", i).isNotEqualTo(before.get(i));
        }
        return after;
      }
    }
  }

  private static Network network(CudaDevice device, Scope scope) {
    return DenseChain.build(device, scope, Activation.TANH, Activation.IDENTITY, 1, WIDTHS);
  }

  private static TrainingStep step(
      CudaDevice device, Network network, String rule, Optimizer optimizer, int batch) {
    TrainingStep step =
        new TrainingStep(
            device,
            network,
            LearningRules.named(rule),
            Loss.SOFTMAX_CROSS_ENTROPY,
            optimizer,
            batch,
            1);
    device.write(step.input(), RandomValues.normal(2, batch * WIDTHS[0], 1));
    device.write(step.target(), RandomValues.labels(3, batch, 5));
    return step;
  }

  private static List<float[]> parameters(Network network) {
    return new ArrayList<>(network.parameters().stream().map(Parameter::read).toList());
  }

  private static StepControl control(Plan plan) {
    return plan.operations().stream()
        .filter(Operation.FiniteCheck.class::isInstance)
        .map(operation -> ((Operation.FiniteCheck) operation).control())
        .findFirst()
        .orElseThrow();
  }

  /** Each layer goes forward, its check included, and back, its update included, in one launch. */
  @Test
  void aLayerHasOneLaunchForwardAndOneBack() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("weights");
        TrainingStep step = step(device, network(device, scope), "bp", Optimizer.sgd(), 1)) {
      Plan plan = PlanFusion.fuse(step.plan());
      int layers = WIDTHS.length - 1;
      // The first layer has no dx; loss, its check and that of the error come between.
      int rest = plan.operations().size() - 2 * layers - (2 * layers - 1);
      assertThat(((CudaKernels) device.kernels()).prepare(plan)).hasSize(2 * layers + rest);
    }
  }

  @Test
  void aFailureStopsTheUpdateAndNotTheSignal() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("weights")) {
      Network network = network(device, scope);
      try (TrainingStep step = step(device, network, "bp", Optimizer.sgd(), 1)) {
        float[] input = RandomValues.normal(2, WIDTHS[0], 1);
        input[3] = Float.NaN;
        device.write(step.input(), input);
        List<float[]> before = parameters(network);
        step.run(0.05f, 0);
        List<float[]> after = parameters(network);
        for (int i = 0; i < after.size(); i++) {
          assertThat(after.get(i)).as("parameter %d", i).isEqualTo(before.get(i));
        }
        assertThat(control(step.plan()).failure()).isEqualTo(new StepControl.Failure(0, 0));
      }
    }
  }
}
