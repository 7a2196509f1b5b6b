package dev.feedlight;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where and how often a training run is written down.
 *
 * @param folder of checkpoints; made when training begins
 * @param everySteps steps from one to the next, at least 1; the end of a call of {@code train} gets
 *     one in any case
 * @param keep the newest so many stay, at least 1
 */
public record Checkpointing(Path folder, long everySteps, int keep) {
  /** How many stay by default (ours): the newest, and one should that be damaged. */
  public static final int DEFAULT_KEEP = 2;

  /** Checks the numbers. */
  public Checkpointing {
    Objects.requireNonNull(folder, "folder");
    if (everySteps < 1) {
      throw new IllegalArgumentException(
          "checkpoints are written every 1 or more steps, not every " + everySteps);
    }
    if (keep < 1) {
      throw new IllegalArgumentException("at least 1 checkpoint is kept, not " + keep);
    }
  }
}
