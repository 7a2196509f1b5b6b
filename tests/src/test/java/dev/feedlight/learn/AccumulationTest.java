package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.device.TestDevice;
import dev.feedlight.gradient.DenseChain;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.nn.Network;
import dev.feedlight.opu.Drift;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A step of several micro-batches is the step of the whole batch: gradients, loss, noise of the
 * optics, masks of dropout, frames. Only the order of the sums differs.
 */
final class AccumulationTest {
  private static final int BATCH = 12;
  private static final int[] WIDTHS = {9, 20, 14, 4};
  private static final int STEPS = 5;
  private static final long SEED = 3;

  /**
   * What may lie between the two after all steps, as a part of the way: sums of 12 terms in another
   * order differ by some 2^-22, and Adam, which divides by them, enlarges that for the smallest
   * tenfold; 2.4e-6 is measured. Another mask, noise or factor changes the way itself.
   */
  private static final double TOLERANCE = 3e-5;

  /** What a run leaves. */
  private record Run(List<float[]> start, List<float[]> weights, List<Float> losses, long frames) {}

  private static final List<Optimizer> OPTIMIZERS =
      List.of(new Optimizer.Sgd(0.1f), Optimizer.momentum(0.9f), Optimizer.adam());

  static Stream<Arguments> rules() {
    return Stream.of(TestDevice.CPU_2, TestDevice.REFERENCE)
        .flatMap(
            kind ->
                LearningRules.NAMES.stream()
                    .flatMap(
                        rule ->
                            OPTIMIZERS.stream()
                                .map(optimizer -> Arguments.of(kind, rule, optimizer))));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void equalsTheWholeBatch(TestDevice kind, String rule, Optimizer optimizer) {
    for (float dropout : new float[] {0, 0.3f}) {
      Run whole = train(kind, LearningRules.named(rule), optimizer, dropout, 1);
      for (int microBatches : new int[] {2, 3, BATCH}) {
        compare(train(kind, LearningRules.named(rule), optimizer, dropout, microBatches), whole);
      }
    }
  }

  static Stream<DirectFeedback> opticalSettings() {
    SignalScale norm = new SignalScale.ErrorNorm(1);
    return Stream.of(
            new OpticalProjector(OpuSettings.defaults(), new TernaryRule.Absolute(0.2f), norm),
            new OpticalProjector(OpuSettings.defaults(), new TernaryRule.Sign(), norm),
            new OpticalProjector(OpuSettings.defaults(), new TernaryRule.RelativeToMax(0.4f), norm),
            new OpticalProjector(OpuSettings.defaults(), new TernaryRule.Stochastic(), norm),
            // Moves on once per step, whatever the passes.
            new OpticalProjector(OpuSettings.defaults().withDrift(new Drift(40, 7))),
            new OpticalProjector(
                OpuSettings.defaults(),
                OpticalProjector.DEFAULT_RULE,
                new SignalScale.Calibrated(1)))
        .map(DirectFeedback::new);
  }

  /** What divides by the batch or draws random numbers, each by itself. */
  @ParameterizedTest
  @MethodSource("opticalSettings")
  void equalsTheWholeBatchWhateverTheOptics(DirectFeedback rule) {
    Run whole = train(TestDevice.CPU_2, rule, Optimizer.momentum(0.9f), 0, 1);
    compare(train(TestDevice.CPU_2, rule, Optimizer.momentum(0.9f), 0, 4), whole);
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void theLossIsThatOfTheWholeBatch(Loss loss) {
    Run whole =
        train(
            TestDevice.CPU_1,
            new Backpropagation(),
            Optimizer.sgd(),
            0,
            new GradientSettings(1, 1e-30),
            loss);
    Run split =
        train(
            TestDevice.CPU_1,
            new Backpropagation(),
            Optimizer.sgd(),
            0,
            new GradientSettings(4, 1e-30),
            loss);
    for (int i = 0; i < STEPS; i++) {
      // A mean of means of fp32 losses of order 1.
      assertThat(split.losses.get(i)).isCloseTo(whole.losses.get(i), within(1e-6f));
    }
  }

  @Test
  void aBatchThatCannotBeSplitIsRefused() {
    try (Device device = TestDevice.CPU_1.open()) {
      assertThatThrownBy(
              () -> train(device, new Backpropagation(), Optimizer.sgd(), 0, splitInto(5), CLASSES))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll("12 samples", "5 micro-batches", "2 would be left over");
      assertThat(device.memory().liveBytes()).isZero();
    }
  }

  @Test
  void aRuleThatNeedsTheWholeBatchIsRefused() {
    DirectFeedback rule = new DirectFeedback(new RandomMatrix(), ProjectedError.OUTPUT, true);
    try (Device device = TestDevice.CPU_1.open()) {
      assertThatThrownBy(() -> train(device, rule, Optimizer.sgd(), 0, splitInto(3), CLASSES))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll("dfa", "12 samples", "3 micro-batches of 4");
      assertThat(device.memory().liveBytes()).isZero();
      train(device, rule, Optimizer.sgd(), 0, splitInto(1), CLASSES);
    }
  }

  @Test
  void microBatchesComeInTheirOrder() {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights");
        TrainingStep step =
            new TrainingStep(
                device,
                network(device, scope, 0),
                new Backpropagation(),
                CLASSES,
                Optimizer.sgd(),
                BATCH,
                splitInto(3),
                SEED)) {
      device.eager().fill(step.input(), 1);
      device.write(step.target(), new int[4]);
      assertThatThrownBy(() -> step.run(0.1f, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("3 micro-batches");
      assertThatThrownBy(() -> step.run(0.1f, 0, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("number 0 is due, not 1");
      step.run(0.1f, 0, 0);
      assertThatThrownBy(() -> step.run(0.1f, 0, 2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("number 1 is due, not 2");
      step.run(0.1f, 0, 1);
      // Begun again, a step forgets what was added up before.
      step.run(0.1f, 0, 0);
      step.run(0.1f, 0, 1);
      step.run(0.1f, 0, 2);
      assertThatThrownBy(() -> step.run(0.1f, 1, 3)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static final Loss CLASSES = Loss.SOFTMAX_CROSS_ENTROPY;

  private static GradientSettings splitInto(int microBatches) {
    return new GradientSettings(microBatches, Double.POSITIVE_INFINITY);
  }

  private static Network network(Device device, Scope scope, float dropout) {
    return DenseChain.build(
        device, scope, Activation.TANH, Activation.IDENTITY, dropout, SEED, WIDTHS);
  }

  private static Run train(
      TestDevice kind, LearningRule rule, Optimizer optimizer, float dropout, int microBatches) {
    return train(kind, rule, optimizer, dropout, splitInto(microBatches), CLASSES);
  }

  private static Run train(
      TestDevice kind,
      LearningRule rule,
      Optimizer optimizer,
      float dropout,
      GradientSettings settings,
      Loss loss) {
    try (Device device = kind.open()) {
      return train(device, rule, optimizer, dropout, settings, loss);
    }
  }

  /** Some steps, another batch in each. */
  private static Run train(
      Device device,
      LearningRule rule,
      Optimizer optimizer,
      float dropout,
      GradientSettings settings,
      Loss loss) {
    try (Scope scope = device.openScope("weights")) {
      Network network = network(device, scope, dropout);
      List<float[]> start = Problem.parameters(network);
      List<Float> losses = new ArrayList<>();
      try (TrainingStep step =
          new TrainingStep(device, network, rule, loss, optimizer, BATCH, settings, SEED)) {
        int rows = BATCH / settings.microBatches();
        float rate = optimizer instanceof Optimizer.Adam ? 0.01f : 0.1f;
        for (int number = 0; number < STEPS; number++) {
          float[] inputs = RandomValues.normal(number, BATCH * WIDTHS[0], 1);
          int[] labels = RandomValues.labels(number, BATCH, WIDTHS[3]);
          float[] targets = RandomValues.normal(-number, BATCH * WIDTHS[3], 1);
          for (int micro = 0; micro < settings.microBatches(); micro++) {
            device.write(step.input(), part(inputs, micro, rows * WIDTHS[0]));
            if (loss == CLASSES) {
              device.write(
                  step.target(), Arrays.copyOfRange(labels, micro * rows, (micro + 1) * rows));
            } else {
              device.write(step.target(), part(targets, micro, rows * WIDTHS[3]));
            }
            step.run(rate, number, micro);
            step.observe();
          }
          losses.add(step.loss());
          step.requireFinite();
        }
        long frames = step.frameLog() == null ? 0 : step.frameLog().frames();
        return new Run(start, Problem.parameters(network), losses, frames);
      }
    }
  }

  private static float[] part(float[] values, int number, int length) {
    return Arrays.copyOfRange(values, number * length, (number + 1) * length);
  }

  private static void compare(Run actual, Run expected) {
    assertThat(actual.frames).isEqualTo(expected.frames);
    double way = 0;
    double difference = 0;
    for (int p = 0; p < expected.weights.size(); p++) {
      for (int i = 0; i < expected.weights.get(p).length; i++) {
        float value = expected.weights.get(p)[i];
        way = Math.max(way, Math.abs(value - expected.start.get(p)[i]));
        double off = Math.abs(actual.weights.get(p)[i] - value);
        assertThat(off).isNotNaN();
        difference = Math.max(difference, off);
      }
    }
    assertThat(way).as("the weights move").isGreaterThan(0.01);
    assertThat(difference <= TOLERANCE * way)
        .as("%s of a way of %s, allowed %s", difference, way, TOLERANCE * way)
        .isTrue();
    for (int i = 0; i < STEPS; i++) {
      assertThat(actual.losses.get(i)).isCloseTo(expected.losses.get(i), within(1e-4f));
    }
  }
}
