package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.device.reference.ReferenceDevice;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Storage;
import dev.feedlight.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Memory, scopes and copies of the oracle. */
final class ReferenceDeviceTest {
  @Test
  void countsLiveBytesPeakAndScopes() {
    try (ReferenceDevice device = ReferenceDevice.open(1000)) {
      Scope weights = device.openScope("weights");
      weights.allocate("w", new Shape(3, 5), DType.F32);
      try (Scope step = device.openScope("step")) {
        step.allocate("t", new Shape(2, 7), DType.S8);
        assertThat(device.memory())
            .isEqualTo(
                new MemoryReport(74, 74, 1000, new TreeMap<>(Map.of("weights", 60L, "step", 14L))));
        assertThat(step.bytes()).isEqualTo(14);
      }
      assertThat(device.memory().liveBytes()).isEqualTo(60);
      assertThat(device.memory().peakBytes()).isEqualTo(74);
      assertThat(device.memory().scopes()).containsOnlyKeys("weights");
      weights.close();
      weights.close();
      assertThat(device.memory().liveBytes()).isZero();
    }
  }

  @Test
  void refusesWhatDoesNotFitAndCountsNothing() {
    try (ReferenceDevice device = ReferenceDevice.open(100)) {
      Scope scope = device.openScope("small");
      scope.allocate("a", Shape.vector(20), DType.F32);

      assertThatExceptionOfType(DeviceException.class)
          .isThrownBy(() -> scope.allocate("b", Shape.vector(6), DType.F32))
          .withMessage("no memory for b of scope small: 24 bytes asked for, 80 of 100 live");
      assertThat(device.memory().liveBytes()).isEqualTo(80);
      scope.allocate("c", Shape.vector(5), DType.F32);
    }
  }

  @Test
  void tensorsOfAClosedScopeThrow() {
    try (ReferenceDevice device = ReferenceDevice.open()) {
      Scope scope = device.openScope("step");
      Tensor tensor = scope.allocate("dz", Shape.vector(2), DType.F32);
      scope.close();

      assertThatIllegalStateException()
          .isThrownBy(() -> device.read(tensor, new float[2]))
          .withMessageContaining("dz of scope step was freed");
      assertThatIllegalStateException().isThrownBy(() -> device.eager().fill(tensor, 1));
      assertThatIllegalStateException().isThrownBy(tensor::address);
      assertThatIllegalStateException()
          .isThrownBy(() -> scope.allocate("late", Shape.vector(1), DType.U8));
    }
  }

  @Test
  void closingTheDeviceFreesWhatIsLeft() {
    ReferenceDevice device = ReferenceDevice.open();
    Tensor tensor = device.openScope("left").allocate("x", Shape.vector(1), DType.F32);
    device.close();
    device.close();

    assertThat(device.memory().liveBytes()).isZero();
    assertThatIllegalStateException().isThrownBy(() -> device.read(tensor, new float[1]));
    assertThatIllegalStateException().isThrownBy(() -> device.openScope("late"));
  }

  @Test
  void copiesStridedViewsBitByBit() {
    try (ReferenceDevice device = ReferenceDevice.open();
        Scope scope = device.openScope("copy")) {
      Tensor whole = scope.allocate("whole", new Shape(2, 5), DType.F32);
      float[] values = {0, -0f, Float.NaN, 3, 4, 5, 6, Float.NEGATIVE_INFINITY, 8, Float.MIN_VALUE};
      device.write(whole, values);
      float[] slice = new float[4];
      device.read(whole.firstColumns(2), slice);
      assertThat(slice).containsExactly(0, -0f, 5, 6);

      device.write(whole.rowRange(1, 1).firstColumns(2), new float[] {10, 11});
      float[] read = new float[10];
      device.read(whole, read);
      assertThat(read)
          .containsExactly(
              0, -0f, Float.NaN, 3, 4, 10, 11, Float.NEGATIVE_INFINITY, 8, Float.MIN_VALUE);
    }
  }

  @Test
  void refusesHostArraysThatDoNotFit() {
    try (ReferenceDevice device = ReferenceDevice.open();
        Scope scope = device.openScope("copy")) {
      Tensor real = scope.allocate("real", new Shape(2, 3), DType.F32);
      Tensor bytes = scope.allocate("bytes", new Shape(2, 3), DType.U8);

      assertThatExceptionOfType(ShapeException.class)
          .isThrownBy(() -> device.write(real, new float[5]))
          .withMessage("host array of 5 values for a tensor of shape 2 x 3");
      assertThatExceptionOfType(ShapeException.class)
          .isThrownBy(() -> device.read(real, new int[6]));
      assertThatExceptionOfType(ShapeException.class)
          .isThrownBy(() -> device.write(bytes, new float[6]));
      assertThatIllegalArgumentException().isThrownBy(() -> ReferenceDevice.open(0));
    }
  }

  @Test
  void twoDevicesAreIndependent() {
    try (ReferenceDevice one = ReferenceDevice.open()) {
      Tensor tensor = one.openScope("one").allocate("x", Shape.vector(3), DType.F32);
      try (ReferenceDevice other = ReferenceDevice.open()) {
        assertThat(other.memory().liveBytes()).isZero();
      }

      one.eager().fill(tensor, 2);
      float[] values = new float[3];
      one.read(tensor, values);
      assertThat(values).containsOnly(2);
    }
  }

  @Test
  void tensorsOfAnotherKindOfDeviceAreRefused() {
    Storage foreign =
        new Storage() {
          @Override
          public long bytes() {
            return 4;
          }

          @Override
          public long address() {
            return 64;
          }

          @Override
          public String owner() {
            return "elsewhere";
          }
        };
    Tensor tensor = Tensor.dense(foreign, Shape.vector(1), DType.F32);
    try (ReferenceDevice device = ReferenceDevice.open()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> device.eager().fill(tensor, 1))
          .withMessageContaining("in elsewhere does not belong to a reference device");
    }
  }

  @Test
  void aPreparedPlanReplays() {
    try (ReferenceDevice device = ReferenceDevice.open();
        Scope scope = device.openScope("plan")) {
      Tensor tensor = scope.allocate("x", new Shape(2, 1), DType.F32);
      Runnable plan =
          device.prepare(
              Plan.record("means", device.kernels(), ops -> ops.subtractBatchMean(tensor)));
      float[] values = new float[2];
      for (float start = 1; start < 4; start++) {
        device.write(tensor, new float[] {start, start + 4});
        plan.run();
        device.read(tensor, values);
        assertThat(values).containsExactly(-2, 2);
      }
    }
  }
}
