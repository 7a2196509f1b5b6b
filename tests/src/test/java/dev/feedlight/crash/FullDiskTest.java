package dev.feedlight.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.LoadReport;
import dev.feedlight.TrainingListener;
import dev.feedlight.TrainingResult;
import dev.feedlight.io.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system that is too small: 1 MB of memory, mounted where this process may mount. */
final class FullDiskTest {
  @TempDir private Path mount;
  private boolean mounted;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString());
    if (!mounted) {
      System.out.println("FullDiskTest: skipped, this process may not mount a file system");
    }
    assumeTrue(mounted);
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted) {
      assertThat(run("umount", mount.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }

  @Test
  void untilItIsFullAndAfterwards() throws IOException {
    Path folder = mount.resolve("checkpoints");
    List<CheckpointException> failures = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onCheckpoint(CheckpointEvent event) {
            if (event.failure() != null) {
              failures.add(event.failure());
            }
          }
        };
    // Nothing is ever deleted, so the disk is full after some dozens.
    Checkpointing all = new Checkpointing(folder, 1, Integer.MAX_VALUE);
    try (DfaEngine engine = TinyNetwork.builder().checkpoints(all).listener(listener).build();
        DfaEngine loaded = TinyNetwork.builder().build()) {
      TrainingResult result = engine.train(TinyNetwork.data(), 20);
      assertThat(result.ending()).isEqualTo(TrainingResult.Ending.COMPLETED);
      assertThat(failures).isNotEmpty();
      assertThat(result.checkpointFailure())
          .isSameAs(failures.getLast())
          .hasMessageContaining("step " + result.steps() + " into " + folder)
          .hasMessageContaining("No space left on device");
      LoadReport report = loaded.load(folder);
      assertThat(report.step()).isBetween(1L, result.steps() - 1);
      assertThat(report.skipped()).isEmpty();
      assertThatThrownBy(() -> engine.save(folder)).isInstanceOf(CheckpointException.class);

      delete(folder.resolve("step-000000000001"));
      assertThat(engine.save(folder)).isDirectory();
      assertThat(loaded.load(folder).step()).isEqualTo(result.steps());
      assertThat(TinyNetwork.weights(loaded)).isEqualTo(TinyNetwork.weights(engine));
    }
  }

  @Test
  void aFileSystemThatIsReadOnlyIsSaidToBe() throws IOException, InterruptedException {
    Path folder = mount.resolve("checkpoints");
    try (DfaEngine engine = TinyNetwork.builder().build()) {
      engine.train(TinyNetwork.data(), 1);
      engine.save(folder);
      assertThat(run("mount", "-o", "remount,ro", mount.toString())).isTrue();
      engine.train(TinyNetwork.data(), 1);
      assertThatThrownBy(() -> engine.save(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("Read-only file system");
      assertThat(engine.load(folder).step()).isEqualTo(TinyNetwork.STEPS_PER_EPOCH);
    }
  }

  private static void delete(Path checkpoint) throws IOException {
    for (String name : SmallCheckpoints.names(checkpoint)) {
      Files.delete(checkpoint.resolve(name));
    }
    Files.delete(checkpoint);
  }
}
