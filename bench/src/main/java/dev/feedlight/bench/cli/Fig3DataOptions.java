package dev.feedlight.bench.cli;

import dev.feedlight.bench.fig3.Fig3Data;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The scenarios of {@code reproduce fig3}. */
final class Fig3DataOptions {
  private static final String CAUTION =
      "An illustration, not ClimateBench: temperature of North America in the scenario E1, from"
          + " that of the decades before";

  @Option(
      names = "--data",
      paramLabel = "NAME",
      description =
          "climate: scenarios in the layout of ClimateBench, from --data-dir; north-america: a"
              + " small climate in the jar, an illustration. Default: climate with --data-dir, else"
              + " north-america.")
  private String data;

  @Mixin private final ClimateOptions climateOptions = new ClimateOptions();

  private String name() {
    if (data == null) {
      return climateOptions.hasFolder() ? ClimateOptions.CLIMATE : ClimateOptions.NORTH_AMERICA;
    }
    return Arguments.oneOf(
        "--data", List.of(ClimateOptions.CLIMATE, ClimateOptions.NORTH_AMERICA), data);
  }

  Fig3Data load(CommandSpec spec) {
    String name = name();
    return new Fig3Data(
        climateOptions.label(name),
        name.equals(ClimateOptions.NORTH_AMERICA) ? CAUTION : null,
        climateOptions.load(spec, name));
  }

  /** The options as they were given, for the command line that repeats a run. */
  List<String> words() {
    return climateOptions.words(name());
  }
}
