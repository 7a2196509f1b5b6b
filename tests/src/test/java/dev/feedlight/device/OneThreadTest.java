package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two threads on one device are refused; one after the other they are welcome. */
final class OneThreadTest {
  private static final int ROUNDS = 2000;

  @Test
  void aSecondThreadIsRefusedWhileTheFirstIsRunning() throws InterruptedException {
    try (Device device = CpuDevice.open(1);
        Scope scope = device.openScope("test")) {
      Tensor mine = scope.allocate("mine", new Shape(1, 100_000), DType.F32);
      Tensor other = scope.allocate("other", new Shape(1, 100_000), DType.F32);
      AtomicInteger refused = new AtomicInteger();
      Thread second = new Thread(() -> fill(device, other, refused));
      second.start();
      fill(device, mine, refused);
      second.join();
      assertThat(refused.get()).isPositive();
      device.eager().fill(mine, 5);
      float[] values = new float[100_000];
      device.read(mine, values);
      assertThat(values).containsOnly(5);
    }
  }

  private static void fill(Device device, Tensor tensor, AtomicInteger refused) {
    for (int i = 0; i < ROUNDS; i++) {
      try {
        device.eager().fill(tensor, i);
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("one device per thread");
        refused.incrementAndGet();
      }
    }
  }
}
