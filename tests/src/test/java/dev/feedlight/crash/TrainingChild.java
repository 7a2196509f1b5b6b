package dev.feedlight.crash;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.LoadReport;
import dev.feedlight.TrainingListener;
import dev.feedlight.device.Device;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.reference.ReferenceDevice;
import dev.feedlight.io.CheckpointFolder;
import java.nio.file.Path;

/**
 * Trains from the newest checkpoint of a folder to the end, and says on standard output which
 * checkpoints are written. To be killed.
 */
public final class TrainingChild {
  static final String FOLDER = "feedlight.crash.folder";
  static final String DEVICE = "feedlight.crash.device";
  static final String CPU = "cpu";
  static final String REFERENCE = "reference";
  static final String SAVED = "saved ";
  static final String DONE = "done";

  /** Steps from one checkpoint to the next. */
  static final int EVERY = 2;

  static final int EPOCHS = 20;
  static final int STEPS = EPOCHS * TinyNetwork.STEPS_PER_EPOCH;

  private TrainingChild() {}

  /** Runs, with folder and device in system properties. */
  public static void main(String[] args) {
    Path folder = Path.of(System.getProperty(FOLDER));
    TrainingListener saved =
        new TrainingListener() {
          @Override
          public void onCheckpoint(CheckpointEvent event) {
            say(event.failure() == null ? SAVED + event.step() : "failed: " + event.failure());
          }
        };
    try (Device device = device();
        DfaEngine engine =
            TinyNetwork.builder()
                .device(device)
                .checkpoints(new Checkpointing(folder, EVERY, 2))
                .listener(saved)
                .build()) {
      boolean begun = CheckpointFolder.search(folder).newest().isPresent();
      if (begun) {
        LoadReport report = engine.load(folder);
        say(
            "loaded "
                + report.step()
                + ", skipped "
                + report.skipped()
                + ", "
                + report.elsewhere());
      }
      if (!begun) {
        engine.train(TinyNetwork.data(), EPOCHS);
      } else if (engine.unfinished()) {
        engine.resume(TinyNetwork.data());
      }
      say(DONE);
    }
  }

  private static Device device() {
    return switch (System.getProperty(DEVICE)) {
      case CPU -> CpuDevice.open(1);
      case REFERENCE -> ReferenceDevice.open();
      default -> throw new IllegalArgumentException(DEVICE);
    };
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
