package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.learn.GradientSettings;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.NotFiniteException;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels out of range: told with label and row, nothing learned from them, and on it goes. */
final class CudaLabelsTest {
  private static final int BATCH = 4;
  private static final int[] GOOD = {0, 1, 2, 1};
  private static final int[] BAD = {0, 1, 3, 1};

  @BeforeEach
  void require() {
    StandIn.require();
  }

  @Test
  void aLabelOutOfRangeIsRefusedAtOnceAndNothingOfItsRowIsWritten() {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Losses losses = new Losses(device, scope, 1, 7, 9);
      assertThatThrownBy(
              () ->
                  device
                      .eager()
                      .softmaxCrossEntropy(losses.loss, losses.error, losses.logits, losses.labels))
          .isInstanceOf(ShapeException.class)
          .hasMessage("label 7 of row 1 does not lie in [0, 3)");
      float[] error = new float[9];
      device.read(losses.error, error);
      assertThat(error[3]).isEqualTo(8);
      assertThat(error[0]).isNotEqualTo(8);
    }
  }

  @Test
  void aLabelOutOfRangeInAReplayIsRefusedWhenResultsAreRead() {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Losses losses = new Losses(device, scope, 1, 2, -1);
      Runnable replay = device.prepare(losses.plan(device));
      replay.run();
      assertThatThrownBy(() -> device.read(losses.loss, new float[1]))
          .isInstanceOf(ShapeException.class)
          .hasMessage("label -1 of row 2 does not lie in [0, 3)");
      device.write(losses.labels, new int[] {0, 1, 2});
      replay.run();
      float[] loss = new float[1];
      device.read(losses.loss, loss);
      // Equal logits: every class has probability 1/3.
      assertThat(Math.abs(loss[0] - Math.log(3)) <= 1e-6).isTrue();
    }
  }

  /** The weights keep their bits, and what follows is what would have come without it. */
  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa"})
  void aStepWithABadLabelLeavesAllWeightsAsTheyWere(String rule) {
    try (Device device = StandIn.open();
        Trained once = new Trained(device, rule, 1);
        Trained twice = new Trained(device, rule, 1)) {
      once.run(0, GOOD);
      twice.run(0, GOOD);
      List<float[]> before = twice.weights();
      assertThatThrownBy(() -> twice.run(1, BAD))
          .isInstanceOf(ShapeException.class)
          .hasMessage("label 3 of row 2 does not lie in [0, 3)");
      assertThat(twice.weights()).usingRecursiveComparison().isEqualTo(before);
      twice.step.requireFinite();
      assertThat(twice.run(1, GOOD)).isEqualTo(once.run(1, GOOD));
      assertThat(twice.weights()).usingRecursiveComparison().isEqualTo(once.weights());
    }
  }

  /** Whether a label was refused is asked on the way, with what is read anyway. */
  @Test
  void aStepWaitsOnceForItsLossAndOnceForItsFailure() {
    try (CudaDevice device = StandIn.open();
        Trained trained = new Trained(device, "dfa", 1)) {
      trained.run(0, GOOD);
      long before = device.waits();
      trained.run(1, GOOD);
      assertThat(device.waits() - before).isEqualTo(1);
      trained.step.requireFinite();
      assertThat(device.waits() - before).isEqualTo(2);
    }
  }

  /** The bad label is in the first part, the update in the last. */
  @Test
  void aBadLabelOfAMicroBatchSkipsTheUpdateOfTheWholeBatch() {
    try (Device device = StandIn.open();
        Trained trained = new Trained(device, "bp", 2)) {
      trained.run(0, GOOD);
      List<float[]> before = trained.weights();
      assertThatThrownBy(() -> trained.run(1, new int[] {0, 7, 1, 1}))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("of row 1 does not lie in [0, 3)");
      assertThat(trained.weights()).usingRecursiveComparison().isEqualTo(before);
      trained.run(1, GOOD);
      assertThat(trained.weights().getFirst()).isNotEqualTo(before.getFirst());
    }
  }

  /** A plan that updates nothing, an evaluation say, comes between. */
  @Test
  void anUnreadRefusalIsToldAndUndoneWhateverRanSince() {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope");
        Trained once = new Trained(device, "bp", 1);
        Trained twice = new Trained(device, "bp", 1)) {
      once.run(0, GOOD);
      twice.run(0, GOOD);
      Losses evaluation = new Losses(device, scope, 0, 1, 2);
      Runnable evaluate = device.prepare(evaluation.plan(device));
      device.write(twice.step.target(), BAD);
      twice.step.run(0.1f, 1);
      evaluate.run();
      assertThatThrownBy(() -> device.read(evaluation.loss, new float[1]))
          .isInstanceOf(ShapeException.class)
          .hasMessage("label 3 of row 2 does not lie in [0, 3)");
      assertThat(twice.run(1, GOOD)).isEqualTo(once.run(1, GOOD));
      assertThat(twice.weights()).usingRecursiveComparison().isEqualTo(once.weights());
    }
  }

  @Test
  void aRefusalOfWhatWasFreedSinceIsToldWithoutItsLabel() {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Losses other = new Losses(device, scope, 0, 1, 2);
      try (Trained freed = new Trained(device, "bp", 1)) {
        device.write(freed.step.target(), BAD);
        freed.step.run(0.1f, 0);
      }
      assertThatThrownBy(() -> device.read(other.error, new float[9]))
          .isInstanceOf(ShapeException.class)
          .hasMessage("the label of row 2 does not lie in [0, 3)");
      device.read(other.error, new float[9]);
    }
  }

  /** What was not finite before stays known. */
  @Test
  void anEarlierFailureIsNotForgotten() {
    try (Device device = StandIn.open();
        Trained trained = new Trained(device, "bp", 1)) {
      float[] input = new float[BATCH * 3];
      input[0] = Float.NaN;
      device.write(trained.step.input(), input);
      device.write(trained.step.target(), GOOD);
      trained.step.run(0.1f, 0);
      assertThatThrownBy(() -> trained.run(1, BAD)).isInstanceOf(ShapeException.class);
      assertThatThrownBy(trained.step::requireFinite).isInstanceOf(NotFiniteException.class);
    }
  }

  /** A network of 3, 5 and 3 with a step of its own. */
  private static final class Trained implements AutoCloseable {
    private final Device device;
    private final Scope scope;
    private final Network network;
    private final TrainingStep step;

    Trained(Device device, String rule, int microBatches) {
      this.device = device;
      this.scope = device.openScope("weights");
      this.network =
          new Network(
              List.of(
                  new Dense(device, scope, "hidden", 3, 5, Activation.TANH, 1, 0),
                  new Dense(device, scope, "output", 5, 3, Activation.IDENTITY, 1, 1)));
      this.step =
          new TrainingStep(
              device,
              network,
              LearningRules.named(rule),
              Loss.SOFTMAX_CROSS_ENTROPY,
              Optimizer.adam(),
              BATCH,
              new GradientSettings(microBatches, Double.POSITIVE_INFINITY),
              1);
      device.eager().randomFill(step.input(), Distribution.NORMAL, 1, 1);
    }

    float run(long number, int[] labels) {
      int rows = BATCH / step.microBatches();
      for (int micro = 0; micro < step.microBatches(); micro++) {
        int[] part = new int[rows];
        System.arraycopy(labels, micro * rows, part, 0, rows);
        device.write(step.target(), part);
        step.run(0.1f, number, micro);
      }
      return step.loss();
    }

    List<float[]> weights() {
      return network.parameters().stream().map(Parameter::read).toList();
    }

    @Override
    public void close() {
      step.close();
      scope.close();
    }
  }

  /** Operands of a loss of three samples and classes; the error holds 8 before. */
  private static final class Losses {
    private final Tensor loss;
    private final Tensor error;
    private final Tensor logits;
    private final Tensor labels;

    Losses(Device device, Scope scope, int... classes) {
      Shape square = new Shape(3, 3);
      loss = scope.allocate("loss", Shape.vector(1), DType.F32);
      error = scope.allocate("error", square, DType.F32);
      logits = scope.allocate("logits", square, DType.F32);
      labels = scope.allocate("labels", Shape.vector(3), DType.S32);
      device.eager().fill(error, 8);
      device.eager().fill(logits, 1);
      device.write(labels, classes);
    }

    Plan plan(Device device) {
      return Plan.record(
          "loss", device.kernels(), ops -> ops.softmaxCrossEntropy(loss, error, logits, labels));
    }
  }
}
