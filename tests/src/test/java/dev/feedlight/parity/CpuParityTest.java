package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.selftest.ParityCase;
import dev.feedlight.selftest.ParityCases;
import dev.feedlight.selftest.ParityResult;
import dev.feedlight.selftest.ParityRunner;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The CPU backend against the oracle, case by case. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CpuParityTest {
  private CpuDevice device;

  @BeforeAll
  void open() {
    device = CpuDevice.open();
  }

  @AfterAll
  void close() {
    device.close();
  }

  static List<ParityCase> cases() {
    return ParityCases.all(Long.getLong("feedlight.seed", ParityCases.DEFAULT_SEED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agreesWithTheOracle(ParityCase parityCase) {
    ParityResult result = ParityRunner.run(device, parityCase);
    assertThat(result.message())
        .as(
            "repeat with: mvn -pl tests -am verify -Dtest=CpuParityTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfeedlight.seed=%d",
            parityCase.seed())
        .isEmpty();
    assertThat(result.passed()).isTrue();
  }
}
