package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies, plans and what the device says of itself. */
final class CudaDeviceTest {
  @Test
  void itSaysWhatItIs() {
    try (Device device = StandIn.open()) {
      assertThat(device.name()).isEqualTo("cuda");
      assertThat(device.description())
          .contains("stand-in", "sm_", "driver for CUDA 12.6", "fp32 products");
      assertThat(device.identity().libraries()).isEqualTo("CUDA driver 12.6");
      assertThat(device.threads()).isEqualTo(1);
      assertThat(device.precision()).isEqualTo(Precision.FP32);
      assertThat(StandIn.with(CudaStatus::detect))
          .satisfies(
              status -> {
                assertThat(status.missing()).isEmpty();
                assertThat(status.gpus()).hasSize(1);
                assertThat(status.toString()).contains("stand-in", StandIn.images().toString());
              });
    }
  }

  /** More than the pinned memory holds at once, and odd sizes around it. */
  @Test
  void copiesOfAllSizesComeBack() {
    Random random = new Random(1);
    try (Device device = StandIn.open()) {
      for (int n : List.of(1, 3, 1 << 20, (1 << 20) + 1, 2_500_001)) {
        try (Scope scope = device.openScope("scope")) {
          float[] values = new float[n];
          for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat();
          }
          Tensor tensor = scope.allocate("values", Shape.vector(n), DType.F32);
          device.write(tensor, values);
          float[] back = new float[n];
          device.read(tensor, back);
          assertThat(back).isEqualTo(values);
        }
      }
    }
  }

  @Test
  void rowsOfAWiderMatrixAreCopiedAlone() {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Tensor whole = scope.allocate("whole", new Shape(3, 4), DType.S8);
      device.write(whole, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
      Tensor part = whole.rowRange(1, 2).firstColumns(3);
      byte[] read = new byte[6];
      device.read(part, read);
      assertThat(read).containsExactly(5, 6, 7, 9, 10, 11);
      device.write(part, new byte[6]);
      byte[] all = new byte[12];
      device.read(whole, all);
      assertThat(all).containsExactly(1, 2, 3, 4, 0, 0, 0, 8, 0, 0, 0, 12);
    }
  }

  /** Many short rows by one call, more than fit together, and rows that do not fit at all. */
  @ParameterizedTest
  @CsvSource({"3, 5, 5", "70000, 20, 33", "5, 600000, 600001", "3, 1100000, 1100007"})
  void rowsApartComeBackAndWhatLiesBetweenThemStays(int rows, int columns, int stride) {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Tensor whole = scope.allocate("whole", new Shape(rows, stride), DType.S32);
      int[] before = new int[rows * stride];
      Arrays.setAll(before, i -> -i);
      device.write(whole, before);
      Tensor part = whole.firstColumns(columns);
      int[] values = new int[rows * columns];
      Arrays.setAll(values, i -> i + 1);
      device.write(part, values);
      int[] back = new int[values.length];
      device.read(part, back);
      assertThat(back).isEqualTo(values);
      int[] all = new int[before.length];
      device.read(whole, all);
      int[] expected = before;
      for (int row = 0; row < rows; row++) {
        System.arraycopy(values, row * columns, expected, row * stride, columns);
      }
      assertThat(all).isEqualTo(expected);
    }
  }

  /** More kinds of operations than are kept, each again and again with new contents. */
  @Test
  void eagerOperationsThatComeAgainUseWhatIsInMemoryThen() {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Tensor from = scope.allocate("from", Shape.vector(20), DType.F32);
      Tensor to = scope.allocate("to", Shape.vector(20), DType.F32);
      for (int round = 0; round < 3; round++) {
        for (int n = 1; n <= 20; n++) {
          device.eager().fill(from, 100 * round + n);
          device
              .eager()
              .activationGradient(
                  to.firstColumns(n), from.firstColumns(n), null, Activation.IDENTITY);
          float[] values = new float[n];
          device.read(to.firstColumns(n), values);
          assertThat(values).containsOnly(100 * round + n);
        }
      }
    }
  }

  @Test
  void anEagerOperationOnFreedMemoryIsRefusedThoughItIsBound() {
    try (Device device = StandIn.open()) {
      Scope scope = device.openScope("scope");
      Tensor tensor = scope.allocate("values", Shape.vector(3), DType.F32);
      device.eager().fill(tensor, 1);
      scope.close();
      assertThatThrownBy(() -> device.eager().fill(tensor, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("scope scope is closed");
    }
  }

  @Test
  void copiesThatDoNotFitAreRefused() {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Tensor tensor = scope.allocate("values", Shape.vector(3), DType.F32);
      assertThatThrownBy(() -> device.write(tensor, new float[4]))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("the host has 4 values, the tensor of shape 1 x 3 has 3");
      assertThatThrownBy(() -> device.read(tensor, new int[3]))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("cannot copy between [S32]");
    }
  }

  @Test
  void graphsReplayWithWhatIsInMemoryThen() {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Tensor from = scope.allocate("from", Shape.vector(3), DType.F32);
      Tensor to = scope.allocate("to", Shape.vector(3), DType.F32);
      Plan plan =
          Plan.record(
              "copy",
              device.kernels(),
              ops -> ops.activationGradient(to, from, null, Activation.IDENTITY));
      List<Runnable> replays = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        replays.add(device.prepare(plan));
      }
      for (int i = 0; i < 100; i++) {
        device.write(from, new float[] {i, -i, 0.5f});
        replays.get(i).run();
        float[] back = new float[3];
        device.read(to, back);
        assertThat(back).containsExactly(i, -i, 0.5f);
      }
    }
  }

  @Test
  void anEmptyPlanDoesNothing() {
    try (Device device = StandIn.open()) {
      device.prepare(Plan.record("nothing", device.kernels(), _ -> {})).run();
    }
  }

  @Test
  void twoDevicesAreIndependent() {
    try (Device one = StandIn.open();
        Scope ofOne = one.openScope("one")) {
      Tensor tensor = ofOne.allocate("values", Shape.vector(3), DType.F32);
      try (Device two = StandIn.open();
          Scope ofTwo = two.openScope("two")) {
        two.eager().fill(ofTwo.allocate("values", Shape.vector(3), DType.F32), 2);
        one.eager().fill(tensor, 1);
        assertThat(two.memory().scopes()).doesNotContainKey("one");
      }
      float[] values = new float[3];
      one.read(tensor, values);
      assertThat(values).containsOnly(1);
    }
  }

  @Test
  void closingFreesAllAndRefusesMore() {
    Device device = StandIn.open();
    device.openScope("left open").allocate("values", Shape.vector(3), DType.F32);
    device.close();
    device.close();
    assertThat(device.memory().liveBytes()).isZero();
    assertThatThrownBy(() -> device.openScope("late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the device is closed");
  }
}
