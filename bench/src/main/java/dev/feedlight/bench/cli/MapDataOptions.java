package dev.feedlight.bench.cli;

import dev.feedlight.data.Split;
import dev.feedlight.data.SyntheticDataset;
import java.util.List;
import picocli.CommandLine.Option;

/** Which maps a network learns. */
final class MapDataOptions {
  @Option(
      names = "--data",
      paramLabel = "NAME",
      defaultValue = "synthetic",
      description =
          "synthetic: random maps of the preset's grid, to measure speed and memory. Default:"
              + " ${DEFAULT-VALUE}.")
  private String data;

  @Option(
      names = "--examples",
      paramLabel = "N",
      defaultValue = "160",
      description =
          "Synthetic training examples; a fifth of it for the test. Default: ${DEFAULT-VALUE}.")
  private long examples;

  /** Reads or makes them; a preset's own extents are those of data that have none. */
  MapData load(MapData.Extents preset, long seed) {
    Arguments.oneOf("--data", List.of("synthetic"), data);
    Arguments.atLeast("--examples", 1, examples);
    int inputs = preset.inputs();
    int outputs = preset.outputs();
    Split split =
        new Split(
            SyntheticDataset.regression(examples, inputs, outputs, seed),
            SyntheticDataset.regression(Math.max(1, examples / 5), inputs, outputs, ~seed));
    return new MapData("synthetic", preset, split, preset.areas(), null, 1);
  }
}
