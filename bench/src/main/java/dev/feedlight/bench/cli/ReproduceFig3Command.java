package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.fig3.Fig3Data;
import dev.feedlight.bench.fig3.Fig3Preset;
import dev.feedlight.bench.fig3.Fig3Request;
import dev.feedlight.bench.fig3.Fig3Run;
import java.io.IOException;
import java.util.List;
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

  @Mixin private final FigureOptions figureOptions = new FigureOptions();

  ReproduceFig3Command(Streams streams, Interruption interruption) {
    this.streams = streams;
    this.interruption = interruption;
  }

  @Override
  public Integer call() throws IOException {
    figureOptions.check();
    Fig3Preset chosen = chosenPreset();
    int runs = figureOptions.seeds(chosen.seeds());
    Fig3Data data = dataOptions.load(spec);
    try (DeviceChoice choice = figureOptions.open()) {
      Fig3Request request =
          new Fig3Request(
              chosen,
              data,
              choice,
              figureOptions.seed(),
              runs,
              figureOptions.directory(),
              figureOptions.repeat("fig3", preset, dataOptions.words(), runs),
              interruption::requested);
      return figureOptions.carryOut(
          new Fig3Run(request, streams.out()), spec, data.record(), streams, interruption);
    }
  }

  private Fig3Preset chosenPreset() {
    List<Fig3Preset> presets =
        Stream.concat(Fig3Preset.PRESETS.stream(), Stream.of(Fig3Preset.SMOKE)).toList();
    List<String> names = presets.stream().map(Fig3Preset::name).toList();
    return presets.get(names.indexOf(Arguments.oneOf("--preset", names, preset)));
  }
}
