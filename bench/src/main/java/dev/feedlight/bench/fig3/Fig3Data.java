package dev.feedlight.bench.fig3;

import dev.feedlight.bench.results.RunSettings;
import dev.feedlight.data.DatasetDigest;
import dev.feedlight.data.climate.Baseline;
import dev.feedlight.data.climate.ClimateData;
import dev.feedlight.data.climate.ClimateDataset;
import dev.feedlight.data.climate.ClimateMetrics;
import dev.feedlight.data.climate.Target;
import dev.feedlight.nn.FcnnShape;
import dev.feedlight.nn.VitShape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the networks learn, and what they are measured by.
 *
 * @param label short name
 * @param caution what the numbers must not be taken for; null if they are what they seem
 * @param climate scenarios of a task
 */
public record Fig3Data(String label, String caution, ClimateData climate) {
  /** What is predicted. */
  Target target() {
    return climate.task().target();
  }

  /** A network of the shape for these maps. */
  VitShape on(VitShape shape) {
    return shape.on(climate.channels(), 1, climate.grid().rows(), climate.grid().columns());
  }

  /** The same. */
  FcnnShape on(FcnnShape shape) {
    return shape.on(climate.training().inputs(), climate.training().outputs());
  }

  ClimateMetrics metrics(double[] prediction) {
    return ClimateMetrics.of(climate.truth(), prediction, climate.grid());
  }

  ClimateMetrics metrics(Baseline baseline) {
    return metrics(baseline.predict(climate));
  }

  /** The last year of maps that lie one after the other. */
  double[] last(double[] maps) {
    return Arrays.copyOfRange(maps, maps.length - climate.grid().cells(), maps.length);
  }

  int lastYear() {
    ClimateDataset test = climate.test();
    return test.year(test.size() - 1);
  }

  /** The years that are measured, for people. */
  String years() {
    return climate.task().test() + ", " + climate.test().year(0) + " to " + lastYear();
  }

  /** For the record of a run. */
  public Map<String, Object> record() {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", label);
    entry.put("task", RunSettings.tree(climate.task()));
    put(entry, "training", climate.training());
    put(entry, "test", climate.test());
    return entry;
  }

  private static void put(Map<String, Object> entry, String part, ClimateDataset examples) {
    entry.put(part + "_examples", examples.size());
    entry.put(part + "_sha256", DatasetDigest.sha256(examples));
  }
}
