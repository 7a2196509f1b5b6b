package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Operation;
import org.junit.jupiter.api.Test;

/** {@code selftest} passes where the parity tests pass, and names every operation. */
final class SelftestTest {
  @Test
  void everyOperationHasALine() {
    CliRun run = CliRun.ofLine("selftest --device cpu");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    for (Class<?> operation : Operation.kinds()) {
      assertThat(run.outLines())
          .anyMatch(line -> line.contains("  " + operation.getSimpleName() + " "));
    }
    assertThat(run.outLines().getLast()).contains(" 0 failed");
  }
}
