package dev.feedlight.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LastBlockOnly;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.learn.SignalScale;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.Network;
import dev.feedlight.opu.OpuSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ten training steps by every rule against an independent implementation in double precision.
 *
 * <p>The tolerance is derived there: golden.py repeats each run 40 times and moves every value at
 * random by what fp32 may do to it (activations by 2e-6, sums by 2^-20 of themselves); the largest
 * deviations are in the file. The bound is four times that, since 40 draws need not have met the
 * worst, plus the rounding of the result itself.
 */
final class GoldenTrainingTest {
  private static final int[] WIDTHS = {12, 16, 14, 4};
  private static final int BATCH = 8;
  private static final int STEPS = 10;
  private static final long SEED = 2026;

  private final GoldenFile golden = GoldenFile.read("training.txt");
  private final float[] data = golden.floats("data");
  private final int[] labels =
      Arrays.stream(golden.longs("labels")).mapToInt(Math::toIntExact).toArray();

  /** A run of the file. */
  record Run(String name, LearningRule rule, Optimizer optimizer, float rate) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Run> runs() {
    OpuSettings noisy = OpuSettings.defaults();
    OpuSettings noiseless = noisy.withCamera(noisy.camera().withNoise(0, 0));
    Optimizer momentum = Optimizer.momentum(0.75f);
    Optimizer adam = new Optimizer.Adam(0.75f, 0.875f, 0x1p-10f, 0, false);
    return List.of(
        new Run("bp", new Backpropagation(), Optimizer.sgd(), 0.5f),
        new Run("dfa", new DirectFeedback(new RandomMatrix()), momentum, 0.25f),
        new Run("odfa-ideal", optical(OpuSettings.ideal()), Optimizer.sgd(), 0.5f),
        new Run("odfa-noiseless", optical(noiseless), momentum, 0.25f),
        new Run("odfa-default", optical(noisy), Optimizer.sgd(), 0.5f),
        new Run("shlw", new LastBlockOnly(), adam, 0x1p-6f));
  }

  private static LearningRule optical(OpuSettings settings) {
    return new DirectFeedback(
        new OpticalProjector(
            settings, new TernaryRule.RelativeToRms(0.99f), new SignalScale.ErrorNorm(1)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void tenSteps(Run run) {
    double[] expected = golden.doubles(run.name + ".losses");
    double[] spread = golden.doubles(run.name + ".losses.spread");
    double[] norms = golden.doubles(run.name + ".norms");
    double[] normSpread = golden.doubles(run.name + ".norms.spread");
    assertThat(expected).hasSize(STEPS);
    try (Device device = CpuDevice.open(2);
        Scope scope = device.openScope("weights")) {
      Network network = network(device, scope);
      try (TrainingStep step =
          new TrainingStep(
              device, network, run.rule, Loss.SOFTMAX_CROSS_ENTROPY, run.optimizer, BATCH, SEED)) {
        for (int i = 0; i < STEPS; i++) {
          int first = i % 2 * BATCH;
          device.write(
              step.input(),
              Arrays.copyOfRange(data, first * WIDTHS[0], (first + BATCH) * WIDTHS[0]));
          device.write(step.target(), Arrays.copyOfRange(labels, first, first + BATCH));
          step.run(run.rate, i);
          double tolerance = 4 * spread[i] + 0x1p-23 * expected[i];
          assertThat(Math.abs(step.loss() - expected[i]))
              .as("loss of step %d: %s, expected %s", i, step.loss(), expected[i])
              .isLessThanOrEqualTo(tolerance);
        }
      }
      for (int block = 0; block < norms.length; block++) {
        double squares = 0;
        for (float w : network.blocks().get(block).parameters().getFirst().read()) {
          squares += (double) w * w;
        }
        double tolerance = 4 * normSpread[block] + 0x1p-23 * norms[block];
        assertThat(Math.abs(Math.sqrt(squares) - norms[block]))
            .as("norm of the weights of block %d", block)
            .isLessThanOrEqualTo(tolerance);
      }
    }
  }

  @Test
  void rulesDifferByFarMoreThanTheTolerance() {
    for (Run one : runs()) {
      for (Run other : runs()) {
        if (!one.name.equals(other.name)) {
          double difference =
              Math.abs(
                  golden.doubles(one.name + ".losses")[STEPS - 1]
                      - golden.doubles(other.name + ".losses")[STEPS - 1]);
          double tolerance = 4 * golden.doubles(one.name + ".losses.spread")[STEPS - 1];
          assertThat(difference).isGreaterThan(100 * tolerance);
        }
      }
    }
  }

  private static Network network(Device device, Scope scope) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i + 1 < WIDTHS.length; i++) {
      Activation activation = i + 2 < WIDTHS.length ? Activation.TANH : Activation.IDENTITY;
      blocks.add(
          new Dense(device, scope, "dense" + i, WIDTHS[i], WIDTHS[i + 1], activation, SEED, i));
    }
    return new Network(blocks);
  }
}
