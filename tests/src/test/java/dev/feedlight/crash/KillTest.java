package dev.feedlight.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.io.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training process is killed at random times and started again: no checkpoint that it has
 * reported is lost, and the weights become the bits of a run that nobody killed.
 */
final class KillTest {
  /** Runs at once, each in a folder of its own: starting a JVM is what takes the time. */
  private static final int LANES = 2;

  @TempDir(factory = MemoryDirectory.class)
  private Path root;

  /** On the device that starts faster: what is at stake is the same. */
  @Test
  void twentyKills() throws Exception {
    kill(20, TrainingChild.REFERENCE, "twentyKills");
  }

  @Test
  @Tag("exhaustive")
  void fiveHundredKills() throws Exception {
    kill(500, TrainingChild.CPU, "fiveHundredKills");
  }

  private void kill(int times, String device, String test) throws Exception {
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    String repeat =
        "mvn -pl tests -am verify -Pexhaustive -Dtest=KillTest#"
            + test
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dfeedlight.seed="
            + seed;
    System.out.println("KillTest, seed " + seed + "; to repeat: " + repeat);
    Checkpoint expected = new KilledRuns(root, device, seed, repeat).whole(root.resolve("whole"));
    List<Future<KilledRuns.Tally>> lanes = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(LANES)) {
      for (int lane = 0; lane < LANES; lane++) {
        KilledRuns runs = new KilledRuns(root.resolve("lane-" + lane), device, seed + lane, repeat);
        lanes.add(executor.submit(() -> runs.kill(times / LANES, expected)));
      }
    }
    KilledRuns.Tally tally = new KilledRuns.Tally(0, 0, 0, 0, 0);
    for (Future<KilledRuns.Tally> lane : lanes) {
      tally = tally.plus(lane.get());
    }
    System.out.println("KillTest: " + tally);
    assertThat(tally.kills()).isEqualTo(times);
    assertThat(tally.lost()).as(repeat).isZero();
    assertThat(tally.reported()).isGreaterThan(times / 2);
  }
}
