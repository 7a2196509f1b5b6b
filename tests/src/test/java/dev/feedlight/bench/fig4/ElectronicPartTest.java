package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.DfaEngine;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.Projector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The electronic part of an optical step is that step without its projection, and nothing else. */
final class ElectronicPartTest {
  private static List<String> kernels(Projector projector) {
    try (Device device = CpuDevice.open(1);
        DfaEngine engine =
            DfaEngine.builder()
                .device(device)
                .rule(new DirectFeedback(projector))
                .inputs(8)
                .dense(8, Activation.TANH)
                .dense(8, Activation.IDENTITY)
                .batch(4)
                .build()) {
      return engine.plan().operations().stream().map(Operation::kernel).toList();
    }
  }

  @Test
  void onlyTheProjectionIsMissing() {
    List<String> whole = new ArrayList<>(kernels(new OpticalProjector()));
    assertThat(whole.remove("speckle_project")).isTrue();
    assertThat(kernels(new TernarizeOnly())).isEqualTo(whole);
  }
}
