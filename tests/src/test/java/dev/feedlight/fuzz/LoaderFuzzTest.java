package dev.feedlight.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every damaged file is loaded or refused by the loader's documented exception, in bounded time and
 * memory.
 */
final class LoaderFuzzTest {
  private static final String COMMAND =
      "mvn verify -Dtest=LoaderFuzzTest -Dsurefire.failIfNoSpecifiedTests=false";

  static List<Loader> loaders() {
    return Loaders.all();
  }

  @ParameterizedTest
  @MethodSource("loaders")
  void damagedFilesAreLoadedOrRefused(Loader loader) {
    run(loader, Long.MAX_VALUE, Duration.ofMillis(1500));
  }

  @ParameterizedTest
  @MethodSource("loaders")
  @Tag("exhaustive")
  void aMillionDamagedFilesAreLoadedOrRefused(Loader loader) {
    run(loader, 1_000_000, Duration.ofHours(2));
  }

  private static void run(Loader loader, long cases, Duration time) {
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    Fuzzer fuzzer = new Fuzzer(loader, seed, COMMAND);
    Long repeated = Long.getLong("feedlight.case");
    if (repeated != null) {
      fuzzer.repeat(repeated);
      return;
    }
    Fuzzer.Outcome outcome = fuzzer.run(cases, time);
    System.out.printf(
        "%s: %d files loaded, %d refused; seed %d%n",
        loader, outcome.loaded(), outcome.refused(), seed);
    // A fuzzer whose files are all refused at the door tests the door alone.
    assertThat(outcome.loaded()).isGreaterThan(outcome.cases() / 100);
    assertThat(outcome.refused()).isGreaterThan(outcome.cases() / 4);
  }
}
