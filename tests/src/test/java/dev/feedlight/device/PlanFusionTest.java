package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Operation.ActivationGradient;
import dev.feedlight.device.Operation.LinearBackwardInput;
import dev.feedlight.gradient.DenseChain;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fusion happens where it may, only there, and changes no bit. */
final class PlanFusionTest {
  private static final int BATCH = 19;
  private static final int[] WIDTHS = {21, 67, 33, 70, 5};

  private final Device device = TestDevice.CPU_2.open();
  private final Scope scope = device.openScope("test");
  private final Tensor dx = tensor(BATCH, 67);
  private final Tensor dz = tensor(BATCH, 33);
  private final Tensor saved = tensor(BATCH, 67);
  private final Tensor other = tensor(BATCH, 67);
  private final StepControl control = new StepControl(device, scope);
  private final Parameter weight =
      new Parameter(device, scope, "weight", new Shape(33, 67), Parameter.Group.WEIGHTS);

  @AfterEach
  void close() {
    scope.close();
    device.close();
  }

  static Stream<Arguments> rulesAndActivations() {
    return Stream.of(TestDevice.values())
        .flatMap(
            kind ->
                Stream.of(Activation.values())
                    .flatMap(
                        f ->
                            LearningRules.NAMES.stream().map(rule -> Arguments.of(kind, f, rule))));
  }

  @ParameterizedTest
  @MethodSource("rulesAndActivations")
  void preparedPlansGiveTheBitsOfTheirOperations(TestDevice kind, Activation f, String rule) {
    List<float[]> prepared = train(kind, f, rule, true);
    List<float[]> oneByOne = train(kind, f, rule, false);
    for (int i = 0; i < prepared.size(); i++) {
      assertThat(prepared.get(i)).as("parameter %d", i).isEqualTo(oneByOne.get(i));
    }
  }

  private static List<float[]> train(
      TestDevice kind, Activation activation, String rule, boolean prepared) {
    try (Device on = kind.open();
        Scope weights = on.openScope("weights")) {
      Network network = DenseChain.build(on, weights, activation, Activation.IDENTITY, 1, WIDTHS);
      try (TrainingStep step =
          new TrainingStep(
              on,
              network,
              LearningRules.named(rule),
              Loss.SOFTMAX_CROSS_ENTROPY,
              Optimizer.momentum(0.9f),
              BATCH,
              1)) {
        on.write(step.input(), RandomValues.normal(2, BATCH * 21, 1));
        on.write(step.target(), RandomValues.labels(3, BATCH, 5));
        List<Runnable> operations =
            step.plan().operations().stream().map(on.kernels()::prepare).toList();
        for (int i = 0; i < 3; i++) {
          if (prepared) {
            step.run(0.05f, i);
          } else {
            StepControl control = control(step.plan());
            control.begin(Optimizer.momentum(0.9f), 0.05f, i, BATCH);
            operations.forEach(Runnable::run);
          }
        }
        step.requireFiniteWeights();
        return network.parameters().stream().map(Parameter::read).toList();
      }
    }
  }

  private static StepControl control(Plan plan) {
    return plan.operations().stream()
        .filter(Operation.FiniteCheck.class::isInstance)
        .map(operation -> ((Operation.FiniteCheck) operation).control())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void backpropagationIsFusedBetweenAllBlocks() {
    Network network =
        DenseChain.build(device, scope, Activation.TANH, Activation.IDENTITY, 1, WIDTHS);
    try (TrainingStep step =
        new TrainingStep(
            device,
            network,
            LearningRules.named("bp"),
            Loss.SOFTMAX_CROSS_ENTROPY,
            Optimizer.sgd(),
            BATCH,
            1)) {
      // Four blocks: the last has no mask, the first has its mask in the update.
      assertThat(count(step.plan(), ActivationGradient.class)).isEqualTo(2);
      Plan fused = PlanFusion.fuse(step.plan());
      assertThat(count(fused, ActivationGradient.class)).isZero();
      assertThat(fused.operations())
          .filteredOn(LinearBackwardInput.class::isInstance)
          .extracting(operation -> ((LinearBackwardInput) operation).activation())
          .containsExactly(Activation.TANH, Activation.TANH, Activation.IDENTITY);
      assertThat(fused.operations()).hasSize(step.plan().operations().size() - 2);
      assertThat(fused.bytes()).isLessThan(step.plan().bytes());
      assertThat(PlanFusion.fuse(fused)).isEqualTo(fused);
    }
  }

  private static long count(Plan plan, Class<? extends Operation> kind) {
    return plan.operations().stream().filter(kind::isInstance).count();
  }

  @Test
  void aMaskRightBehindItsProductIsFused() {
    assertThat(fused(_ -> {}, dx, saved)).isTrue();
  }

  @Test
  void whatLooksAtTheProductFirstPreventsFusion() {
    assertThat(fused(ops -> ops.finiteCheck(dx, 0, control), dx, saved)).isFalse();
    assertThat(fused(ops -> ops.finiteCheck(dx.firstColumns(3), 0, control), dx, saved)).isFalse();
    assertThat(fused(ops -> ops.fill(dx, 1), dx, saved)).isFalse();
  }

  @Test
  void whatChangesTheMaskFirstPreventsFusion() {
    assertThat(fused(ops -> ops.fill(saved, 1), dx, saved)).isFalse();
    assertThat(fused(ops -> ops.fill(saved.rowRange(3, 1), 1), dx, saved)).isFalse();
  }

  @Test
  void whatTouchesOtherTensorsDoesNot() {
    assertThat(fused(ops -> ops.fill(other, 1), dx, saved)).isTrue();
    assertThat(fused(ops -> ops.finiteCheck(saved, 0, control), dx, saved)).isTrue();
  }

  @Test
  void aMaskIntoAnotherTensorIsNotFused() {
    assertThat(fused(_ -> {}, other, saved)).isFalse();
  }

  /** Whether product, something, mask become two operations. */
  private boolean fused(Consumer<Ops> between, Tensor masked, Tensor mask) {
    Plan plan =
        Plan.record(
            "test",
            device.kernels(),
            ops -> {
              ops.linearBackwardInput(dx, dz, weight, null, Activation.IDENTITY);
              between.accept(ops);
              ops.activationGradient(masked, dx, mask, Activation.TANH);
            });
    Plan fused = PlanFusion.fuse(plan);
    boolean shorter = fused.operations().size() < plan.operations().size();
    if (!shorter) {
      assertThat(fused).isEqualTo(plan);
    }
    return shorter;
  }

  private Tensor tensor(long rows, long columns) {
    return scope.allocate("t", new Shape(rows, columns), DType.F32);
  }
}
