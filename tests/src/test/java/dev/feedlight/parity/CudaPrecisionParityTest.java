package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.selftest.Output;
import dev.feedlight.selftest.ParityCase;
import dev.feedlight.selftest.ParityCases;
import dev.feedlight.selftest.ParityRunner;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products by tensor cores against the oracle of their precision, on the stand-in driver. */
final class CudaPrecisionParityTest {
  private static final String REPEAT =
      "repeat with: mvn -pl tests -am verify -Dtest=CudaPrecisionParityTest"
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
  @EnumSource(
      value = Precision.class,
      names = {"TF32", "BF16"})
  void productsAgreeWithTheOracle(Precision precision) {
    List<ParityCase> cases = cases();
    assertThat(cases).hasSizeGreaterThan(500);
    // Of one multiprocessor, so that there are cases for tiles of every width.
    agree(StandIn.openWithMultiprocessors(precision, 1), precision, cases);
  }

  /** On sm_90 bf16 is by wgmma; here it is by mma.sync. Every tenth case: CI's time is short. */
  @Test
  void productsAgreeOnEarlierTensorCores() {
    List<ParityCase> all = cases();
    List<ParityCase> some =
        IntStream.range(0, all.size()).filter(i -> i % 10 == 0).mapToObj(all::get).toList();
    agree(StandIn.open(Precision.BF16, 80), Precision.BF16, some);
  }

  private static void agree(Device opened, Precision precision, List<ParityCase> cases) {
    try (Device device = opened) {
      assertThat(device.precision()).isEqualTo(precision);
      assertThat(cases)
          .allSatisfy(
              parityCase ->
                  assertThat(ParityRunner.run(device, parityCase).message())
                      .as(REPEAT, parityCase.seed())
                      .isEmpty());
    }
  }

  /** Tolerances that let another precision pass would prove nothing. */
  @Test
  void theOtherPrecisionsFail() {
    List<ParityCase> wide =
        cases().stream()
            .filter(c -> c.shapes().startsWith("64 x 129") && c.name().contains("RELU"))
            .toList();
    assertThat(wide).hasSizeGreaterThan(8);
    for (ParityCase parityCase : wide) {
      for (Precision oracle : Precision.values()) {
        List<Output> expected = ParityRunner.expected(parityCase, oracle);
        for (Precision precision : Precision.values()) {
          try (Device device = StandIn.open(precision)) {
            assertThat(ParityRunner.run(device, parityCase, expected).passed())
                .as("%s in %s, oracle in %s", parityCase.name(), precision, oracle)
                .isEqualTo(precision == oracle);
          }
        }
      }
    }
  }

  @Test
  void theSameBitsEveryTime() {
    ParityCase parityCase =
        cases().stream().filter(c -> c.shapes().startsWith("67 x 523")).findFirst().orElseThrow();
    for (Precision precision : Precision.values()) {
      try (Device first = StandIn.open(precision);
          Device second = StandIn.open(precision)) {
        int[] expected = parityCase.run(first).getFirst().words();
        assertThat(parityCase.run(first).getFirst().words()).isEqualTo(expected);
        assertThat(parityCase.run(second).getFirst().words()).isEqualTo(expected);
      }
    }
  }
}
