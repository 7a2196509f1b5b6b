package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is bound once, what is bound again, and that everything runs. */
final class EagerCacheTest {
  @Test
  void operationsOfALoopAreBoundOnceAndThoseLongAgoAnew() {
    try (Device device = CpuDevice.open(1);
        Scope scope = device.openScope("scope")) {
      Tensor tensor = scope.allocate("values", Shape.vector(3), DType.F32);
      List<Operation> bound = new ArrayList<>();
      AtomicInteger runs = new AtomicInteger();
      EagerCache cache =
          new EagerCache(
              operation -> {
                bound.add(operation);
                return runs::incrementAndGet;
              });
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 16; i++) {
          cache.run(new Operation.Fill(tensor, i));
        }
      }
      assertThat(bound).hasSize(16);
      assertThat(runs).hasValue(80);
      cache.run(new Operation.Fill(tensor, 16));
      cache.run(new Operation.Fill(tensor, 1));
      assertThat(bound).hasSize(17);
      cache.run(new Operation.Fill(tensor, 0));
      assertThat(bound).hasSize(18);
      cache.clear();
      cache.run(new Operation.Fill(tensor, 0));
      assertThat(bound).hasSize(19);
    }
  }
}
