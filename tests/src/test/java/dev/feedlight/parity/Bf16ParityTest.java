package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Bf16Device;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.selftest.ParityCase;
import dev.feedlight.selftest.ParityCases;
import dev.feedlight.selftest.ParityResult;
import dev.feedlight.selftest.ParityRunner;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The products of bf16 operands against the oracle, on one thread, whose results are cut into more
 * than one panel, and on three. All else is the same code as in fp32.
 */
final class Bf16ParityTest {
  private static final String REPEAT =
      "repeat with: mvn -pl tests -am verify -Dtest=Bf16ParityTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dfeedlight.seed=%d";

  private static final List<Class<? extends Operation>> PRODUCTS =
      List.of(
          Operation.LinearForward.class,
          Operation.LinearBackwardInput.class,
          Operation.LinearUpdate.class);

  private static List<ParityCase> cases() {
    return ParityCases.all(Long.getLong("feedlight.seed", ParityCases.DEFAULT_SEED)).stream()
        .filter(parityCase -> PRODUCTS.contains(parityCase.operation()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void productsAgreeWithTheOracle(int threads) {
    List<ParityCase> cases = cases();
    try (Device device = Bf16Device.open(threads)) {
      assertThat(cases)
          .allSatisfy(
              parityCase ->
                  assertThat(ParityRunner.run(device, parityCase).message())
                      .as(REPEAT, parityCase.seed())
                      .isEmpty());
    }
  }

  /** Tolerances that let another precision pass would prove nothing. */
  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "BF16"})
  void theOtherPrecisionFails(Precision precision) {
    Precision other = precision == Precision.FP32 ? Precision.BF16 : Precision.FP32;
    try (Device device = precision == Precision.FP32 ? CpuDevice.open(1) : Bf16Device.open(1)) {
      List<ParityCase> wide =
          cases().stream()
              .filter(c -> c.shapes().startsWith("64 x 129") || c.shapes().startsWith("16 x 16"))
              .filter(c -> !c.name().contains("after a failure") && !c.name().contains("adam"))
              .toList();
      List<String> passed =
          wide.stream()
              .map(c -> ParityRunner.run(device, c, ParityRunner.expected(c, other)))
              .filter(ParityResult::passed)
              .map(result -> result.parityCase().name())
              .toList();
      assertThat(wide).hasSizeGreaterThan(50);
      assertThat(passed).isEmpty();
    }
  }

  @Test
  void theSameBitsEveryTime() {
    ParityCase parityCase =
        cases().stream().filter(c -> c.shapes().startsWith("67 x 523")).findFirst().orElseThrow();
    try (Device first = Bf16Device.open(2);
        Device second = Bf16Device.open(2)) {
      int[] expected = parityCase.run(first).getFirst().words();
      assertThat(parityCase.run(first).getFirst().words()).isEqualTo(expected);
      assertThat(parityCase.run(second).getFirst().words()).isEqualTo(expected);
    }
  }
}
