package dev.feedlight.bench.cli;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.LoadReport;
import dev.feedlight.RunPosition;
import dev.feedlight.bench.training.RunLength;
import dev.feedlight.io.CheckpointException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a run is written down while it goes on, and whether one that was goes on. */
final class CheckpointOptions {
  private static final String DIRECTORY = "--checkpoint";
  private static final String EVERY = "--every";
  private static final String KEEP = "--keep";
  private static final String RESUME = "--resume";

  @Option(
      names = DIRECTORY,
      paramLabel = "DIR",
      description =
          "Write checkpoints into DIR, made if missing: every so many steps, at the end and on"
              + " Ctrl-C. One folder per run. Default: none.")
  private Path directory;

  @Option(
      names = EVERY,
      paramLabel = "N",
      description = "With --checkpoint: steps from one to the next. Default: those of an epoch.")
  private Long every;

  @Option(
      names = KEEP,
      paramLabel = "K",
      description =
          "With --checkpoint: the newest K stay. Default: " + Checkpointing.DEFAULT_KEEP + ".")
  private Integer keep;

  @Option(
      names = RESUME,
      description =
          "Go on from the newest valid checkpoint in DIR, with the same options and data: on the"
              + " same machine the result is the same bits as without the interruption.")
  private boolean resume;

  void check(CommandSpec spec, boolean dryRun) throws IOException {
    if (dryRun) {
      Arguments.refuse(spec, "with --dry-run", List.of(DIRECTORY, EVERY, KEEP, RESUME));
    }
    if (directory == null) {
      Arguments.refuse(spec, "without " + DIRECTORY, List.of(EVERY, KEEP, RESUME));
      return;
    }
    Arguments.folder(DIRECTORY, directory);
    if (every != null) {
      Arguments.atLeast(EVERY, 1, every);
    }
    if (keep != null) {
      Arguments.atLeast(KEEP, 1, keep);
    }
    if (!resume && holdsCheckpoints()) {
      throw new UsageException(
          DIRECTORY
              + " "
              + directory
              + " holds checkpoints of a run: give --resume to go on with it, or another folder");
    }
  }

  private boolean holdsCheckpoints() throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "step-*")) {
      return found.iterator().hasNext();
    }
  }

  boolean wanted() {
    return directory != null;
  }

  boolean resumes() {
    return resume;
  }

  Path directory() {
    return directory;
  }

  void configure(EngineBuilder builder, long stepsPerEpoch) {
    if (directory != null) {
      builder.checkpoints(
          new Checkpointing(
              directory,
              every == null ? stepsPerEpoch : every,
              keep == null ? Checkpointing.DEFAULT_KEEP : keep));
    }
  }

  /**
   * Takes over the newest checkpoint if the run is to go on.
   *
   * @return what was loaded; null if the run starts from the beginning
   */
  LoadReport load(
      DfaEngine engine, RunLength length, long stepsPerEpoch, PrintStream out, PrintStream err)
      throws IOException {
    if (!resume) {
      return null;
    }
    if (!holdsCheckpoints()) {
      out.println("no checkpoint in " + directory + ": starts from the beginning");
      return null;
    }
    LoadReport report;
    try {
      report = engine.load(directory);
    } catch (CheckpointException e) {
      throw new UsageException(RESUME + ": " + e.getMessage(), e);
    }
    report.skipped().forEach(one -> err.println("warning: passed over " + oneLine(one.reason())));
    RunPosition position = engine.position();
    if (position == null) {
      throw new UsageException(
          RESUME + ": checkpoint " + report.directory() + " is from no run of this command");
    }
    if (position.steps() != length.steps(stepsPerEpoch)) {
      RunLength.Steps steps = new RunLength.Steps(length.steps(stepsPerEpoch));
      throw otherLength(length.countOf(position) == length.count() ? steps : length, position);
    }
    out.printf(
        "resumed   %s (step %d of %d)%n",
        report.directory(), position.stepsDone(), position.steps());
    if (report.elsewhere() != null) {
      err.println(
          "warning: the last bits may differ from an uninterrupted run: " + report.elsewhere());
    }
    return report;
  }

  private UsageException otherLength(RunLength length, RunPosition position) {
    return new UsageException(
        RESUME
            + ": the run in "
            + directory
            + " has "
            + length.countOf(position)
            + " "
            + length.unit()
            + ", not "
            + length.count()
            + ": give --"
            + length.unit()
            + " "
            + length.countOf(position));
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
