package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.data.FashionMnist;
import dev.feedlight.data.Split;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Bf16Device;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cpu.CpuDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training with operands rounded to bf16. */
final class PrecisionTest {
  private static EngineBuilder builder(Split split) {
    return DfaEngine.builder()
        .inputs(split.training().inputs())
        .dense(128, Activation.TANH)
        .dense(split.training().outputs(), Activation.IDENTITY)
        .learningRate(1e-3);
  }

  private static double accuracy(String rule, Split split, Device device) {
    try (DfaEngine engine = builder(split).rule(rule).device(device).build()) {
      engine.train(split.training(), 3);
      return engine.evaluate(split.test()).accuracy();
    }
  }

  /**
   * Rounding is noise far below that of the batches. Of 1500 examples 1 % are 15; two runs that
   * differ in such noise alone differ by less (measured over five seeds and the three rules: 0.4
   * %).
   */
  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa"})
  void accuracyIsThatOfFp32(String rule) {
    Split split = FashionMnist.embedded();
    try (Device exact = CpuDevice.open(2);
        Device rounded = Bf16Device.open(2)) {
      double expected = accuracy(rule, split, exact);
      assertThat(expected).isGreaterThan(0.75);
      assertThat(accuracy(rule, split, rounded)).isCloseTo(expected, within(0.015));
    }
  }

  @Test
  void theEngineOpensADeviceOfThePrecisionAskedFor() {
    Bf16Device.open(1).close();
    try (DfaEngine engine =
        DfaEngine.builder()
            .inputs(3)
            .dense(2, Activation.IDENTITY)
            .precision(Precision.BF16)
            .build()) {
      assertThat(engine.device().precision()).isEqualTo(Precision.BF16);
    }
  }

  @Test
  void aDeviceOfAnotherPrecisionIsRefused() {
    try (Device device = CpuDevice.open(1)) {
      EngineBuilder builder =
          DfaEngine.builder().inputs(3).dense(2, Activation.IDENTITY).device(device);
      assertThatThrownBy(() -> builder.precision(Precision.BF16).build())
          .isInstanceOf(DeviceException.class)
          .hasMessageContainingAll("bf16 was asked for", "multiplies in fp32");
      assertThat(device.memory().liveBytes()).isZero();
      builder.precision(Precision.FP32).build().close();
    }
  }

  /** Weights keep what is below the last place of bf16: an update of a thousandth of it adds up. */
  @Test
  void masterWeightsStayInFp32() {
    try (Device device = Bf16Device.open(2);
        DfaEngine engine =
            DfaEngine.builder()
                .inputs(8)
                .dense(8, Activation.TANH)
                .dense(3, Activation.IDENTITY)
                .optimizer(Optimizer.sgd())
                .learningRate(1e-6)
                .batch(8)
                .device(device)
                .build()) {
      float[] before = engine.network().parameters().getFirst().read();
      engine.train(ArrayDataset.classification(64, 8, 3, 1), 1);
      float[] after = engine.network().parameters().getFirst().read();
      int moved = 0;
      for (int i = 0; i < before.length; i++) {
        moved += after[i] == before[i] ? 0 : 1;
        assertThat(after[i]).isCloseTo(before[i], within(1e-4f));
      }
      assertThat(moved).isGreaterThan(before.length / 2);
    }
  }
}
