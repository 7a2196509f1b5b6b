package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Operation;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.selftest.ParityCase;
import dev.feedlight.selftest.ParityCases;
import dev.feedlight.selftest.ParityResult;
import dev.feedlight.selftest.ParityRunner;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels of the CUDA backend against the oracle, case by case, on the stand-in driver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CudaParityTest {
  /** Operations that the backend refuses so far: this list may only shrink. */
  private static final Set<Class<? extends Operation>> REFUSED = Set.of();

  private final Set<String> refused = new TreeSet<>();
  private CudaDevice device;

  @BeforeAll
  void open() {
    device = StandIn.open();
  }

  @AfterAll
  void close() {
    if (device != null) {
      assertThat(device.memory().scopes().keySet()).isSubsetOf("kernel scratch");
      device.close();
      assertThat(device.memory().liveBytes()).isZero();
    }
    assertThat(refused)
        .isEqualTo(new TreeSet<>(REFUSED.stream().map(Class::getSimpleName).toList()));
  }

  static List<ParityCase> cases() {
    return ParityCases.all(Long.getLong("feedlight.seed", ParityCases.DEFAULT_SEED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agreesWithTheOracle(ParityCase parityCase) {
    ParityResult result = ParityRunner.run(device, parityCase);
    if (REFUSED.contains(parityCase.operation()) && !result.passed()) {
      assertThat(result.message()).contains("DeviceException");
      refused.add(parityCase.operation().getSimpleName());
      return;
    }
    assertThat(result.message())
        .as(
            "repeat with: mvn -pl tests -am verify -Dtest=CudaParityTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfeedlight.seed=%d",
            parityCase.seed())
        .isEmpty();
    assertThat(result.passed()).isTrue();
  }
}
