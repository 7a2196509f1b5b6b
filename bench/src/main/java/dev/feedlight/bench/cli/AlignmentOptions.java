package dev.feedlight.bench.cli;

import dev.feedlight.learn.LastBlockOnly;
import dev.feedlight.learn.LearningRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether alignment is measured while training, and where its curves go. */
final class AlignmentOptions {
  private static final String EVERY = "--alignment";
  private static final String OUT = "--alignment-out";

  @Option(
      names = EVERY,
      paramLabel = "N",
      description =
          "Measure gradient and weight alignment of every block before the first step and every N"
              + " steps after it. Costs about a step each time. Default: never.")
  private Integer every;

  @Option(
      names = OUT,
      paramLabel = "DIR",
      description =
          "With --alignment: folder for curves.jsonl, alignment.png and alignment.svg; made if"
              + " missing. Default: that of --out.")
  private Path directory;

  /** Steps from one measurement to the next, 0 for none. */
  int every(CommandSpec spec, LearningRule rule, boolean dryRun) {
    if (every == null) {
      Arguments.refuse(spec, "without " + EVERY, List.of(OUT));
      return 0;
    }
    if (rule instanceof LastBlockOnly) {
      Arguments.refuse(spec, "with --rule " + rule.name(), List.of(EVERY));
    }
    if (dryRun) {
      Arguments.refuse(spec, "with --dry-run", List.of(OUT));
    }
    return Math.toIntExact(Arguments.atLeast(EVERY, 1, every));
  }

  /**
   * The record of the curves that are to be written, or null.
   *
   * @param out folder of the whole run, or null
   * @throws IOException if a file of curves is there already and cannot be read
   */
  AlignmentCurves curves(AlignmentCurves.Run run, Path out) throws IOException {
    Path folder = directory == null && every != null ? out : directory;
    if (folder == null) {
      return null;
    }
    Arguments.folder(OUT, folder);
    return new AlignmentCurves(folder, run);
  }
}
