package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.DfaEngine;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.device.reference.ReferenceDevice;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training by replays of a CUDA graph, held against the CPU. */
final class CudaTrainingTest {
  private static final ArrayDataset DATA = ArrayDataset.classification(320, 19, 5, 1);

  /**
   * Both sum in fp32, in different orders: errors of some units in the last place (6e-8) grow
   * through 40 steps of Adam by less than a thousand times. A stochastic sign that flips at its
   * threshold moves a loss by less than this too.
   */
  private static final double TOLERANCE = 2e-3;

  /** What a training leaves. */
  private record Trained(double firstLoss, double loss, double testLoss, List<float[]> weights) {}

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void aGraphTrainsAsTheProcessorDoes(String rule) {
    Trained expected = train(CpuDevice.open(1), rule);
    Trained actual = train(StandIn.open(), rule);
    assertThat(Math.abs(actual.loss() - expected.loss()) <= TOLERANCE)
        .as("loss %s, of the CPU %s", actual.loss(), expected.loss())
        .isTrue();
    assertThat(Math.abs(actual.testLoss() - expected.testLoss()) <= TOLERANCE)
        .as("test loss %s, of the CPU %s", actual.testLoss(), expected.testLoss())
        .isTrue();
    assertThat(actual.testLoss()).isLessThan(actual.firstLoss());
  }

  /**
   * Against the oracle, which rounds the same operands. Where sums differ in their last place, an
   * operand close to the middle between two rounded numbers goes the other way, by 2^-10 of it in
   * tf32 and 2^-8 in bf16: rare, and small beside the noise of the batches.
   */
  @ParameterizedTest
  @CsvSource({"bp, TF32", "bp, BF16", "dfa, TF32", "dfa, BF16"})
  void aGraphTrainsInThePrecisionOfTheOracle(String rule, Precision precision) {
    Trained expected = train(ReferenceDevice.open(precision), rule);
    Trained actual = train(StandIn.open(precision), rule);
    assertThat(Math.abs(actual.loss() - expected.loss()) <= TOLERANCE)
        .as("loss %s, of the oracle %s", actual.loss(), expected.loss())
        .isTrue();
    assertThat(Math.abs(actual.testLoss() - expected.testLoss()) <= TOLERANCE)
        .as("test loss %s, of the oracle %s", actual.testLoss(), expected.testLoss())
        .isTrue();
    assertThat(actual.testLoss()).isLessThan(actual.firstLoss());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "odfa"})
  void theSameSeedGivesTheSameBits(String rule) {
    List<float[]> first = train(StandIn.open(), rule).weights();
    List<float[]> second = train(StandIn.open(), rule).weights();
    for (int i = 0; i < first.size(); i++) {
      assertThat(second.get(i)).isEqualTo(first.get(i));
    }
  }

  private static Trained train(Device opened, String rule) {
    try (Device device = opened;
        DfaEngine engine =
            DfaEngine.builder()
                .inputs(19)
                .dense(33, Activation.TANH)
                .dense(20, Activation.GELU)
                .dense(5, Activation.IDENTITY)
                .rule(rule)
                .optimizer(Optimizer.adam())
                .learningRate(1e-3)
                .dropout(0.1)
                .clipGlobalNorm(5)
                .batch(16)
                .seed(7)
                .device(device)
                .build()) {
      double firstLoss = engine.evaluate(DATA).loss();
      double loss = engine.train(DATA, 2).finalLoss();
      return new Trained(
          firstLoss,
          loss,
          engine.evaluate(DATA).loss(),
          engine.network().parameters().stream().map(Parameter::read).toList());
    }
  }
}
