package dev.feedlight.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.EarlyStopping;
import dev.feedlight.LoadReport;
import dev.feedlight.TrainingListener;
import dev.feedlight.TrainingResult;
import dev.feedlight.crash.Disk.Operation;
import dev.feedlight.data.Dataset;
import dev.feedlight.data.SyntheticDataset;
import dev.feedlight.device.Device;
import dev.feedlight.device.cpu.CpuDevice;
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

/** Training beside a disk that fails, and folders that hold more than the run knows of. */
final class CheckpointedTrainingTest {
  private static final Dataset DATA = TinyNetwork.data();
  private static final int STEPS = 2 * TinyNetwork.STEPS_PER_EPOCH;

  @TempDir(factory = MemoryDirectory.class)
  private Path root;

  private Device device;
  private WrappedFileSystem files;
  private Path folder;

  @BeforeEach
  void open() {
    device = CpuDevice.open(1);
    files = new WrappedFileSystem(root);
    folder = files.wrap(root.resolve("checkpoints"));
  }

  @AfterEach
  void close() {
    device.close();
  }

  private DfaEngine engine(TrainingListener... listeners) {
    var builder = TinyNetwork.builder().device(device).checkpoints(new Checkpointing(folder, 4, 2));
    for (TrainingListener listener : listeners) {
      builder.listener(listener);
    }
    return builder.build();
  }

  /** The disk is full in these steps, and notes what became of each checkpoint. */
  private final class FullDuring implements TrainingListener {
    private final int first;
    private final int last;
    private final List<String> events = new ArrayList<>();

    FullDuring(int first, int last) {
      this.first = first;
      this.last = last;
    }

    @Override
    public void onStep(StepEvent event) {
      boolean full = event.step() >= first && event.step() <= last;
      files.disk(full ? new FailingDisk(FailingDisk.Kind.FULL, 3) : Disk.SOUND);
    }

    @Override
    public void onCheckpoint(CheckpointEvent event) {
      assertThat(event.directory() == null).isEqualTo(event.failure() != null);
      events.add(event.step() + (event.failure() == null ? "" : " failed"));
      if (event.failure() != null) {
        assertThat(event.failure())
            .hasMessageContaining(folder.toString())
            .hasMessageContaining("No space left on device");
      }
    }
  }

  @Test
  void trainingGoesOnWhereACheckpointCannotBeWritten() throws IOException {
    FullDuring middle = new FullDuring(7, 9);
    try (DfaEngine without = TinyNetwork.builder().device(device).build();
        DfaEngine with = engine(middle);
        DfaEngine loaded = engine()) {
      without.train(DATA, 2);
      TrainingResult result = with.train(DATA, 2);
      assertThat(middle.events).containsExactly("4", "8 failed", "12", "14");
      assertThat(result.ending()).isEqualTo(TrainingResult.Ending.COMPLETED);
      assertThat(result.checkpointFailure()).isNull();
      assertThat(TinyNetwork.weights(with)).isEqualTo(TinyNetwork.weights(without));
      assertThat(loaded.load(folder).step()).isEqualTo(STEPS);
      assertThat(TinyNetwork.weights(loaded)).isEqualTo(TinyNetwork.weights(without));
      assertThat(SmallCheckpoints.names(folder))
          .containsExactly("step-000000000012", "step-000000000014");
    }
  }

  @Test
  void theResultSaysThatTheLastCheckpointIsMissing() {
    FullDuring end = new FullDuring(9, STEPS);
    try (DfaEngine with = engine(end);
        DfaEngine loaded = engine()) {
      TrainingResult result = with.train(DATA, 2);
      assertThat(end.events).containsExactly("4", "8", "12 failed", "14 failed");
      assertThat(result.steps()).isEqualTo(STEPS);
      assertThat(result.checkpointFailure())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("after step 14 into " + folder)
          .hasMessageContaining("No space left on device");
      files.disk(Disk.SOUND);
      assertThat(loaded.load(folder).step()).isEqualTo(8);
      assertThat(loaded.resume(DATA).steps()).isEqualTo(STEPS);
      assertThat(TinyNetwork.weights(loaded)).isEqualTo(TinyNetwork.weights(with));
    }
  }

  @Test
  void whereverSavingFailsTheEngineAndTheOlderCheckpointStay() {
    try (DfaEngine writer = TinyNetwork.builder().device(device).build();
        DfaEngine later = TinyNetwork.builder().device(device).build();
        DfaEngine reader = TinyNetwork.builder().device(device).build()) {
      writer.train(DATA, 1);
      writer.save(folder);
      later.load(folder);
      later.train(DATA, 1);
      List<Float> weights = TinyNetwork.weights(later);
      boolean saved = false;
      for (int failing = 1; !saved; failing++) {
        FailingDisk disk = new FailingDisk(FailingDisk.Kind.ONCE, failing);
        files.disk(disk);
        try {
          later.save(folder);
          saved = disk.failed() == null;
        } catch (CheckpointException e) {
          assertThat(e).hasMessageContaining(folder.toString());
        }
        files.disk(Disk.SOUND);
        LoadReport report = reader.load(folder);
        assertThat(report.skipped()).as("operation %d", failing).isEmpty();
        assertThat(TinyNetwork.weights(reader))
            .as("operation %d", failing)
            .isEqualTo(report.step() == STEPS ? weights : TinyNetwork.weights(writer));
      }
      assertThat(TinyNetwork.weights(reader)).isEqualTo(weights);
      assertThat(TinyNetwork.weights(later)).isEqualTo(weights);
    }
  }

  @Test
  void aRunDoesNotBeginBelowTheCheckpointsOfAnother() {
    try (DfaEngine first = engine();
        DfaEngine second = engine()) {
      first.train(DATA, 2);
      assertThatThrownBy(() -> second.train(DATA, 2))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("step-000000000014")
          .hasMessageContaining("stands at step 0");
      assertThatThrownBy(() -> second.save(folder)).isInstanceOf(CheckpointException.class);
      // The refused engine is as good as new.
      second.load(folder);
      assertThat(second.unfinished()).isFalse();
      second.train(DATA, 1);
      assertThat(second.save(folder).getFileName()).hasToString("step-000000000021-2");
    }
  }

  @Test
  void aDamagedNewestDoesNotOutliveWhatIsWrittenAfterIt() throws IOException {
    try (DfaEngine first = engine();
        DfaEngine second = engine();
        DfaEngine third = engine()) {
      first.train(DATA, 2);
      Path newest = root.resolve("checkpoints/step-000000000014/weights.safetensors");
      byte[] bytes = Files.readAllBytes(newest);
      bytes[bytes.length / 2] ^= 1;
      Files.write(newest, bytes);
      LoadReport report = second.load(folder);
      assertThat(report.step()).isEqualTo(12);
      assertThat(report.skipped()).hasSize(1);
      TrainingResult result = second.resume(DATA);
      assertThat(result.checkpointFailure()).isNull();
      assertThat(SmallCheckpoints.names(folder))
          .containsExactly("step-000000000012", "step-000000000014", "step-000000000014-2");
      assertThat(third.load(folder).skipped()).isEmpty();
      assertThat(TinyNetwork.weights(third)).isEqualTo(TinyNetwork.weights(first));
    }
  }

  @Test
  void theLastWrittenOfAStepIsTheNewest() throws IOException {
    for (int i = 0; i < 3; i++) {
      SmallCheckpoints.save(folder, 1, 5);
    }
    assertThat(SmallCheckpoints.names(folder)).containsExactly("step-000000000005-3");
  }

  @Test
  void aRunThatStoppedEarlyIsOver() {
    EarlyStopping stopping =
        new EarlyStopping(SyntheticDataset.classification(20, 9, 5, 8), 1, 0.5);
    try (DfaEngine first = TinyNetwork.builder().device(device).earlyStopping(stopping).build();
        DfaEngine checkpointed =
            TinyNetwork.builder()
                .device(device)
                .earlyStopping(stopping)
                .checkpoints(new Checkpointing(folder, 1000, 2))
                .build();
        DfaEngine loaded = TinyNetwork.builder().device(device).earlyStopping(stopping).build()) {
      assertThat(first.train(DATA, 9).ending()).isEqualTo(TrainingResult.Ending.STOPPED_EARLY);
      checkpointed.train(DATA, 9);
      loaded.load(folder);
      assertThat(loaded.unfinished()).isFalse();
      assertThat(TinyNetwork.weights(loaded)).isEqualTo(TinyNetwork.weights(first));
    }
  }

  @Test
  void savedByAListenerAfterTheLastStepOfAnEpochItGoesOn() {
    DfaEngine[] engine = new DfaEngine[1];
    TrainingListener saves =
        new TrainingListener() {
          @Override
          public void onStep(StepEvent event) {
            if (event.step() == TinyNetwork.STEPS_PER_EPOCH) {
              engine[0].save(folder);
            }
          }
        };
    try (DfaEngine whole = TinyNetwork.builder().device(device).listener(saves).build();
        DfaEngine loaded = TinyNetwork.builder().device(device).build()) {
      engine[0] = whole;
      TrainingResult expected = whole.train(DATA, 2);
      loaded.load(folder);
      TrainingResult result = loaded.resume(DATA);
      assertThat(result.steps()).isEqualTo(expected.steps());
      assertThat(result.finalLoss()).isEqualTo(expected.finalLoss());
      assertThat(TinyNetwork.weights(loaded)).isEqualTo(TinyNetwork.weights(whole));
    }
  }

  @Test
  void aFolderThatCannotBeLeavesTheEngineUsable() throws IOException {
    Files.createFile(root.resolve("checkpoints"));
    try (DfaEngine engine = engine();
        DfaEngine other = TinyNetwork.builder().device(device).build()) {
      assertThatThrownBy(() -> engine.train(DATA, 1))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(folder.toString());
      assertThatThrownBy(() -> engine.load(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(folder.toString());
      Path elsewhere = root.resolve("elsewhere");
      other.train(DATA, 1);
      other.save(elsewhere);
      assertThat(engine.load(elsewhere).step()).isEqualTo(TinyNetwork.STEPS_PER_EPOCH);
    }
  }

  @Test
  void aReaderBesideATrainingRunLoadsTheNewest() {
    try (DfaEngine writer = engine();
        DfaEngine reader = TinyNetwork.builder().device(device).build()) {
      writer.train(DATA, 1);
      boolean done = false;
      for (int moment = 1; !done; moment++) {
        int when = moment;
        int[] reads = {0};
        WrappedFileSystem view = new WrappedFileSystem(root);
        view.disk(
            (operation, path) -> {
              // One epoch more writes two checkpoints, and the older ones are gone.
              if (operation == Operation.READ && ++reads[0] == when) {
                writer.train(DATA, 1);
              }
            });
        LoadReport report = reader.load(view.wrap(root.resolve("checkpoints")));
        assertThat(report.skipped()).as("read %d", moment).isEmpty();
        done = reads[0] < moment;
      }
    }
  }
}
