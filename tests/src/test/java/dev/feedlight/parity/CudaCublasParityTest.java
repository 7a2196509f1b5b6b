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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products by cuBLAS against the oracle, by the cases of our own kernels. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CudaCublasParityTest {
  private static final Set<Class<? extends Operation>> PRODUCTS =
      Set.of(Operation.LinearForward.class, Operation.LinearBackwardInput.class);

  private CudaDevice device;

  @BeforeAll
  void open() {
    device = StandIn.openWithCublas();
  }

  @AfterAll
  void close() {
    if (device != null) {
      device.close();
      assertThat(device.memory().liveBytes()).isZero();
    }
  }

  static List<ParityCase> cases() {
    return ParityCases.all(Long.getLong("feedlight.seed", ParityCases.DEFAULT_SEED)).stream()
        .filter(one -> PRODUCTS.contains(one.operation()))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agreesWithTheOracle(ParityCase parityCase) {
    ParityResult result = ParityRunner.run(device, parityCase);
    assertThat(result.message()).isEmpty();
    assertThat(result.passed()).isTrue();
  }
}
