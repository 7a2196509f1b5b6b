package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.fig3.Fig3Data;
import dev.feedlight.bench.fig3.Fig3Preset;
import dev.feedlight.bench.fig3.Fig3Request;
import dev.feedlight.bench.fig3.Fig3Run;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.bench.results.RunFolderException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** {@code reproduce fig3}: climate projection by two networks. */
@Command(
    name = "fig3",
    description = {
      "The paper's Fig. 3: climate projection by a vision Transformer (BP, DFA, ODFA, SHLW) and by"
          + " a wide fully connected network (BP in its own configuration and in that of ODFA, DFA,"
          + " ODFA). Writes the metrics of ClimateBench, maps of the last year, and error curves,"
          + " beside no change at all and a linear fit in every cell.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight reproduce fig3 --out results",
      "  feedlight reproduce fig3 --preset medium --data climate --data-dir climate --seeds 3"
          + " --out",
      "    results",
      "  feedlight reproduce fig3 --preset paper --data climate --data-dir climatebench --task",
      "    climatebench --dry-run --out results",
      "",
      "Without data it learns from a small climate in the jar: an illustration, not ClimateBench.",
      "Killed or interrupted and started again with the same --out it goes on: runs that have"
          + " ended",
      "are kept, one under way continues from its last checkpoint. A folder with runs of other",
      "settings is refused."
    })
final class ReproduceFig3Command implements Callable<Integer> {
  /** What a run may still take when it is to end: a step, a measurement, a checkpoint (ours). */
  private static final double SECONDS_TO_END = 60;

  private final Streams streams;
  private final Interruption interruption;

  @Spec private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      defaultValue = "tiny",
      description =
          "tiny: 0.3 and 1.6 million parameters, at most five minutes on two cores; medium: 3.2 and"
              + " 17 million, for maps of 48 x 72; paper: 0.2 and 1.3 billion for 96 x 144, for a"
              + " GPU. Default: ${DEFAULT-VALUE}.")
  private String preset;

  @Mixin private final Fig3DataOptions dataOptions = new Fig3DataOptions();

  @Option(names = "--seeds", paramLabel = "N", description = "Runs of each curve. Default: 1.")
  private Integer seeds;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "First seed; the others follow it. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the results; made if missing.")
  private Path directory;

  @Option(
      names = "--dry-run",
      description = "Print what would be trained and how long it takes; train and write nothing.")
  private boolean dryRun;

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  ReproduceFig3Command(Streams streams, Interruption interruption) {
    this.streams = streams;
    this.interruption = interruption;
  }

  @Override
  public Integer call() throws IOException {
    Arguments.folder("--out", directory);
    Fig3Preset chosen = chosenPreset();
    int runs =
        seeds == null ? chosen.seeds() : Math.toIntExact(Arguments.atLeast("--seeds", 1, seeds));
    Fig3Data data = dataOptions.load(spec);
    try (DeviceChoice choice = deviceOptions.open()) {
      Fig3Request request =
          new Fig3Request(
              chosen, data, choice, seed, runs, directory, repeat(runs), interruption::requested);
      Fig3Run run = new Fig3Run(request, streams.out());
      try {
        run.check();
      } catch (RunFolderException e) {
        throw new UsageException(e.getMessage(), e);
      }
      run.plan();
      // Recorded from here on: a folder that is refused stays as it is.
      return dryRun
          ? Failures.DONE
          : RunRecord.around(
              spec,
              directory,
              Map.of("seed", seed, "data", data.record()),
              deviceOptions,
              () -> reproduce(run));
    }
  }

  private int reproduce(Fig3Run run) throws IOException {
    long start = System.nanoTime();
    List<Path> files;
    try (Interruption.Running _ =
        interruption.begin(
            "the run ends after this step, with a checkpoint", () -> SECONDS_TO_END)) {
      files = run.run();
    } catch (NoPicturesException e) {
      throw new CommandFailedException(e.getMessage());
    }
    if (files.isEmpty()) {
      streams.err().println("feedlight: interrupted; the same command goes on");
      return Failures.INTERRUPTED;
    }
    files.forEach(file -> streams.out().println("wrote     " + file));
    streams.out().printf(Locale.ROOT, "done      in %.0f s%n", (System.nanoTime() - start) * 1e-9);
    return Failures.DONE;
  }

  private Fig3Preset chosenPreset() {
    List<Fig3Preset> presets =
        Stream.concat(Fig3Preset.PRESETS.stream(), Stream.of(Fig3Preset.SMOKE)).toList();
    List<String> names = presets.stream().map(Fig3Preset::name).toList();
    return presets.get(names.indexOf(Arguments.oneOf("--preset", names, preset)));
  }

  private String repeat(int runs) {
    List<String> words = new ArrayList<>(List.of("./feedlight", "reproduce", "fig3"));
    words.addAll(List.of("--preset", preset));
    words.addAll(dataOptions.words());
    words.addAll(List.of("--seeds", String.valueOf(runs), "--seed", String.valueOf(seed)));
    words.addAll(List.of("--device", deviceOptions.name()));
    if (deviceOptions.threads() > 0) {
      words.addAll(List.of("--threads", String.valueOf(deviceOptions.threads())));
    }
    words.addAll(List.of("--out", directory.toString()));
    return String.join(" ", words);
  }
}
