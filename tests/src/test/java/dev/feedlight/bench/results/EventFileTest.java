package dev.feedlight.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines arrive in time, and a run that goes on reads like one. */
final class EventFileTest {
  @TempDir private Path folder;

  private Path write(int steps) throws IOException {
    Path path = folder.resolve("sub").resolve("events.jsonl");
    try (EventFile file = EventFile.begin(path)) {
      file.add("start", 0, Map.of());
      for (int step = 1; step <= steps; step++) {
        file.add("step", step, Map.of("loss", 0.5f));
      }
    }
    return path;
  }

  private static List<String> goOn(Path path, long step) throws IOException {
    EventFile.goOn(path, step).close();
    return Files.readAllLines(path);
  }

  @Test
  void linesAreWhatWasAdded() throws IOException {
    assertThat(Files.readAllLines(write(2)))
        .containsExactly(
            "{\"event\":\"start\",\"step\":0}",
            "{\"event\":\"step\",\"step\":1,\"loss\":0.5}",
            "{\"event\":\"step\",\"step\":2,\"loss\":0.5}");
  }

  @Test
  void laterStepsAreCutOff() throws IOException {
    Path path = write(5);
    assertThat(goOn(path, 3)).hasSize(4);
    assertThat(goOn(path, 3)).hasSize(4);
    assertThat(goOn(path, 0)).hasSize(1);
  }

  @Test
  void aTornLineIsCutOff() throws IOException {
    for (String torn :
        List.of("{\"event\":\"step\",\"st", "{\"event\":\"step\",\"step\":6}", "\0\0")) {
      Path path = write(5);
      Files.writeString(path, torn, StandardOpenOption.APPEND);
      assertThat(goOn(path, 9)).as(torn).hasSize(6);
    }
  }

  @Test
  void theEndOfARunThatGoesOnIsCutOff() throws IOException {
    Path path = write(5);
    Files.writeString(path, "{\"event\":\"end\",\"step\":5}\n", StandardOpenOption.APPEND);
    assertThat(goOn(path, 5)).hasSize(6);
  }

  @Test
  void theStepOfTheLastLineIsKnown() throws IOException {
    try (EventFile file = EventFile.goOn(write(5), 4)) {
      assertThat(file.lastStep()).isEqualTo(4);
      file.add("step", 5, Map.of());
      assertThat(file.lastStep()).isEqualTo(5);
    }
  }

  @Test
  void nothingWaitsForLong() throws Exception {
    Path path = folder.resolve("events.jsonl");
    try (EventFile file = EventFile.begin(path)) {
      file.add("start", 0, Map.of());
      Thread.sleep(600);
      // The next line may come 0.6 s later: then this one would have waited too long.
      file.add("step", 1, Map.of());
      assertThat(Files.readAllLines(path)).hasSize(2);
      file.add("step", 2, Map.of());
      file.force();
      assertThat(Files.readAllLines(path)).hasSize(3);
    }
  }
}
