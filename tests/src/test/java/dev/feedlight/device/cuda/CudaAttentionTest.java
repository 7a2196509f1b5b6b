package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Heads that the kernels of attention cannot take on a GPU are refused before anything is bound.
 */
final class CudaAttentionTest {
  private static final String CAPABILITY = "FEEDLIGHT_STANDIN_CAPABILITY";
  private static final AttentionLayout ONE_HEAD = new AttentionLayout(1, 2, Mask.CAUSAL);

  @BeforeEach
  void require() {
    StandIn.require();
  }

  @Test
  void aHeadIsRefusedIfItIsWiderThanTheKernels() {
    try (Device device = StandIn.open();
        Scope scope = device.openScope("scope")) {
      forward(device, scope, 256);
      backward(device, scope, 256);
      assertThatThrownBy(() -> forward(device, scope, 257))
          .isInstanceOf(DeviceException.class)
          .hasMessageEndingWith(
              "a head of 257 columns is wider than the 256 of the CUDA kernels; use more heads, or"
                  + " --device cpu");
    }
  }

  /** 4 (96 p + 1056) bytes forward, 4 (128 p + 2112) backward; a block on sm_75 has 64 KB. */
  @Test
  void aHeadIsRefusedIfABlockHasNotItsSharedMemory() {
    try (Device device = NativeEnvironment.with(CAPABILITY, "75", StandIn::open);
        Scope scope = device.openScope("scope")) {
      backward(device, scope, 110);
      forward(device, scope, 112);
      assertThatThrownBy(() -> backward(device, scope, 112))
          .isInstanceOf(DeviceException.class)
          .hasMessageEndingWith(
              "a head of 112 columns takes 66304 bytes of shared memory, and a block on sm_75 has"
                  + " at most 65536; use more heads, or --device cpu");
      assertThatThrownBy(() -> forward(device, scope, 160))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("a head of 160 columns takes 66048 bytes of shared memory");
    }
  }

  private static Tensor zeros(Device device, Scope scope, long columns) {
    Tensor tensor = scope.allocate("zeros", new Shape(2, columns), DType.F32);
    device.eager().fill(tensor, 0);
    return tensor;
  }

  private static void forward(Device device, Scope scope, long width) {
    device
        .eager()
        .attentionForward(
            zeros(device, scope, width),
            zeros(device, scope, 1),
            zeros(device, scope, 3 * width),
            ONE_HEAD);
  }

  private static void backward(Device device, Scope scope, long width) {
    device
        .eager()
        .attentionBackward(
            zeros(device, scope, 3 * width),
            zeros(device, scope, width),
            zeros(device, scope, width),
            zeros(device, scope, 1),
            zeros(device, scope, 3 * width),
            ONE_HEAD);
  }
}
