package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * What forcings are shifted and divided by before a network sees them, as their {@link
 * Forcing.Scaling} says. Emissions of SO2 and BC are divided by the largest of the training
 * scenarios, like CO2 and CH4: nearly all cells are then near 0 and a few hot spots near 1. With
 * variance 1 over the cells, as in ClimateBench's networks, emissions at hot spots are 40 times as
 * large as CO2, and a network tells the year by them; see docs/climate.md.
 *
 * @param means what is subtracted, by forcing
 * @param scales what is divided by then
 */
public record ForcingScale(Map<Forcing, Double> means, Map<Forcing, Double> scales) {
  /** Copies the maps. */
  public ForcingScale {
    means = Map.copyOf(means);
    scales = Map.copyOf(scales);
  }

  /**
   * Measures the forcings of scenarios.
   *
   * @param training scenarios
   * @return the scale; a forcing that never changes gets 1
   */
  public static ForcingScale of(List<Scenario> training) {
    Map<Forcing, Double> means = new HashMap<>();
    Map<Forcing, Double> scales = new HashMap<>();
    for (Forcing forcing : training.getFirst().order()) {
      List<double[]> all = training.stream().map(s -> s.forcings().get(forcing)).toList();
      double mean = 0;
      double scale;
      switch (forcing.scaling()) {
        case Forcing.Scaling.By(double divisor) -> scale = divisor;
        case Forcing.Scaling.ByLargest _ ->
            scale = all.stream().mapToDouble(ForcingScale::largest).max().orElse(0);
        case Forcing.Scaling.Standard _ -> {
          mean = mean(all, x -> x);
          double center = mean;
          scale = Math.sqrt(mean(all, x -> (x - center) * (x - center)));
        }
      }
      means.put(forcing, mean);
      scales.put(forcing, scale > 0 ? scale : 1);
    }
    return new ForcingScale(means, scales);
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double mean(List<double[]> parts, DoubleUnaryOperator what) {
    double sum = 0;
    long count = 0;
    for (double[] part : parts) {
      sum += Arrays.stream(part).map(what).sum();
      count += part.length;
    }
    return sum / count;
  }

  /** Maps of a scenario: years x forcings x cells, numbers spread over the map. */
  float[] maps(Scenario scenario) {
    int cells = scenario.grid().cells();
    List<Forcing> order = scenario.order();
    int forcings = order.size();
    long floats = (long) scenario.years() * forcings * cells;
    if (floats > Integer.MAX_VALUE - 8) {
      throw new DataException(
          scenario.name() + " has " + floats + " scaled forcings, too many for an array");
    }
    float[] maps = new float[(int) floats];
    for (int channel = 0; channel < forcings; channel++) {
      Forcing forcing = order.get(channel);
      double[] values = scenario.forcings().get(forcing);
      double mean = means.get(forcing);
      double scale = scales.get(forcing);
      for (int year = 0; year < scenario.years(); year++) {
        int to = (year * forcings + channel) * cells;
        if (!forcing.isMap()) {
          Arrays.fill(maps, to, to + cells, (float) ((values[year] - mean) / scale));
          continue;
        }
        for (int cell = 0; cell < cells; cell++) {
          maps[to + cell] = (float) ((values[year * cells + cell] - mean) / scale);
        }
      }
    }
    return maps;
  }
}
