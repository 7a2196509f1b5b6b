package dev.feedlight.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.io.FormatException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The fuzzer finds what loaders do wrong, and says how to repeat it. */
final class FuzzerTest {
  private static final long SEED = 1;
  private static final long CASES = 20_000;

  /** A length, then so many bytes. */
  private static final byte[] SOUND = {0, 0, 0, 3, 1, 2, 3};

  @Test
  void aSoundLoaderPasses() {
    Fuzzer.Outcome outcome = fuzzer(FuzzerTest::sound).run(CASES, Duration.ofMinutes(1));
    assertThat(outcome.cases()).isEqualTo(CASES);
    assertThat(outcome.loaded()).isPositive();
    assertThat(outcome.refused()).isPositive();
  }

  @Test
  void anExceptionThatIsNotDocumentedIsFoundAndRepeated() {
    Loader.Load broken =
        file -> {
          if (file.length < 4) {
            throw new FormatException("test", "short");
          }
          int length = ByteBuffer.wrap(file).getInt();
          require(length >= 0 && length <= file.length);
          Arrays.copyOfRange(file, 4, 4 + length)[length - 1]++; // fails for no bytes
        };
    AssertionError error = failure(broken);
    assertThat(error)
        .hasMessageContaining("broken threw java.lang.ArrayIndexOutOfBoundsException")
        .hasMessageContaining("file (base64): ");
    Matcher repeat =
        Pattern.compile("-Dfeedlight.seed=1 -Dfeedlight.case=(\\d+)").matcher(error.getMessage());
    assertThat(repeat.find()).isTrue();
    long number = Long.parseLong(repeat.group(1));
    assertThatThrownBy(() -> fuzzer(broken).repeat(number)).hasMessage(error.getMessage());
    assertThat(fuzzer(FuzzerTest::sound).repeat(number).cases()).isEqualTo(1);
  }

  @Test
  void memoryForWhatALengthPromisesIsFound() {
    assertThat(
            failure(
                file -> {
                  require(file.length >= 4);
                  int length = ByteBuffer.wrap(file).getInt();
                  require(length >= 0 && length <= 200_000_000);
                  byte[] promised = new byte[length];
                  require(length == file.length - 4);
                  System.arraycopy(file, 4, promised, 0, length);
                }))
        .hasMessageContaining("broken allocated ")
        .hasMessageContaining("allowed are ");
  }

  @Test
  void anErrorIsFound() {
    assertThat(
            failure(
                file -> {
                  if (file.length > 20) {
                    throw new StackOverflowError();
                  }
                }))
        .hasMessageContaining("java.lang.StackOverflowError");
  }

  @Test
  void aLoaderThatNeverReturnsIsFound() {
    Loader.Load broken =
        file -> {
          // A daemon's thread: it sleeps on and does not keep the JVM.
          while (file.length > 20) {
            Thread.sleep(10);
          }
        };
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                new Fuzzer(
                        loader(broken), SEED, "mvn", Duration.ofMinutes(1), Duration.ofMillis(300))
                    .run(CASES, Duration.ofMinutes(1)))
        .withMessageContaining("broken has not returned for PT0.3S");
  }

  @Test
  void aLoaderThatTakesTooLongIsFound() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Loader.Load broken =
        file -> {
          long start = threads.getCurrentThreadCpuTime();
          while (file.length > 20 && threads.getCurrentThreadCpuTime() - start < 60_000_000) {
            Thread.onSpinWait();
          }
        };
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                new Fuzzer(
                        loader(broken), SEED, "mvn", Duration.ofMillis(50), Duration.ofMinutes(1))
                    .run(CASES, Duration.ofMinutes(1)))
        .withMessageContaining("broken took PT0.0");
  }

  @Test
  void aLoaderThatRefusesItsCorpusIsFound() {
    assertThat(
            failure(
                file -> {
                  throw new FormatException("test", "all");
                }))
        .hasMessageContaining("broken refuses a file of its corpus");
  }

  @Test
  void aCaseIsAFunctionOfSeedAndNumber() {
    for (Loader loader : Loaders.all()) {
      for (long number = 0; number < 200; number++) {
        assertThat(new Fuzzer(loader, 5, "").input(number))
            .isEqualTo(new Fuzzer(loader, 5, "").input(number));
      }
    }
  }

  @Test
  void theFilesOfTheCorpusStayAsTheyAre() {
    byte[] file = SOUND.clone();
    fuzzer(FuzzerTest::sound).run(CASES, Duration.ofMinutes(1));
    assertThat(SOUND).isEqualTo(file);
  }

  private static void sound(byte[] file) {
    require(file.length >= 4);
    int length = ByteBuffer.wrap(file).getInt();
    require(length == file.length - 4);
    System.arraycopy(file, 4, new byte[length], 0, length);
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new FormatException("test", "unsound");
    }
  }

  private static AssertionError failure(Loader.Load load) {
    try {
      fuzzer(load).run(CASES, Duration.ofMinutes(1));
    } catch (AssertionError e) {
      return e;
    }
    throw new AssertionError("the fuzzer found nothing");
  }

  private static Fuzzer fuzzer(Loader.Load load) {
    return new Fuzzer(loader(load), SEED, "mvn");
  }

  private static Loader loader(Loader.Load load) {
    return new Loader(
        "broken", List.of(SOUND), load, List.of(FormatException.class), List.of(), Loader::twice);
  }
}
