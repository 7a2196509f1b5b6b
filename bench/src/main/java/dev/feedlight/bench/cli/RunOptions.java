package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What a training run leaves behind, and whether it runs at all. */
final class RunOptions {
  private static final String OUT = "--out";

  @Option(
      names = OUT,
      paramLabel = "DIR",
      description =
          "Folder for events.jsonl (every step, epoch and checkpoint) and run.json (what was run,"
              + " on what); made if missing. Default: none.")
  private Path directory;

  @Option(
      names = "--dry-run",
      description = "Print what a run would take, its memory and its time at best; train nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "End with one JSON object on standard output.")
  private boolean json;

  /** Refuses what has no effect together. */
  void check(CommandSpec spec) {
    if (dryRun) {
      Arguments.refuse(spec, "with --dry-run", List.of("--json", OUT));
    }
  }

  Path directory() {
    return directory;
  }

  boolean dryRun() {
    return dryRun;
  }

  boolean json() {
    return json;
  }

  /** The events of the run, or null. */
  EventLog eventLog(Streams streams, CheckpointOptions checkpoints) {
    if (directory == null) {
      return null;
    }
    Arguments.folder(OUT, directory);
    EventLog events = new EventLog(directory, streams.err());
    if (!checkpoints.resumes()) {
      events.requireNew();
    }
    return events;
  }

  /** The record of the run in the folder of results, or null. */
  RunFile runFile(
      CommandSpec spec, long seed, Map<String, Object> data, DeviceChoice choice, DfaEngine engine)
      throws IOException {
    if (directory == null) {
      return null;
    }
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("seed", seed);
    more.put("data", data);
    more.put("device", RunFile.tree(choice.device().identity()));
    if (engine.matrixOrigin() != null) {
      more.put("matrix_origin", RunFile.tree(engine.matrixOrigin()));
    }
    return RunFile.begin(directory, RunRecord.invocation(spec), more);
  }
}
