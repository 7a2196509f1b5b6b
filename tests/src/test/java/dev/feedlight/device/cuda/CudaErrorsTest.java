package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.io.Sha256;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the CUDA backend says when something fails, and what still works then. */
final class CudaErrorsTest {
  private static final Shape ROW = Shape.vector(5);

  @BeforeEach
  void require() {
    StandIn.require();
  }

  @Test
  void aFullGpuRefusesWithTheNumbersAndGoesOn() {
    try (Device device = StandIn.open(1 << 20);
        Scope scope = device.openScope("scope")) {
      scope.allocate("small", Shape.vector(25), DType.F32);
      long live = device.memory().liveBytes();
      assertThatThrownBy(() -> scope.allocate("huge", Shape.vector(1 << 20), DType.F32))
          .isInstanceOf(DeviceException.class)
          .hasMessageContainingAll(
              "cannot allocate 4194304 bytes for huge in scope scope",
              live + " bytes are live (peak " + live + ") of 1048576",
              "[scope 100");
      assertThat(device.memory().liveBytes()).isEqualTo(live);
      works(device, scope);
    }
  }

  @Test
  void aRefusalByTheDriverIsTypedAndLeavesNothing() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      // Kernels have memory of their own by now, so that the rest is less than all.
      works(device, scope);
      long capacity = device.memory().capacityBytes();
      long live = device.memory().liveBytes();
      long rest = capacity - live;
      assertThatThrownBy(() -> scope.allocate("rest", Shape.vector(rest), DType.U8))
          .isInstanceOf(DeviceException.class)
          .hasCauseInstanceOf(OutOfMemoryError.class)
          .hasMessageContainingAll("the system refuses " + rest + " bytes for rest");
      assertThat(device.memory().liveBytes()).isEqualTo(live);
      works(device, scope);
    }
  }

  @Test
  void aLaunchThatFailsNamesKernelGeometryArchitectureAndShapes() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Tensor target = scope.allocate("target", ROW, DType.F32);
      Runnable launch =
          device.bind(
              new Launch("fill", "fl_fill", Extent.of(3), Extent.of(2048)),
              new Arguments().tensor(target).f32(1).s64(5),
              new Operation.Fill(target, 1));
      assertThatThrownBy(launch::run)
          .isInstanceOf(CudaException.class)
          .hasMessageContainingAll(
              "fl_fill of fill.cu, grid 3 x 1 x 1, block 2048 x 1 x 1",
              "with 3 arguments",
              device.identity().instructionSet(),
              "fill from [] to [F32[1 x 5]]",
              "CUDA_ERROR_INVALID_VALUE");
      works(device, scope);
    }
  }

  @Test
  void aKernelThatIsNotInItsImageIsNamed() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      Tensor target = scope.allocate("target", ROW, DType.F32);
      assertThatThrownBy(
              () ->
                  device.bind(
                      Launch.overElements("fill", "fl_dropout", 5, 64),
                      new Arguments(),
                      new Operation.Fill(target, 1)))
          .isInstanceOf(CudaException.class)
          .hasMessageContainingAll("fl_dropout in fill.fatbin", "CUDA_ERROR_NOT_FOUND");
    }
  }

  @Test
  void aWrongImageIsRefusedWithTheRemedy(@TempDir Path folder) throws IOException {
    String image = "not an image";
    Files.writeString(folder.resolve("fill.fatbin"), image);
    Files.writeString(
        folder.resolve("manifest.sha256"),
        "# code sm_90\n# cuda 13.0\n"
            + Sha256.of(image.getBytes(StandardCharsets.UTF_8))
            + "  fill.fatbin\n");
    assertThatThrownBy(() -> StandIn.with(folder, CudaDevice::open))
        .isInstanceOf(CudaException.class)
        .hasMessageContainingAll(
            "the driver (CUDA 12.6) refuses fill.fatbin of " + folder,
            "CUDA_ERROR_INVALID_IMAGE",
            "the kernels were built by CUDA 13.0: update the NVIDIA driver",
            "--device cpu");
  }

  /** A store behind an allocation: the GPU stops, and all that comes is told why. */
  @Test
  void aKernelThatFaultsIsNamedAndEndsTheDevice() {
    CudaDevice device = StandIn.open();
    Scope scope = device.openScope("scope");
    Tensor target = scope.allocate("target", ROW, DType.F32);
    Runnable launch =
        device.bind(
            Launch.overElements("fill", "fl_fill", 50, 64),
            new Arguments().tensor(target).f32(1).s64(50),
            new Operation.Fill(target, 1));
    String fault =
        "fl_fill of fill.cu, grid 1 x 1 x 1, block 64 x 1 x 1 with 3 arguments failed on";
    assertThatThrownBy(
            () ->
                NativeEnvironment.with(
                    "FEEDLIGHT_STANDIN_CANARIES",
                    "launch",
                    () -> {
                      launch.run();
                      return null;
                    }))
        .isInstanceOf(CudaException.class)
        .hasMessageContainingAll(
            fault, "CUDA_ERROR_ILLEGAL_ADDRESS", "the device must be closed and opened again");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> device.read(target, new float[5]))
          .isInstanceOf(CudaException.class)
          .hasMessageContainingAll(
              "failed before: " + fault, "the device must be closed and opened again");
    }
    assertThatThrownBy(() -> scope.allocate("more", ROW, DType.F32))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("failed before");
    device.close();
    assertThat(device.memory().liveBytes()).isZero();
    try (CudaDevice another = StandIn.open();
        Scope other = another.openScope("scope")) {
      works(another, other);
    }
  }

  @Test
  void aMissingImageIsNamedWithTheRemedy(@TempDir Path folder) {
    assertThatThrownBy(() -> StandIn.with(folder, CudaDevice::open))
        .isInstanceOf(CudaException.class)
        .hasMessageContainingAll(
            "the kernels fill.fatbin are not in " + folder, "nvcc", "--device cpu");
  }

  @Test
  void precisionsNeedTensorCores() {
    for (Precision precision : Precision.values()) {
      ProductTiles tiles = new ProductTiles(precision);
      tiles.require(8, "sm_80");
      if (precision == Precision.FP32) {
        tiles.require(7, "sm_75");
      } else {
        assertThatThrownBy(() -> tiles.require(7, "sm_75"))
            .isInstanceOf(CudaException.class)
            .hasMessage(
                precision.label()
                    + " products need the tensor cores of sm_80 or later, this GPU is sm_75; take"
                    + " fp32");
      }
    }
  }

  @Test
  void anotherGpuIsRefused() {
    assertThatThrownBy(() -> StandIn.with(() -> CudaDevice.open(9, Precision.FP32)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("there is no GPU 9, there are 1");
  }

  @Test
  void aReplayOfFreedMemoryIsRefused() {
    try (Device device = StandIn.open()) {
      Scope scope = device.openScope("scope");
      Tensor target = scope.allocate("target", ROW, DType.F32);
      Runnable replay =
          device.prepare(Plan.record("fill", device.kernels(), ops -> ops.fill(target, 1)));
      scope.close();
      assertThatThrownBy(replay::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("scope scope is closed");
    }
  }

  private static void works(Device device, Scope scope) {
    Tensor tensor = scope.allocate("works", ROW, DType.F32);
    device.eager().fill(tensor, 3);
    float[] values = new float[5];
    device.read(tensor, values);
    assertThat(values).containsOnly(3);
  }
}
