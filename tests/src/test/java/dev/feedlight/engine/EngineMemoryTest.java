package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.cpu.CpuDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine takes it gives back. */
final class EngineMemoryTest {
  private static final ArrayDataset DATA = ArrayDataset.classification(64, 6, 3, 1);

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void aClosedEngineLeavesNothing(String rule) {
    DfaEngine engine = builder(rule).build();
    engine.train(DATA, 1);
    engine.evaluate(DATA);
    assertThat(engine.memory().liveBytes()).isPositive();
    Device device = engine.device();
    engine.close();
    engine.close();
    assertThat(device.memory().liveBytes()).isZero();
    assertThat(device.memory().scopes()).isEmpty();
  }

  @Test
  void aDeviceOfTheCallersStaysOpenAndKeepsOnlyItsScratch() {
    Device device = CpuDevice.open(2);
    try (device) {
      for (int i = 0; i < 3; i++) {
        try (DfaEngine engine = builder("odfa").device(device).build()) {
          engine.train(DATA, 1);
        }
        assertThat(device.memory().scopes().keySet()).isSubsetOf("kernel scratch");
      }
    }
    assertThat(device.memory().liveBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void nothingMoreIsTakenWhileTraining(String rule) {
    try (DfaEngine engine = builder(rule).build()) {
      long built = engine.memory().liveBytes();
      engine.train(DATA, 2);
      engine.evaluate(DATA);
      assertThat(engine.memory().liveBytes()).isEqualTo(built);
    }
  }

  @Test
  void aClosedEngineRefusesToWork() {
    DfaEngine engine = builder("dfa").build();
    engine.close();
    assertThatThrownBy(() -> engine.train(DATA, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> engine.predict(DATA.flatInputs()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private static EngineBuilder builder(String rule) {
    return DfaEngine.builder()
        .inputs(6)
        .dense(16, Activation.GELU)
        .dense(12, Activation.TANH)
        .dense(3, Activation.IDENTITY)
        .rule(rule)
        .batch(16);
  }
}
