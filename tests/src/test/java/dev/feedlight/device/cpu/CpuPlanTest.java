package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.step.SquareNetwork;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What shares a hand-off to the threads, and that it changes no bit. */
final class CpuPlanTest {
  private static final int BATCH = 32;
  private static final int DEPTH = 3;

  @Test
  void updatesOfDirectFeedbackAreOneGroup() {
    try (CpuDevice device = CpuDevice.open(2);
        Scope scope = device.openScope("weights");
        TrainingStep step = step(device, network(device, scope, 24), Optimizer.sgd())) {
      List<CpuPlan.Group> groups = CpuPlan.groups(step.plan(), Precision.FP32);
      assertThat(
              groups.stream()
                  .filter(CpuPlan.Updates.class::isInstance)
                  .map(group -> ((CpuPlan.Updates) group).operations().size()))
          .containsExactly(DEPTH + 1);
      assertThat(groups.stream().filter(CpuPlan.CheckedForward.class::isInstance))
          .hasSize(DEPTH + 1);
      assertThat(CpuPlan.groups(step.plan(), Precision.BF16))
          .noneMatch(CpuPlan.Updates.class::isInstance);
    }
  }

  @Test
  void updatesThatTouchEachOtherStayApart() {
    try (CpuDevice device = CpuDevice.open(2);
        Scope scope = device.openScope("test")) {
      Shape square = new Shape(8, 8);
      Parameter weight = new Parameter(device, scope, "w", square, Parameter.Group.WEIGHTS);
      StepControl control = new StepControl(device, scope);
      Tensor x = scope.allocate("x", new Shape(4, 8), DType.F32);
      Tensor dy = scope.allocate("dy", new Shape(4, 8), DType.F32);
      UpdateTarget target = new UpdateTarget.Apply(Optimizer.sgd());
      Plan plan =
          Plan.record(
              "the same weight twice",
              device.kernels(),
              ops -> {
                for (int i = 0; i < 2; i++) {
                  ops.linearUpdate(weight, null, x, dy, null, Activation.IDENTITY, target, control);
                }
              });
      assertThat(CpuPlan.groups(plan, Precision.FP32))
          .hasSize(2)
          .allMatch(CpuPlan.Single.class::isInstance);
    }
  }

  /** Widths whose updates have one part, and one for each thread; rules with and without panels. */
  @ParameterizedTest
  @CsvSource({"24, false", "24, true", "160, false", "160, true"})
  void groupingChangesNoBit(int width, boolean adam) {
    Optimizer optimizer = adam ? Optimizer.adam() : Optimizer.sgd();
    try (CpuDevice device = CpuDevice.open(3);
        Scope scope = device.openScope("weights")) {
      Network together = network(device, scope, width);
      Network apart = network(device, scope, width);
      try (TrainingStep first = step(device, together, optimizer);
          TrainingStep second = step(device, apart, optimizer)) {
        first.run(0.01f, 0);
        assertThat(weights(apart)).isDeepEqualTo(weights(network(device, scope, width)));
        controlOf(second).begin(optimizer, 0.01f, 0, BATCH);
        for (Operation operation : second.plan().operations()) {
          device.kernels().prepare(operation).run();
        }
      }
      assertThat(Arrays.deepEquals(weights(together), weights(network(device, scope, width))))
          .isFalse();
      assertThat(weights(apart)).isDeepEqualTo(weights(together));
    }
  }

  private static StepControl controlOf(TrainingStep step) {
    return step.plan().operations().stream()
        .filter(Operation.LinearUpdate.class::isInstance)
        .map(operation -> ((Operation.LinearUpdate) operation).control())
        .findFirst()
        .orElseThrow();
  }

  private static float[][] weights(Network network) {
    return network.blocks().stream()
        .flatMap(block -> block.parameters().stream())
        .map(Parameter::read)
        .toArray(float[][]::new);
  }

  private static Network network(CpuDevice device, Scope scope, int width) {
    return SquareNetwork.build(device, scope, width, DEPTH, 7);
  }

  private static TrainingStep step(CpuDevice device, Network network, Optimizer optimizer) {
    TrainingStep step =
        new TrainingStep(
            device,
            network,
            new DirectFeedback(new RandomMatrix()),
            Loss.MEAN_SQUARED_ERROR,
            optimizer,
            BATCH,
            5);
    device.eager().randomFill(step.input(), Operation.RandomFill.Distribution.NORMAL, 1, 3);
    device.eager().randomFill(step.target(), Operation.RandomFill.Distribution.NORMAL, 1, 4);
    return step;
  }
}
