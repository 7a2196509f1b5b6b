package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.LoadReport;
import dev.feedlight.TrainingResult;
import dev.feedlight.bench.results.RunFile;
import dev.feedlight.learn.NotFiniteException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * A run of {@code train} from its first or next step to its end: what is loaded, recorded and told
 * on the way.
 */
final class TrainRun {
  private final Outputs outputs;
  private final CheckpointWatch watch;

  TrainRun(Outputs outputs) {
    this.outputs = outputs;
    Streams streams = outputs.streams;
    this.watch = new CheckpointWatch(outputs.interruption, streams.err(), streams.terminal());
  }

  /**
   * Where a run leaves what.
   *
   * @param streams of the process
   * @param json whether standard output is kept for one object
   * @param interruption tells the run to end
   * @param checkpoints what was asked for
   * @param curves of alignment, or null
   * @param events of the run, or null
   */
  record Outputs(
      Streams streams,
      boolean json,
      Interruption interruption,
      CheckpointOptions checkpoints,
      AlignmentCurves curves,
      EventLog events) {
    PrintStream text() {
      return streams.text(json);
    }
  }

  /** Makes the record of a run. */
  @FunctionalInterface
  interface RunFiles {
    /** A new record, or null for none. */
    RunFile begin() throws IOException;
  }

  void listenTo(EngineBuilder builder) {
    builder.listener(watch);
    if (outputs.curves != null) {
      builder.listener(outputs.curves);
    }
    if (outputs.events != null) {
      builder.listener(outputs.events);
    }
  }

  int run(DfaEngine engine, TrainReport report, RunFiles runFiles) throws IOException {
    if (!outputs.checkpoints.wanted()) {
      return train(engine, report, runFiles);
    }
    try (Interruption.Running _ =
        outputs.interruption.begin(
            "the run ends after this step, with a checkpoint", watch::secondsNeeded)) {
      return train(engine, report, runFiles);
    }
  }

  private int train(DfaEngine engine, TrainReport report, RunFiles runFiles) throws IOException {
    LoadReport loaded =
        outputs.checkpoints.load(
            engine, report.length(), report.stepsPerEpoch(), outputs.text(), outputs.streams.err());
    watch.watch(engine, loaded == null ? null : loaded.directory());
    if (loaded != null && outputs.curves != null) {
      outputs.curves.goOn(engine.position().stepsDone());
    }
    RunFile record = runFiles.begin();
    if (outputs.events != null) {
      if (loaded == null) {
        outputs.events.start(engine);
      } else {
        outputs.events.resume(engine, loaded);
      }
    }
    TrainingResult trained;
    Map<String, Double> measured = null;
    try {
      trained = trained(engine, report, loaded);
      if (trained.ending() != TrainingResult.Ending.INTERRUPTED) {
        measured = report.measure(engine);
      }
    } catch (RuntimeException e) {
      if (outputs.events != null) {
        outputs.events.failure(e);
      }
      throw e instanceof NotFiniteException notFinite ? withCheckpoint(notFinite) : e;
    }
    finish(trained, measured, report, record);
    if (measured != null) {
      report.keep(outputs.text(), engine);
    }
    requireCheckpoint(trained);
    return measured == null ? Failures.INTERRUPTED : Failures.DONE;
  }

  private TrainingResult trained(DfaEngine engine, TrainReport report, LoadReport loaded)
      throws IOException {
    if (engine.lastResult() != null) {
      outputs.text().println("finished  the run has ended before: nothing is trained");
      return engine.lastResult();
    }
    try {
      return loaded == null
          ? report.length().train(engine, report.training())
          : engine.resume(report.training());
    } finally {
      if (outputs.curves != null) {
        outputs.curves.save();
      }
    }
  }

  /** Weights are looked at before a checkpoint is written: the last one is good. */
  private RuntimeException withCheckpoint(NotFiniteException e) {
    if (!outputs.checkpoints.wanted()) {
      return e;
    }
    Path last = watch.last();
    return new CommandFailedException(
        e.getMessage()
            + (last == null
                ? "; no checkpoint was written before"
                : "; the last good checkpoint is " + last),
        e);
  }

  private void finish(
      TrainingResult trained, Map<String, Double> measured, TrainReport report, RunFile record)
      throws IOException {
    PrintStream text = outputs.text();
    JsonLine line = null;
    if (measured != null) {
      report.printResult(text, trained, measured);
    }
    if (outputs.json || record != null) {
      line = report.json(trained, measured);
    }
    if (record != null) {
      record.complete(line.values());
    }
    if (outputs.events != null) {
      if (measured == null) {
        outputs.events.stop();
      } else {
        outputs.events.end(trained, measured);
      }
      outputs.events.close();
      text.println("wrote     " + outputs.events.path());
      text.println("wrote     " + record.path());
    }
    if (watch.last() != null) {
      text.println("checkpoint " + watch.last());
    }
    if (outputs.json) {
      outputs.streams.out().println(line);
    }
    if (measured == null) {
      outputs.streams.err().println("feedlight: interrupted; go on with --resume");
    } else if (outputs.curves != null) {
      outputs.curves.draw().forEach(file -> text.println("wrote     " + file));
    }
  }

  private static void requireCheckpoint(TrainingResult trained) {
    if (trained.checkpointFailure() != null) {
      throw new CommandFailedException(
          "the last checkpoint could not be written: " + trained.checkpointFailure().getMessage());
    }
  }
}
