package dev.feedlight.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.cpu.ForkedJava;
import dev.feedlight.io.Checkpoint;
import dev.feedlight.io.CheckpointFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs of {@link TrainingChild} one after the other, each killed again and again until it ends. */
final class KilledRuns {
  /** Kills this soon after a start, in milliseconds, also hit a JVM that has not come to train. */
  private static final int EARLY = 500;

  /** Of each so many kills one is early. */
  private static final int EARLY_ONES = 5;

  /**
   * The others come this soon after the first checkpoint: some dozens of them on a free machine.
   */
  private static final int LATE = 60;

  /**
   * What was seen.
   *
   * @param kills processes that were killed
   * @param lost kills after which a checkpoint that had been reported was not there, or no valid
   *     one
   * @param reported checkpoints that were reported before a kill
   * @param halfWritten kills that left a checkpoint half written
   * @param finished runs that came to their end
   */
  record Tally(int kills, int lost, int reported, int halfWritten, int finished) {
    Tally plus(Tally other) {
      return new Tally(
          kills + other.kills,
          lost + other.lost,
          reported + other.reported,
          halfWritten + other.halfWritten,
          finished + other.finished);
    }
  }

  private final Path root;
  private final String device;
  private final Random random;
  private final String repeat;
  private int kills;
  private int lost;
  private int reported;
  private int halfWritten;
  private int finished;

  /**
   * Prepares runs.
   *
   * @param root receives a folder of checkpoints per run
   * @param device that they train on
   * @param seed decides when processes are killed
   * @param repeat says how to repeat it
   */
  KilledRuns(Path root, String device, long seed, String repeat) {
    this.root = root;
    this.device = device;
    this.random = new Random(seed);
    this.repeat = repeat;
  }

  /** Trains to the end without a kill and gives the last checkpoint. */
  Checkpoint whole(Path folder) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    Process child = start(folder);
    try (BufferedReader output = output(child)) {
      output.lines().forEach(lines::add);
    }
    assertThat(child.waitFor()).as(String.join("\n", lines)).isZero();
    assertThat(lines).contains(TrainingChild.DONE);
    return CheckpointFolder.search(folder).newest().orElseThrow();
  }

  /**
   * Kills, and lets the last run come to its end.
   *
   * @param times kills
   * @param expected the end of a run that was not killed
   * @return what was seen
   */
  Tally kill(int times, Checkpoint expected) throws IOException, InterruptedException {
    for (int run = 0; kills < times; run++) {
      Path folder = root.resolve("run-" + run);
      long[] newest = {0};
      boolean ended = false;
      while (!ended && kills < times) {
        ended = life(folder, newest);
      }
      Checkpoint last = ended ? CheckpointFolder.search(folder).newest().get() : whole(folder);
      assertSame(last, expected);
      finished++;
    }
    return new Tally(kills, lost, reported, halfWritten, finished);
  }

  /** One process; tells whether it came to its end before it was killed. */
  private boolean life(Path folder, long[] newest) throws IOException, InterruptedException {
    boolean early = random.nextInt(EARLY_ONES) == 0;
    int delay = random.nextInt(early ? EARLY : LATE);
    List<String> lines = new ArrayList<>();
    Process child = start(folder);
    try (BufferedReader output = output(child)) {
      while (!early && (lines.isEmpty() || !lines.getLast().startsWith(TrainingChild.SAVED))) {
        String line = output.readLine();
        if (line == null) {
          break;
        }
        lines.add(line);
      }
      Thread.sleep(delay);
      // By its handle: the process itself would close the stream before it is read.
      child.toHandle().destroyForcibly();
      output.lines().forEach(lines::add);
    }
    String what =
        "kill %d, %d ms after %s; to repeat: %s; the child said:%n%s"
            .formatted(
                kills + 1,
                delay,
                early ? "its start" : "its first checkpoint",
                repeat,
                String.join("\n", lines));
    int exit = child.waitFor();
    assertThat(exit).as(what).isIn(0, 128 + 9);
    check(folder, lines, newest, what);
    kills += exit == 0 ? 0 : 1;
    return lines.contains(TrainingChild.DONE);
  }

  private void check(Path folder, List<String> lines, long[] newest, String what)
      throws IOException {
    for (String line : lines) {
      assertThat(line).as(what).doesNotStartWith("failed").doesNotContain("Exception");
      if (line.startsWith("loaded")) {
        // The newest of the process before, nothing passed over, the same machine.
        assertThat(line).as(what).isEqualTo("loaded " + newest[0] + ", skipped [], null");
      }
      if (line.startsWith(TrainingChild.SAVED)) {
        newest[0] = Long.parseLong(line.substring(TrainingChild.SAVED.length()));
        reported++;
      }
    }
    CheckpointFolder.Search search = CheckpointFolder.search(folder);
    assertThat(search.skipped()).as(what).isEmpty();
    long found = search.newest().map(Checkpoint::step).orElse(0L);
    lost += found < newest[0] ? 1 : 0;
    newest[0] = found;
    if (Files.isDirectory(folder)) {
      halfWritten +=
          SmallCheckpoints.names(folder).stream().anyMatch(n -> n.startsWith(".")) ? 1 : 0;
    }
  }

  private void assertSame(Checkpoint last, Checkpoint expected) throws IOException {
    assertThat(last.step()).as(repeat).isEqualTo(TrainingChild.STEPS);
    assertThat(last.files()).isEqualTo(expected.files());
    for (String file : expected.files()) {
      assertThat(contents(last.file(file)))
          .as("%s; to repeat: %s", file, repeat)
          .isEqualTo(contents(expected.file(file)));
    }
  }

  /** As text, byte for character; without the seconds that a run took. */
  private static String contents(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
        .replaceFirst("\"seconds\": \"[^\"]*\"", "");
  }

  private static BufferedReader output(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Small and quick to start; the compiler makes no difference to the loops without the module. */
  private Process start(Path folder) throws IOException {
    return ForkedJava.start(
        TrainingChild.class,
        Map.of(),
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        "-D" + TrainingChild.DEVICE + "=" + device,
        "-D" + TrainingChild.FOLDER + "=" + folder);
  }
}
