package dev.feedlight.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.cpu.ForkedJava;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.io.CheckpointFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One writer at a time, whichever process it is in, and no lock that outlives its process. */
final class FolderLockTest {
  private static final String FOLDER = "feedlight.crash.folder";
  private static final String OPENED = "opened";

  @TempDir private Path root;

  /** Holds a folder until it is killed, or says why it cannot. */
  public static final class Holder {
    private Holder() {}

    /** Runs, with the folder in a system property. */
    public static void main(String[] args) throws InterruptedException {
      try (CheckpointFolder _ = CheckpointFolder.open(Path.of(System.getProperty(FOLDER)), 1)) {
        System.out.println(OPENED);
        Thread.sleep(60_000);
      } catch (CheckpointException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private static Process holder(Path folder) throws IOException {
    return ForkedJava.start(
        Holder.class, Map.of(), "-XX:TieredStopAtLevel=1", "-D" + FOLDER + "=" + folder);
  }

  private static String firstLine(Process process) throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  private static void refuses(Path folder) {
    assertThatThrownBy(() -> CheckpointFolder.open(folder, 1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("another training run writes into " + folder);
  }

  @Test
  void aSecondWriterOfThisProcessIsRefusedAndFreesNothing() throws Exception {
    Path folder = root.resolve("checkpoints");
    try (CheckpointFolder first = CheckpointFolder.open(folder, 1)) {
      refuses(folder);
      refuses(folder.resolve("../checkpoints"));
      Process other = holder(folder);
      try {
        // POSIX would have dropped the lock when the second writer closed the file.
        assertThat(firstLine(other)).contains("another training run writes into");
      } finally {
        other.destroyForcibly();
      }
      refuses(folder);
      SmallCheckpoints.save(first, 1);
    }
    SmallCheckpoints.save(folder, 1, 2);
    assertThat(SmallCheckpoints.newest(folder)).isEqualTo(2);
  }

  @Test
  void aKilledWriterLeavesNoLock() throws Exception {
    Path folder = root.resolve("checkpoints");
    Process other = holder(folder);
    try {
      assertThat(firstLine(other)).isEqualTo(OPENED);
      refuses(folder);
      // Reading needs no lock.
      assertThat(CheckpointFolder.search(folder).newest()).isEmpty();
    } finally {
      other.destroyForcibly();
    }
    other.waitFor();
    SmallCheckpoints.save(folder, 1, 1);
    assertThat(SmallCheckpoints.newest(folder)).isEqualTo(1);
  }
}
