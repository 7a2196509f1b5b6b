package dev.feedlight;

import dev.feedlight.io.CheckpointFolder;
import java.nio.file.Path;
import java.util.List;

/**
 * What loading a checkpoint did.
 *
 * @param directory of the checkpoint that was taken
 * @param step steps of the engine that it was written after
 * @param skipped newer checkpoints that are damaged, newest first, with the reason
 * @param elsewhere how this machine or build differs from the one that wrote it, in one line: what
 *     follows can then differ in its last bits; null if it does not differ
 */
public record LoadReport(
    Path directory, long step, List<CheckpointFolder.Skipped> skipped, String elsewhere) {
  /** Keeps a copy. */
  public LoadReport {
    skipped = List.copyOf(skipped);
  }
}
