package dev.feedlight.bench.cli;

import dev.feedlight.data.Split;
import dev.feedlight.data.SyntheticDataset;
import dev.feedlight.data.climate.ClimateData;
import dev.feedlight.data.climate.ClimateTask;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which maps a network learns. */
final class MapDataOptions {
  private static final String DIRECTORY = "--data-dir";
  private static final String EXAMPLES = "--examples";
  private static final String TASK = "--task";

  @Option(
      names = "--data",
      paramLabel = "NAME",
      defaultValue = "synthetic",
      description =
          "climate: scenarios in the layout of ClimateBench, from --data-dir; synthetic: random"
              + " maps of the preset's grid, to measure speed and memory. Default:"
              + " ${DEFAULT-VALUE}.")
  private String data;

  @Option(
      names = DIRECTORY,
      paramLabel = "DIR",
      description = "Folder with inputs_NAME.nc and outputs_NAME.nc of every scenario.")
  private Path directory;

  @Option(
      names = TASK,
      paramLabel = "NAME",
      defaultValue = "ssp370",
      description =
          "Scenarios: ssp370, learn from ssp126 and ssp585, measure on ssp370; climatebench, learn"
              + " from ssp126, ssp370 and ssp585, measure on ssp245. Default: ${DEFAULT-VALUE}.")
  private String task;

  @Option(
      names = EXAMPLES,
      paramLabel = "N",
      defaultValue = "160",
      description =
          "Synthetic training examples; a fifth of it for the test. Default: ${DEFAULT-VALUE}.")
  private long examples;

  /** Reads or makes them; a preset's own extents are those of data that have none. */
  MapData load(CommandSpec spec, MapData.Extents preset, long seed) {
    if (Arguments.oneOf("--data", List.of("climate", "synthetic"), data).equals("climate")) {
      Arguments.refuse(spec, "without --data synthetic", List.of(EXAMPLES));
      return climate();
    }
    Arguments.refuse(spec, "without --data climate", List.of(DIRECTORY, TASK));
    Arguments.atLeast(EXAMPLES, 1, examples);
    int inputs = preset.inputs();
    int outputs = preset.outputs();
    Split split =
        new Split(
            SyntheticDataset.regression(examples, inputs, outputs, seed),
            SyntheticDataset.regression(Math.max(1, examples / 5), inputs, outputs, ~seed));
    return new MapData("synthetic", preset, split, preset.areas(), null, 1);
  }

  private MapData climate() {
    ClimateTask scenarios =
        Arguments.oneOf(TASK, List.of("ssp370", "climatebench"), task).equals("ssp370")
            ? ClimateTask.ssp370()
            : ClimateTask.climateBench();
    if (directory == null) {
      throw new UsageException("--data climate needs a folder of scenarios: give " + DIRECTORY);
    }
    ClimateData read = ClimateData.load(directory, scenarios);
    MapData.Extents extents =
        new MapData.Extents(read.channels(), 1, read.grid().rows(), read.grid().columns());
    double[] weights = read.grid().weights();
    float[] areas = new float[weights.length];
    for (int i = 0; i < areas.length; i++) {
      areas[i] = (float) weights[i];
    }
    return new MapData(
        "climate " + task,
        extents,
        new Split(read.training(), read.test()),
        areas,
        "K",
        read.targetScale());
  }
}
