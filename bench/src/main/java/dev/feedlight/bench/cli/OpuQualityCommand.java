package dev.feedlight.bench.cli;

import dev.feedlight.bench.optics.QualityPreset;
import dev.feedlight.bench.optics.QualityRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code opu quality}: how well units read out. */
@Command(
    name = "quality",
    description = {
      "Measure the correlation of the optical read-out with the exact projection over exposure,"
          + " density, bits and noise, over all pixels and over selected ones; write results.jsonl,"
          + " summary.md and heat maps (quality-*, PNG and SVG).",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight opu quality --out results",
      "  feedlight opu quality --preset full --out results --seed 7",
      "",
      "Lines of other experiments in DIR/results.jsonl stay. Results are written after every"
          + " medium:",
      "interrupted (exit code 130), a run keeps what it has. Preset smoke is for tests: its"
          + " numbers",
      "mean nothing."
    })
final class OpuQualityCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the results; made if missing.")
  private Path directory;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      defaultValue = "quick",
      description =
          "quick: less than a minute on two cores; full: finer maps of more vectors, a minute or"
              + " two. Both for 1016 inputs and 2040 pixels. Default: ${DEFAULT-VALUE}.")
  private String preset;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Of the first medium, its noise and its vectors; those of other media follow."
              + " Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  OpuQualityCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    deviceOptions.requirePlainProducts("has no effect on the optics, which have no dense products");
    Arguments.folder("--out", directory);
    QualityRun.Request request =
        new QualityRun.Request(
            chosenPreset(),
            deviceOptions.name(),
            deviceOptions.threads(),
            seed,
            directory,
            repeat());
    return RunRecord.around(
        spec, directory, Map.of("seed", seed), deviceOptions, () -> measure(request));
  }

  private int measure(QualityRun.Request request) throws IOException {
    PrintStream out = streams.out();
    long start = System.nanoTime();
    QualityRun.Outcome outcome = new QualityRun(request, out).run();
    ReportLines report = new ReportLines(out);
    outcome.files().forEach(file -> report.print("wrote", "%s", file));
    report.print(
        "done", "%d settings in %.0f s", outcome.settings(), (System.nanoTime() - start) * 1e-9);
    if (!outcome.problems().isEmpty()) {
      throw new CommandFailedException(String.join("; ", outcome.problems()));
    }
    return Failures.DONE;
  }

  private QualityPreset chosenPreset() {
    List<QualityPreset> presets =
        Stream.concat(QualityPreset.PRESETS.stream(), Stream.of(QualityPreset.SMOKE)).toList();
    List<String> names = presets.stream().map(QualityPreset::name).toList();
    return presets.get(names.indexOf(Arguments.oneOf("--preset", names, preset)));
  }

  private String repeat() {
    return String.format(
        Locale.ROOT,
        "./feedlight opu quality --preset %s --device %s --seed %d%s --out %s",
        preset,
        deviceOptions.name(),
        seed,
        deviceOptions.threads() > 0 ? " --threads " + deviceOptions.threads() : "",
        directory);
  }
}
