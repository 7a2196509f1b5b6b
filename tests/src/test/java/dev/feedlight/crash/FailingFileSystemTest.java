package dev.feedlight.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.crash.Disk.Operation;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.io.CheckpointFolder;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation of the file system that writing a checkpoint needs fails in turn, by itself, with
 * a full disk, or with the power; what was written before is still there.
 */
final class FailingFileSystemTest {
  private static final int KEEP = 2;

  /** No writing needs as many operations; a test that gets there would never end. */
  private static final int MANY = 1000;

  @TempDir(factory = MemoryDirectory.class)
  private Path root;

  @ParameterizedTest
  @EnumSource(
      value = FailingDisk.Kind.class,
      names = {"ONCE", "FULL"})
  void afterEachFailureTheOldOnesAreThereAndTheNextIsWritten(FailingDisk.Kind kind)
      throws IOException {
    Set<Operation> failed = EnumSet.noneOf(Operation.class);
    int failing = 0;
    boolean done = false;
    while (!done) {
      failing++;
      Path own = Files.createDirectory(root.resolve(failing + ""));
      Path folder = own.resolve("a/b");
      WrappedFileSystem files = new WrappedFileSystem(own);
      SmallCheckpoints.save(files.wrap(folder), KEEP, 1);
      SmallCheckpoints.save(files.wrap(folder), KEEP, 2);
      FailingDisk disk = new FailingDisk(kind, failing);
      files.disk(disk);
      boolean written = false;
      try {
        SmallCheckpoints.save(files.wrap(folder), KEEP, 3);
        written = true;
        done = disk.failed() == null;
      } catch (CheckpointException e) {
        String what = "operation " + failing + ": " + e.getMessage();
        assertThat(disk.failed()).as(what).isNotNull();
        assertThat(e).as(what).hasMessageContaining(folder.toString());
        assertThat(e).as(what).hasMessageMatching("(?s).*(on purpose|No space left on device).*");
        written = e.getMessage().contains("is written, but");
        assertThat(SmallCheckpoints.names(folder))
            .as(what)
            .contains(written ? "step-000000000003" : "step-000000000002");
        // A full disk gets back what the failed one took.
        assertThat(kind == FailingDisk.Kind.FULL && leavesSome(folder)).as(what).isFalse();
      }
      if (disk.failed() != null) {
        failed.add(disk.failed());
      }
      long newest = SmallCheckpoints.newest(folder);
      // 3, though not reported, if its name was there and could not be forced to disk.
      assertThat(newest).as("operation %d", failing).isBetween(written ? 3L : 2L, 3L);

      files.disk(Disk.SOUND);
      SmallCheckpoints.save(files.wrap(folder), KEEP, 4);
      assertThat(SmallCheckpoints.newest(folder)).isEqualTo(4);
      assertThat(SmallCheckpoints.names(folder))
          .as("operation %d", failing)
          .containsExactly("step-00000000000" + newest, "step-000000000004");
      assertThat(failing).isLessThan(MANY);
    }
    // Each kind of operation has had its turn.
    Set<Operation> due =
        kind == FailingDisk.Kind.FULL
            ? EnumSet.of(Operation.CREATE, Operation.WRITE, Operation.CREATE_DIRECTORY)
            : EnumSet.complementOf(EnumSet.of(Operation.READ, Operation.LIST));
    assertThat(failed).isEqualTo(due);
  }

  @Test
  void writesThatTakeAPartAtATimeAreFinished() throws IOException {
    WrappedFileSystem files = new WrappedFileSystem(root);
    files.disk(
        new Disk() {
          @Override
          public void before(Operation operation, Path path) {}

          @Override
          public int taken(int bytes) {
            return Math.ceilDiv(bytes, 2);
          }
        });
    SmallCheckpoints.save(files.wrap(root.resolve("checkpoints")), KEEP, 1);
    assertThat(SmallCheckpoints.newest(root.resolve("checkpoints"))).isEqualTo(1);
  }

  private static boolean leavesSome(Path folder) throws IOException {
    return SmallCheckpoints.names(folder).stream().anyMatch(name -> name.startsWith("."));
  }

  @Test
  void aNewFolderThatCannotBeMadeIsMadeLater() throws IOException {
    boolean done = false;
    for (int failing = 1; !done; failing++) {
      Path own = Files.createDirectory(root.resolve(failing + ""));
      Path folder = own.resolve("a/b");
      WrappedFileSystem files = new WrappedFileSystem(own);
      FailingDisk disk = new FailingDisk(FailingDisk.Kind.ONCE, failing);
      files.disk(disk);
      try {
        SmallCheckpoints.save(files.wrap(folder), KEEP, 1);
        done = disk.failed() == null;
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining(folder.toString());
      }
      files.disk(Disk.SOUND);
      SmallCheckpoints.save(files.wrap(folder), KEEP, 2);
      assertThat(SmallCheckpoints.newest(folder)).isEqualTo(2);
      assertThat(failing).isLessThan(MANY);
    }
  }

  @Test
  void whenThePowerFailsTheLastOneReportedIsThere() throws IOException {
    failPowerAtEachOperation(1);
  }

  @Test
  @Tag("exhaustive")
  void whenThePowerFailsWhateverRemainsTheLastOneReportedIsThere() throws IOException {
    failPowerAtEachOperation(100);
  }

  private void failPowerAtEachOperation(int chances) throws IOException {
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    String repeat =
        "mvn -pl tests -am verify -Dtest=FailingFileSystemTest -Dfeedlight.seed=" + seed;
    System.out.println("FailingFileSystemTest, seed " + seed + "; to repeat: " + repeat);
    Random random = new Random(seed);
    boolean done = false;
    for (int failing = 1; !done; failing++) {
      Path before = Files.createDirectory(root.resolve("before-" + failing));
      WrappedFileSystem files = new WrappedFileSystem(before);
      Path folder = files.wrap(before.resolve("a/b"));
      FailingDisk disk = new FailingDisk(FailingDisk.Kind.FOR_GOOD, failing);
      files.disk(disk);
      // The second deletes the first; the third comes from another process.
      long[] reported = {0};
      try {
        try (CheckpointFolder open = CheckpointFolder.open(folder, 1)) {
          reported[0] = SmallCheckpoints.step(SmallCheckpoints.save(open, 1));
          reported[0] = SmallCheckpoints.step(SmallCheckpoints.save(open, 2));
        }
        reported[0] = SmallCheckpoints.step(SmallCheckpoints.save(folder, 1, 3));
        done = true;
      } catch (CheckpointException e) {
        assertThat(disk.failed()).as(e.getMessage()).isNotNull();
      }
      for (Journal.Remains remains : Journal.Remains.values()) {
        for (int i = 0; i < (remains == Journal.Remains.BY_CHANCE ? chances : 1); i++) {
          String what =
              "power failed at operation %d (%s), %s, after step %d was reported; to repeat: %s"
                  .formatted(failing, disk.failed(), remains, reported[0], repeat);
          Path after = root.resolve("after-%d-%s-%d".formatted(failing, remains, i));
          files.journal().recover(remains, random, Files.createDirectory(after));
          recovered(after.resolve("a/b"), reported[0], what);
        }
      }
      assertThat(failing).isLessThan(MANY);
    }
  }

  private static void recovered(Path folder, long reported, String what) throws IOException {
    CheckpointFolder.Search search = CheckpointFolder.search(folder);
    assertThat(search.newest().isPresent() || reported == 0).as(what).isTrue();
    long newest =
        search.newest().isEmpty() ? 0 : SmallCheckpoints.checked(search.newest().orElseThrow());
    assertThat(newest).as(what).isBetween(reported, reported + 1);
    // Only what was forced has a name, so nothing is half there.
    assertThat(search.skipped()).as(what).isEmpty();
    SmallCheckpoints.save(unforced(folder), 1, 9);
    assertThat(SmallCheckpoints.newest(folder)).as(what).isEqualTo(9);
    assertThat(SmallCheckpoints.names(folder)).as(what).hasSize(1);
  }

  /** Without waiting for a real disk. */
  private static Path unforced(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new WrappedFileSystem(folder).wrap(folder);
  }

  @Test
  void whatAFileSystemCannotDoIsSaidInItsFirstUse() {
    WrappedFileSystem files = new WrappedFileSystem(root);
    Path folder = files.wrap(root.resolve("checkpoints"));
    files.disk(
        (operation, path) -> {
          if (operation == Operation.FORCE_DIRECTORY) {
            throw new IOException("Invalid argument");
          }
        });
    assertThatThrownBy(() -> CheckpointFolder.open(folder, KEEP))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("cannot be forced to disk: Invalid argument");
    files.disk(
        (operation, path) -> {
          if (operation == Operation.MOVE) {
            throw new AtomicMoveNotSupportedException(path.toString(), null, "no such call");
          }
        });
    assertThatThrownBy(() -> SmallCheckpoints.save(folder, KEEP, 1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("AtomicMoveNotSupportedException");
    files.disk(
        (operation, path) -> {
          throw new UnsupportedOperationException("nothing is ever written here");
        });
    assertThatThrownBy(() -> CheckpointFolder.open(folder, KEEP))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("nothing is ever written here");
  }

  @Test
  void aReaderBesideAWriterFindsTheNewest() throws IOException {
    Path folder = new WrappedFileSystem(root).wrap(root.resolve("checkpoints"));
    boolean done = false;
    for (int moment = 1; !done; moment++) {
      long step = moment * 10L;
      SmallCheckpoints.save(folder, KEEP, step);
      SmallCheckpoints.save(folder, KEEP, step + 1);
      int[] reads = {0};
      int when = moment;
      WrappedFileSystem reader = new WrappedFileSystem(root);
      reader.disk(
          (operation, path) -> {
            if (!operation.changes() && ++reads[0] == when) {
              // All that the reader may have seen is gone.
              SmallCheckpoints.save(folder, KEEP, step + 2);
              SmallCheckpoints.save(folder, KEEP, step + 3);
            }
          });
      CheckpointFolder.Search search =
          CheckpointFolder.search(reader.wrap(WrappedPath.real(folder)));
      done = reads[0] < moment;
      assertThat(search.skipped()).as("read %d", moment).isEmpty();
      assertThat(search.newest().orElseThrow().step()).isIn(step + 1, step + 3);
    }
  }
}
