package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What forcings are shifted and divided by before a network sees them: CO2 by 9500 GtCO2 and CH4 by
 * 0.8 GtCH4, the largest values of ClimateBench's scenarios, as its own networks do; SO2 and BC to
 * mean 0 and variance 1 over all cells and years of the training scenarios.
 *
 * @param means what is subtracted, by forcing
 * @param scales what is divided by then
 */
public record ForcingScale(Map<Forcing, Double> means, Map<Forcing, Double> scales) {
  /** GtCO2 (ClimateBench). */
  static final double LARGEST_CO2 = 9500;

  /** GtCH4/yr (ClimateBench). */
  static final double LARGEST_CH4 = 0.8;

  /** Copies the maps. */
  public ForcingScale {
    means = Map.copyOf(means);
    scales = Map.copyOf(scales);
  }

  /**
   * Measures SO2 and BC.
   *
   * @param training scenarios
   * @return the scale; a forcing that never changes gets 1
   */
  public static ForcingScale of(List<Scenario> training) {
    Map<Forcing, Double> means = new EnumMap<>(Forcing.class);
    Map<Forcing, Double> scales = new EnumMap<>(Forcing.class);
    for (Forcing forcing : Forcing.values()) {
      switch (forcing) {
        case CO2 -> put(means, scales, forcing, 0, LARGEST_CO2);
        case CH4 -> put(means, scales, forcing, 0, LARGEST_CH4);
        case SO2, BC -> {
          List<double[]> all = training.stream().map(s -> s.forcings().get(forcing)).toList();
          double mean = mean(all);
          double deviation =
              Math.sqrt(
                  mean(
                      all.stream()
                          .map(v -> Arrays.stream(v).map(x -> (x - mean) * (x - mean)).toArray())
                          .toList()));
          put(means, scales, forcing, mean, deviation > 0 ? deviation : 1);
        }
      }
    }
    return new ForcingScale(means, scales);
  }

  private static void put(
      Map<Forcing, Double> means,
      Map<Forcing, Double> scales,
      Forcing forcing,
      double mean,
      double scale) {
    means.put(forcing, mean);
    scales.put(forcing, scale);
  }

  private static double mean(List<double[]> parts) {
    double sum = 0;
    long count = 0;
    for (double[] part : parts) {
      sum += Arrays.stream(part).sum();
      count += part.length;
    }
    return sum / count;
  }

  /** Maps of a scenario: years x forcings x cells, numbers spread over the map. */
  float[] maps(Scenario scenario) {
    int cells = scenario.grid().cells();
    List<Forcing> order = List.of(Forcing.values());
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
