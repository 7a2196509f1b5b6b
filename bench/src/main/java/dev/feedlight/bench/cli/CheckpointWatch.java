package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.TrainingListener;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Ends a run that is interrupted, remembers its last checkpoint, and tells at once of one that
 * could not be written.
 */
final class CheckpointWatch implements TrainingListener {
  /** Steps and checkpoints that an interrupted run may still take (ours). */
  private static final double GENEROUS = 3;

  private final Interruption interruption;
  private final PrintStream err;
  private final boolean terminal;
  private DfaEngine engine;
  private Path last;
  private long begun = System.nanoTime();
  private long lastStepAt = System.nanoTime();
  private volatile double longestStep;
  private volatile double longestCheckpoint;

  CheckpointWatch(Interruption interruption, PrintStream err, boolean terminal) {
    this.interruption = interruption;
    this.err = err;
    this.terminal = terminal;
  }

  /** The engine to stop, and the checkpoint that it comes from, if any. */
  void watch(DfaEngine watched, Path loaded) {
    engine = watched;
    last = loaded;
    lastStepAt = System.nanoTime();
  }

  @Override
  public void onStep(StepEvent event) {
    longestStep = Math.max(longestStep, since(lastStepAt));
    lastStepAt = System.nanoTime();
    if (interruption.requested()) {
      engine.stop();
    }
  }

  @Override
  public void beforeCheckpoint(long step) {
    begun = System.nanoTime();
  }

  @Override
  public void onCheckpoint(CheckpointEvent event) {
    longestCheckpoint = Math.max(longestCheckpoint, since(begun));
    lastStepAt = System.nanoTime();
    if (event.failure() == null) {
      last = event.directory();
    } else {
      err.println(
          (terminal ? "\r\033[K" : "")
              + "warning: no checkpoint after step "
              + event.step()
              + ": "
              + event.failure().getMessage());
    }
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) * 1e-9;
  }

  /** What an interrupted run may need until its checkpoint is written. */
  double secondsNeeded() {
    return GENEROUS * (longestStep + longestCheckpoint);
  }

  /** The newest checkpoint that was written or loaded; null if there is none. */
  Path last() {
    return last;
  }
}
