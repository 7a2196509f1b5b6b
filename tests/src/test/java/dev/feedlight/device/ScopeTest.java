package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.reference.ReferenceDevice;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who owns memory, what is counted, and what happens after the end. */
final class ScopeTest {
  static Stream<Named<LongFunction<Device>>> limitedDevices() {
    return Stream.of(
        Named.of("cpu", capacity -> CpuDevice.open(2, capacity)),
        Named.of("reference", ReferenceDevice::open));
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void bytesAreCountedByScope(TestDevice kind) {
    try (Device device = kind.open()) {
      assertThat(device.memory().liveBytes()).isZero();
      Scope a = device.openScope("a");
      Scope b = device.openScope("b");
      a.allocate("floats", new Shape(3, 5), DType.F32);
      a.allocate("bytes", new Shape(3, 5), DType.S8);
      b.allocate("ints", new Shape(3, 5), DType.S32);
      assertThat(a.bytes()).isEqualTo(75);
      assertThat(a.name()).isEqualTo("a");
      assertThat(device.memory().scopes()).containsEntry("a", 75L).containsEntry("b", 60L);
      assertThat(device.memory().liveBytes()).isEqualTo(135);
      a.close();
      a.close();
      assertThat(device.memory().liveBytes()).isEqualTo(60);
      assertThat(device.memory().peakBytes()).isEqualTo(135);
      assertThat(device.memory().scopes()).doesNotContainKey("a");
      b.close();
      assertThat(device.memory().liveBytes()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void whatIsClosedThrows(TestDevice kind) {
    try (Device device = kind.open()) {
      Scope scope = device.openScope("short-lived");
      Tensor tensor = scope.allocate("t", new Shape(3, 5), DType.F32);
      Ops eager = device.eager();
      eager.fill(tensor, 1);
      Runnable replay =
          device.prepare(Plan.record("fill", device.kernels(), ops -> ops.fill(tensor, 2)));
      replay.run();
      scope.close();
      assertClosed(() -> scope.allocate("more", Shape.vector(1), DType.F32));
      assertClosed(() -> device.read(tensor, new float[15]));
      assertClosed(() -> device.write(tensor, new float[15]));
      // The very operation that ran before, and one that did not.
      assertClosed(() -> eager.fill(tensor, 1));
      assertClosed(() -> eager.fill(tensor, 3));
      assertClosed(replay);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void aClosedDeviceTakesItsScopesAlongAndOpensNoMore(TestDevice kind) {
    Device device = kind.open();
    Scope scope = device.openScope("forgotten");
    Tensor tensor = scope.allocate("t", new Shape(3, 5), DType.F32);
    device.close();
    device.close();
    assertThat(device.memory().liveBytes()).isZero();
    assertClosed(() -> device.read(tensor, new float[15]));
    assertClosed(() -> device.eager().fill(tensor, 1));
    assertClosed(() -> device.openScope("late"));
  }

  private static void assertClosed(Runnable use) {
    assertThatThrownBy(use::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @ParameterizedTest
  @MethodSource("limitedDevices")
  void tooMuchIsRefusedWithTheNumbers(LongFunction<Device> opener) {
    try (Device device = opener.apply(10_000)) {
      Scope large = device.openScope("large");
      Scope medium = device.openScope("medium");
      large.allocate("l", Shape.vector(1_000), DType.F32);
      medium.allocate("m", Shape.vector(500), DType.F32);
      try (Scope gone = device.openScope("gone")) {
        gone.allocate("g", Shape.vector(3_999), DType.U8);
      }
      assertThatThrownBy(() -> medium.allocate("too much", new Shape(3, 1_001), DType.F32))
          .isInstanceOf(DeviceException.class)
          .hasMessageContainingAll("12012 bytes", "too much", "medium", "6000", "10000");
      assertThat(device.memory().liveBytes()).isEqualTo(6_000);
      assertThat(medium.bytes()).isEqualTo(2_000);
      // The last byte is there, one more is not, and the device goes on.
      Tensor rest = medium.allocate("rest", Shape.vector(1_000), DType.F32);
      assertThat(device.memory().liveBytes()).isEqualTo(10_000);
      assertThatThrownBy(() -> medium.allocate("one", Shape.vector(1), DType.U8))
          .isInstanceOf(DeviceException.class);
      device.eager().fill(rest, 5);
      float[] values = new float[1_000];
      device.read(rest, values);
      assertThat(values).containsOnly(5);
      large.close();
      medium.allocate("again", Shape.vector(1_000), DType.F32);
    }
  }

  @Test
  void theProcessorAlsoNamesItsPeakAndItsLargestScopes() {
    try (Device device = CpuDevice.open(1, 1_000)) {
      try (Scope gone = device.openScope("gone")) {
        gone.allocate("g", Shape.vector(777), DType.U8);
      }
      for (int size : new int[] {40, 10, 30, 20}) {
        device.openScope("s" + size).allocate("t", Shape.vector(size), DType.U8);
      }
      Scope scope = device.openScope("last");
      assertThatThrownBy(() -> scope.allocate("too much", Shape.vector(901), DType.U8))
          .isInstanceOf(DeviceException.class)
          .hasMessageContainingAll("100 bytes are live", "777", "s40 40, s30 30, s20 20]");
    }
  }

  @Test
  void openingADeviceChecksItsArguments() {
    assertThatThrownBy(() -> CpuDevice.open(0))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("not 0");
    assertThatThrownBy(() -> CpuDevice.open(1, 0))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("0 bytes");
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void copiesCheckTypeAndLength(TestDevice kind) {
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      Tensor floats = scope.allocate("floats", new Shape(3, 5), DType.F32);
      Tensor bytes = scope.allocate("bytes", new Shape(3, 5), DType.S8);
      device.eager().fill(floats, 1);
      for (int length : new int[] {0, 14, 16}) {
        refused(() -> device.write(floats, new float[length]), length + " values");
        refused(() -> device.read(floats, new float[length]), length + " values");
      }
      refused(() -> device.write(floats, new int[15]), "F32");
      refused(() -> device.read(floats, new byte[15]), "F32");
      refused(() -> device.write(bytes, new float[15]), "S8");
      refused(() -> device.read(bytes, new int[15]), "S8");
      float[] values = new float[15];
      device.read(floats, values);
      assertThat(values).containsOnly(1);
    }
  }

  private static void refused(Runnable use, String what) {
    assertThatThrownBy(use::run).isInstanceOf(ShapeException.class).hasMessageContaining(what);
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void slicesAreCopiedRowByRow(TestDevice kind) {
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      Tensor whole = scope.allocate("whole", new Shape(3, 4), DType.F32);
      device.write(whole, new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
      float[] part = new float[6];
      device.read(whole.firstColumns(2), part);
      assertThat(part).containsExactly(0, 1, 4, 5, 8, 9);
      device.write(whole.rowRange(1, 2).firstColumns(1), new float[] {-1, -2});
      float[] all = new float[12];
      device.read(whole, all);
      assertThat(all).containsExactly(0, 1, 2, 3, -1, 5, 6, 7, -2, 9, 10, 11);
    }
  }
}
