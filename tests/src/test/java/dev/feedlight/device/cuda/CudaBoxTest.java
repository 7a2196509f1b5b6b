package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Boxes on which the CUDA backend cannot run: one clear sentence each, and what would help. */
final class CudaBoxTest {
  @BeforeEach
  void require() {
    StandIn.require();
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> opening(
      String variable, String value) {
    return assertThatThrownBy(
            () -> NativeEnvironment.with(variable, value, () -> StandIn.with(CudaDevice::open)))
        .isInstanceOf(CudaException.class);
  }

  @Test
  void aDriverThatIsTooOldIsNamedWithWhatIsNeeded() {
    opening("FEEDLIGHT_STANDIN_VERSION", "11080")
        .hasMessage(
            "the NVIDIA driver is too old: it is for CUDA 11.8, and 12.0 or newer is needed;"
                + " update it (R525 or newer), or run with --device cpu");
  }

  @Test
  void anArchitectureThatIsNotCoveredIsNamedWithThoseThatAre() {
    opening("FEEDLIGHT_STANDIN_CAPABILITY", "70")
        .hasMessageContainingAll(
            "no kernels for Feedlight stand-in (CPU), sm_70: those of "
                + StandIn.images()
                + " are for sm_80, sm_90a, sm_100, compute_75;",
            "CMakeLists.txt",
            "--device cpu");
  }

  @Test
  void anEmptyListOfVisibleDevicesIsNamed() {
    opening("CUDA_VISIBLE_DEVICES", "")
        .hasMessageContainingAll(
            "the NVIDIA driver is here but sees no GPU", "CUDA_VISIBLE_DEVICES", "--device cpu");
  }

  @Test
  void statusSaysWhatIsMissingWithoutThrowing() {
    Supplier<CudaStatus> detect = () -> StandIn.with(CudaStatus::detect);
    assertThat(NativeEnvironment.with("CUDA_VISIBLE_DEVICES", "", detect).missing())
        .contains("sees no GPU");
    assertThat(NativeEnvironment.with("FEEDLIGHT_STANDIN_VERSION", "11080", detect).missing())
        .contains("too old");
    assertThat(NativeEnvironment.with("FEEDLIGHT_STANDIN_CAPABILITY", "70", detect).missing())
        .contains("no kernels for");
    assertThat(detect.get().missing()).isEmpty();
  }
}
