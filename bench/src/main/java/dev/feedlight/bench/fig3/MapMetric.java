package dev.feedlight.bench.fig3;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.data.climate.ClimateMetrics;

/** The four metrics of ClimateBench, as runs and baselines have them. */
enum MapMetric {
  /** Root of the mean square over years and area. */
  RMSE(Metric.RMSE_K, "RMSE (K)"),
  /** Of the mean over the years. */
  SPATIAL(Metric.NRMSE_S, "NRMSE_s"),
  /** Of the global mean. */
  GLOBAL(Metric.NRMSE_G, "NRMSE_g"),
  /** Both. */
  TOTAL(Metric.NRMSE_TOTAL, "Total");

  private final Metric metric;
  private final String label;

  MapMetric(Metric metric, String label) {
    this.metric = metric;
    this.label = label;
  }

  /** In result files. */
  Metric metric() {
    return metric;
  }

  /** For people. */
  String label() {
    return label;
  }

  /** Of a run. */
  double of(MapNote.End end) {
    return switch (this) {
      case RMSE -> end.rmse();
      case SPATIAL -> end.spatial();
      case GLOBAL -> end.global();
      case TOTAL -> end.total();
    };
  }

  /** Of a baseline. */
  double of(ClimateMetrics metrics) {
    return switch (this) {
      case RMSE -> metrics.rmse();
      case SPATIAL -> metrics.spatial();
      case GLOBAL -> metrics.global();
      case TOTAL -> metrics.total();
    };
  }
}
