package dev.feedlight.bench.cli;

import dev.feedlight.data.Split;
import dev.feedlight.data.SyntheticDataset;
import dev.feedlight.data.climate.ClimateData;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which maps a network learns. */
final class MapDataOptions {
  private static final String SYNTHETIC = "synthetic";
  private static final String EXAMPLES = "--examples";

  @Option(
      names = "--data",
      paramLabel = "NAME",
      defaultValue = SYNTHETIC,
      description =
          "climate: scenarios in the layout of ClimateBench, from --data-dir; north-america: a"
              + " small climate in the jar, an illustration; synthetic: random maps of the preset's"
              + " grid, to measure speed and memory. Default: ${DEFAULT-VALUE}.")
  private String data;

  @Mixin private final ClimateOptions climateOptions = new ClimateOptions();

  @Option(
      names = EXAMPLES,
      paramLabel = "N",
      defaultValue = "160",
      description =
          "Synthetic training examples; a fifth of it for the test. Default: ${DEFAULT-VALUE}.")
  private long examples;

  /** Reads or makes them; a preset's own extents are those of data that have none. */
  MapData load(CommandSpec spec, MapData.Extents preset, long seed) {
    List<String> names = List.of(ClimateOptions.CLIMATE, ClimateOptions.NORTH_AMERICA, SYNTHETIC);
    if (!Arguments.oneOf("--data", names, data).equals(SYNTHETIC)) {
      Arguments.refuse(spec, "without --data synthetic", List.of(EXAMPLES));
      return climate(spec);
    }
    Arguments.refuse(spec, "without --data climate", ClimateOptions.NAMES);
    Arguments.atLeast(EXAMPLES, 1, examples);
    int inputs = preset.inputs();
    int outputs = preset.outputs();
    Split split =
        new Split(
            SyntheticDataset.regression(examples, inputs, outputs, seed),
            SyntheticDataset.regression(Math.max(1, examples / 5), inputs, outputs, ~seed));
    return new MapData(SYNTHETIC, preset, split, preset.areas(), null, 1, Optional.empty());
  }

  private MapData climate(CommandSpec spec) {
    ClimateData read = climateOptions.load(spec, data);
    MapData.Extents extents =
        new MapData.Extents(read.channels(), 1, read.grid().rows(), read.grid().columns());
    return new MapData(
        climateOptions.label(data),
        extents,
        new Split(read.training(), read.test()),
        read.grid().outputWeights(),
        read.task().target().unit(),
        read.targetScale(),
        read.unitNote());
  }
}
