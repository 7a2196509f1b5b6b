package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.gradient.DenseChain;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.nn.Network;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clipping by the norm of all gradients together. */
final class ClippingTest {
  private static final int BATCH = 8;
  private static final int[] WIDTHS = {11, 30, 5};
  private static final double NEVER = 1e30;

  /** Sums of 8 products in fp32 and one more rounding or two; relative to the norm. */
  private static final double TOLERANCE = 1e-5;

  /**
   * What one step of a rule leaves.
   *
   * @param gradient weights before minus weights after: the gradient that SGD at rate 1 applied
   * @param norm as the step gave it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Outcome(List<float[]> weights, double[] gradient, float norm) {
    double length() {
      return Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
    }
  }

  private static Outcome step(
      TestDevice kind, String rule, Optimizer optimizer, GradientSettings settings) {
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      Network network =
          DenseChain.build(device, scope, Activation.TANH, Activation.IDENTITY, 1, WIDTHS);
      try (TrainingStep step =
          new TrainingStep(
              device,
              network,
              LearningRules.named(rule),
              Loss.MEAN_SQUARED_ERROR,
              optimizer,
              BATCH,
              settings,
              1)) {
        double[] before = flat(network);
        int rows = BATCH / settings.microBatches();
        for (int micro = 0; micro < settings.microBatches(); micro++) {
          float[] inputs = RandomValues.normal(2, BATCH * WIDTHS[0], 1);
          float[] targets = RandomValues.normal(3, BATCH * WIDTHS[2], 3);
          device.write(step.input(), part(inputs, micro, rows * WIDTHS[0]));
          device.write(step.target(), part(targets, micro, rows * WIDTHS[2]));
          step.run(1, 0, micro);
        }
        step.requireFinite();
        double[] after = flat(network);
        for (int i = 0; i < after.length; i++) {
          after[i] = before[i] - after[i];
        }
        return new Outcome(Problem.parameters(network), after, step.gradientNorm());
      }
    }
  }

  private static float[] part(float[] values, int number, int length) {
    return Arrays.copyOfRange(values, number * length, (number + 1) * length);
  }

  private static double[] flat(Network network) {
    return network.parameters().stream()
        .map(Parameter::read)
        .flatMapToDouble(
            values -> {
              double[] wide = new double[values.length];
              for (int i = 0; i < wide.length; i++) {
                wide[i] = values[i];
              }
              return Arrays.stream(wide);
            })
        .toArray();
  }

  private static GradientSettings clip(int microBatches, double norm) {
    return new GradientSettings(microBatches, norm);
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void theNormIsThatOfAllGradients(TestDevice kind) {
    for (String rule : LearningRules.NAMES) {
      Outcome plain = step(kind, rule, Optimizer.sgd(), GradientSettings.DIRECT);
      assertThat(plain.norm).as("without clipping").isNaN();
      assertThat(plain.length()).isGreaterThan(0.1);
      for (int microBatches : new int[] {1, 4}) {
        Outcome watched = step(kind, rule, Optimizer.sgd(), clip(microBatches, NEVER));
        assertThat((double) watched.norm)
            .as("%s in %d", rule, microBatches)
            .isCloseTo(plain.length(), within(TOLERANCE * plain.length()));
      }
    }
  }

  /** Not on the oracle, where a gradient that is not stored is not rounded either. */
  @ParameterizedTest
  @EnumSource(value = TestDevice.class, names = "REFERENCE", mode = EnumSource.Mode.EXCLUDE)
  void aSmallerGradientIsLeftAsItIs(TestDevice kind) {
    for (Optimizer optimizer : List.of(Optimizer.momentum(0.9f), Optimizer.adam())) {
      Outcome plain = step(kind, "bp", optimizer, GradientSettings.DIRECT);
      Outcome watched = step(kind, "bp", optimizer, clip(1, NEVER));
      for (int p = 0; p < plain.weights.size(); p++) {
        // Bit for bit: the same sums, times 1.
        assertThat(watched.weights.get(p)).isEqualTo(plain.weights.get(p));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0.999999, 1", "0.5, 1", "0.001, 1", "0.5, 4", "0.001, 2"})
  void aLargerOneIsScaledDownToTheLimit(double part, int microBatches) {
    for (TestDevice kind : TestDevice.values()) {
      Outcome plain = step(kind, "dfa", Optimizer.sgd(), GradientSettings.DIRECT);
      double limit = part * plain.length();
      Outcome clipped = step(kind, "dfa", Optimizer.sgd(), clip(microBatches, limit));
      assertThat((double) clipped.norm)
          .isCloseTo(plain.length(), within(TOLERANCE * plain.length()));
      // Weights of order 1 round at 2^-24, however small the step.
      double rounding = 0x1p-23;
      for (int i = 0; i < plain.gradient.length; i++) {
        assertThat(clipped.gradient[i])
            .isCloseTo(part * plain.gradient[i], within(TOLERANCE * limit + 2 * rounding));
      }
    }
  }

  /** Finite gradients whose norm exceeds fp32; then good data again. */
  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void aNormThatIsNotFiniteStopsUpdatesAndNamesTheBlock(TestDevice kind) {
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      Network network =
          DenseChain.build(device, scope, Activation.TANH, Activation.IDENTITY, 1, 8, 2);
      network.parameters().forEach(p -> p.write(new float[(int) p.shape().elements()]));
      try (TrainingStep step =
          new TrainingStep(
              device,
              network,
              new Backpropagation(),
              Loss.SOFTMAX_CROSS_ENTROPY,
              Optimizer.adam(),
              2,
              clip(1, 1),
              1)) {
        device.eager().fill(step.input(), Float.MAX_VALUE);
        device.write(step.target(), new int[2]);
        step.run(0.1f, 17);
        assertThatThrownBy(step::requireFinite)
            .isInstanceOf(NotFiniteException.class)
            .hasMessageContainingAll("block 0 (dense1)", "step 17");
        assertThat(flat(network)).containsOnly(0);
        assertThat(step.gradientNorm()).isEqualTo(Float.POSITIVE_INFINITY);
      }
    }
  }
}
