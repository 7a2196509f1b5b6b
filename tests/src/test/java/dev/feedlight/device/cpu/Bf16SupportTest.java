package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feedlight.device.Bf16Device;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Precision;
import dev.feedlight.selftest.ParityCases;
import dev.feedlight.selftest.ParityResult;
import dev.feedlight.selftest.ParityRunner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Where oneDNN has no products of bf16 the device is refused; where it emulates them, it says so.
 */
final class Bf16SupportTest {
  private static final String LIMIT = "ONEDNN_MAX_CPU_ISA";

  @Test
  void theDescriptionSaysThePrecision() {
    try (Device device = CpuDevice.open(1)) {
      assertThat(device.precision()).isEqualTo(Precision.FP32);
      assertThat(device.description()).contains("fp32 products");
    }
    try (Device device = Bf16Device.open(1)) {
      assertThat(device.precision()).isEqualTo(Precision.BF16);
      assertThat(device.description()).contains("bf16 products");
    }
  }

  @Test
  void withoutAvx512ItIsRefusedWithTheRemedy() throws Exception {
    ForkedJava.Result result =
        ForkedJava.run(
            Opening.class, Map.of(LIMIT, "AVX2"), "--add-modules", "jdk.incubator.vector");
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("refused: precision bf16 needs AVX-512: oneDNN 3.")
        .contains("no bf16 products for avx2", "open the device with precision fp32");
  }

  @Test
  void emulatedProductsAgreeToo() throws Exception {
    try (Device device = Bf16Device.open(1)) {
      // On a machine whose bf16 is AVX2's, the limit would take bf16 away.
      assumeTrue(device.description().contains("avx512") || device.description().contains("avx10"));
    }
    ForkedJava.Result result =
        ForkedJava.run(
            Opening.class, Map.of(LIMIT, "AVX512_CORE"), "--add-modules", "jdk.incubator.vector");
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).contains("emulated by fp32 instructions", "failed: []");
  }

  /** Entry point of the JVM with fewer instructions. */
  static final class Opening {
    private static final List<Class<? extends Operation>> PRODUCTS =
        List.of(
            Operation.LinearForward.class,
            Operation.LinearBackwardInput.class,
            Operation.LinearUpdate.class);

    private Opening() {}

    public static void main(String[] arguments) {
      try (Device device = CpuDevice.open(1, Precision.BF16)) {
        System.out.println(device.description());
        List<String> failed =
            ParityCases.all().stream()
                .filter(c -> PRODUCTS.contains(c.operation()) && c.shapes().startsWith("31 x 33"))
                .map(c -> ParityRunner.run(device, c))
                .filter(result -> !result.passed())
                .map(ParityResult::message)
                .toList();
        System.out.println("failed: " + failed);
      } catch (DeviceException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }
}
