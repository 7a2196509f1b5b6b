package dev.feedlight.bench.training;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.TrainingListener;
import dev.feedlight.TrainingResult;
import dev.feedlight.data.Examples;
import dev.feedlight.io.Durable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * One run of an experiment, from the beginning or from its newest checkpoint: something is measured
 * at equal distances, and what was noted up to the checkpoint is kept. Checkpoints go when it has
 * ended.
 */
public abstract class ResumableRun implements TrainingListener {
  /** Points of a curve behind the first, and checkpoints (ours). */
  public static final int POINTS = 20;

  private final Place place;
  private DfaEngine engine;
  private Progress progress = new Progress(0, 0, 0);
  private long stamp;

  /** Prepares a run. */
  protected ResumableRun(Place place) {
    this.place = place;
  }

  /**
   * Where it runs.
   *
   * @param label in front of lines that tell of it
   * @param folder of its own, for notes and checkpoints
   * @param length of the run
   * @param steps of the run
   * @param data to learn from
   * @param stop asked after every step whether to end, with a checkpoint
   * @param out for progress
   */
  public record Place(
      String label,
      Path folder,
      RunLength length,
      long steps,
      Examples data,
      BooleanSupplier stop,
      PrintStream out) {}

  /**
   * What a run must remember beside a checkpoint.
   *
   * @param seconds of training alone, measured
   * @param lossSum over the steps since the last point
   * @param losses how many these are
   */
  public record Progress(double seconds, double lossSum, long losses) {
    /** Mean loss since the last point; NaN if there was no step. */
    public double meanLoss() {
      return losses == 0 ? Double.NaN : lossSum / losses;
    }
  }

  /** What a run opens beside its engine; closing it does not fail. */
  @FunctionalInterface
  protected interface Opened extends AutoCloseable {
    @Override
    void close();
  }

  /** Whether it was done before; reads the notes. */
  protected abstract boolean hasEnded() throws IOException;

  /** The engine to train, without checkpoints. */
  protected abstract EngineBuilder builder();

  /**
   * Called with the engine, before it trains.
   *
   * @return closed when the run has ended, before the engine
   */
  protected Opened opened() {
    return () -> {};
  }

  /** Called at the beginning and after every step. */
  protected void reached(long step) throws IOException {}

  /** Notes are kept up to a step, from -1 for none. */
  protected abstract void goOn(long step) throws IOException;

  /** Notes the progress at a checkpoint. */
  protected abstract void pause(long step, Progress at) throws IOException;

  /** What was noted there; null if nothing. */
  protected abstract Progress paused(long step);

  /** Measures and notes a point of the curves. */
  protected abstract void point(long step, Progress at) throws IOException;

  /** Measures and notes what it came to. */
  protected abstract void end(Progress at) throws IOException;

  /** The engine, while it runs. */
  protected final DfaEngine engine() {
    return engine;
  }

  /** What was done since the last step is no training. */
  protected final void resetClock() {
    stamp = System.nanoTime();
  }

  /** A line about the run. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  protected final void tell(String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values);
    place.out.printf(Locale.ROOT, "%s  %s%n", place.label, text);
  }

  /**
   * Trains to the end, unless that was done before.
   *
   * @return false if it was interrupted
   */
  public final boolean run() throws IOException {
    if (hasEnded()) {
      tell("was done before");
      return true;
    }
    Path checkpoints = place.folder.resolve("checkpoints");
    EngineBuilder described =
        builder()
            .checkpoints(new Checkpointing(checkpoints, Math.max(1, place.steps / POINTS), 2))
            .listener(this);
    try (DfaEngine built = described.build()) {
      engine = built;
      if (!between(checkpoints)) {
        return false;
      }
    }
    Durable.deleteTree(checkpoints);
    return true;
  }

  private boolean between(Path checkpoints) throws IOException {
    Opened with = opened();
    try (with) {
      begin(checkpoints);
      if (train().ending() == TrainingResult.Ending.INTERRUPTED) {
        return false;
      }
      end(progress);
      return true;
    }
  }

  private void begin(Path checkpoints) throws IOException {
    if (!holdsCheckpoints(checkpoints)) {
      goOn(-1);
      point(0, progress);
      reached(0);
      return;
    }
    engine.load(checkpoints);
    long done = engine.position().stepsDone();
    goOn(done);
    progress = paused(done);
    if (progress == null) {
      throw new IOException(place.folder + " has lost its notes: delete it");
    }
    tell("goes on from step %,d of %,d", done, place.steps);
  }

  private static boolean holdsCheckpoints(Path checkpoints) throws IOException {
    if (!Files.isDirectory(checkpoints)) {
      return false;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(checkpoints, "step-*")) {
      return found.iterator().hasNext();
    }
  }

  private TrainingResult train() {
    resetClock();
    if (engine.lastResult() != null) {
      return engine.lastResult();
    }
    return engine.unfinished() ? engine.resume(place.data) : place.length.train(engine, place.data);
  }

  @Override
  public void onStep(StepEvent event) {
    progress =
        new Progress(
            progress.seconds + (System.nanoTime() - stamp) * 1e-9,
            progress.lossSum + event.loss(),
            progress.losses + 1);
    long step = event.step();
    try {
      if (step * POINTS / place.steps != (step - 1) * POINTS / place.steps) {
        point(step, progress);
        progress = new Progress(progress.seconds, 0, 0);
      }
      reached(step);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (place.stop.getAsBoolean()) {
      engine.stop();
    }
    resetClock();
  }

  @Override
  public void beforeCheckpoint(long step) {
    try {
      pause(step, progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onCheckpoint(CheckpointEvent event) {
    if (event.failure() != null) {
      place.out.println("warning: no checkpoint: " + event.failure().getMessage());
    }
    resetClock();
  }
}
