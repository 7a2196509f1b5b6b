package dev.feedlight.bench.cli;

import dev.feedlight.bench.optics.SpeckleRun;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.opu.OpuSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code opu speckle}: a camera frame and its statistics. */
@Command(
    name = "speckle",
    description = {
      "Take one camera frame of a random pattern of mirrors: the frame as speckle.png (a pixel for"
          + " a pixel, black is 0, white full scale), its histogram beside the exponential law as"
          + " speckle-histogram.png and .svg, and summary.md.",
      "",
      "Pixels are independent of each other: a grain of the emulated speckle is one pixel, where a"
          + " real camera's is a few pixels wide. The frame is exposed by itself, so that its mean"
          + " does not tell how many mirrors are lit.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight opu speckle --out results",
      "  feedlight opu speckle --out results --width 2040 --height 1088 --mean-anchor 0.1 --bits"
          + " 12",
      "  feedlight opu speckle --out results --inputs 100 --lit 1 --optics ideal",
      "",
      "Options of read-out, drift and clock have no effect on a frame and are refused."
    })
final class OpuSpeckleCommand implements Callable<Integer> {
  private static final List<String> WITHOUT_EFFECT =
      List.of("--select", "--floor", "--bias-removal", "--drift", "--recalibrate", "--clock");

  private final Streams streams;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the pictures; made if missing.")
  private Path directory;

  @Option(
      names = "--inputs",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Mirrors of the pattern. Default: ${DEFAULT-VALUE}.")
  private int inputs;

  @Option(
      names = "--lit",
      paramLabel = "K",
      description = "Mirrors that are lit, at random places. Default: half of them.")
  private Integer lit;

  @Option(
      names = "--density",
      paramLabel = "SHARE",
      description = "Instead of --lit: share of mirrors that are lit. Default: 0.5.")
  private Double density;

  @Option(
      names = "--width",
      paramLabel = "W",
      defaultValue = "640",
      description = "Pixels per row of the frame. Default: ${DEFAULT-VALUE}.")
  private int width;

  @Option(
      names = "--height",
      paramLabel = "H",
      defaultValue = "480",
      description = "Rows of the frame. Default: ${DEFAULT-VALUE}.")
  private int height;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of medium, defects, noise and pattern. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private final OpticsOptions opticsOptions = new OpticsOptions();

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  @Option(names = "--json", description = "End with one JSON object on standard output.")
  private boolean json;

  OpuSpeckleCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Arguments.refuse(spec, "on a frame", WITHOUT_EFFECT);
    OpuSettings settings = opticsOptions.settings(spec);
    deviceOptions.requirePlainProducts("has no effect on the optics, which have no dense products");
    Arguments.folder("--out", directory);
    NoPicturesException.requireDrawing();
    Arguments.atLeast("--inputs", 1, inputs);
    Arguments.atLeast("--width", 1, width);
    Arguments.atLeast("--height", 1, height);
    SpeckleRun.Request request =
        new SpeckleRun.Request(
            settings,
            OpticsOptions.describe(settings),
            width,
            height,
            inputs,
            lit(),
            seed,
            deviceOptions.name(),
            deviceOptions.threads(),
            directory,
            repeat());
    return RunRecord.after(
        spec, directory, Map.of("seed", seed), deviceOptions, () -> show(request));
  }

  private int show(SpeckleRun.Request request) throws IOException {
    PrintStream out = streams.text(json);
    SpeckleRun.Outcome outcome = new SpeckleRun(request, out).run();
    ReportLines report = new ReportLines(out);
    outcome.files().forEach(file -> report.print("wrote", "%s", file));
    if (json) {
      JsonLine line = new JsonLine().put("command", "opu speckle");
      outcome.values().forEach(line::put);
      streams.out().println(line);
    }
    if (!outcome.problems().isEmpty()) {
      throw new CommandFailedException(String.join("; ", outcome.problems()));
    }
    return Failures.DONE;
  }

  private int lit() {
    if (lit != null) {
      Arguments.refuse(spec, "with --lit", List.of("--density"));
      Arguments.atLeast("--lit", 1, lit);
      if (lit > inputs) {
        throw new UsageException(
            "--lit must be at most the " + inputs + " mirrors of --inputs, not " + lit);
      }
      return lit;
    }
    double share = density == null ? 0.5 : density;
    if (!(share > 0 && share <= 1)) {
      throw new UsageException("--density must lie in (0, 1], not " + share);
    }
    return Math.max(1, (int) Math.round(share * inputs));
  }

  /** What was typed, by the long names. */
  private String repeat() {
    StringBuilder words = new StringBuilder("./feedlight opu speckle");
    for (OptionSpec option : spec.options()) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        words.append(' ').append(option.longestName());
        option.originalStringValues().stream()
            .filter(value -> option.arity().max() > 0)
            .forEach(value -> words.append(' ').append(value));
      }
    }
    return words.toString();
  }
}
