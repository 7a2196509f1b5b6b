package dev.feedlight.bench.fig3;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.data.climate.ClimateMetrics;
import dev.feedlight.data.climate.Target;

/** The four metrics of ClimateBench, as runs and baselines have them. */
enum MapMetric {
  /** Root of the mean square over years and area. */
  RMSE("RMSE"),
  /** Of the mean over the years. */
  SPATIAL("NRMSE_s"),
  /** Of the global mean. */
  GLOBAL("NRMSE_g"),
  /** Both. */
  TOTAL("Total");

  private final String label;

  MapMetric(String label) {
    this.label = label;
  }

  /** In result files. */
  Metric metric(Target target) {
    return switch (this) {
      case RMSE ->
          switch (target.quantity()) {
            case TEMPERATURE -> Metric.RMSE_K;
            case PRECIPITATION -> Metric.RMSE_MM_PER_DAY;
          };
      case SPATIAL -> Metric.NRMSE_S;
      case GLOBAL -> Metric.NRMSE_G;
      case TOTAL -> Metric.NRMSE_TOTAL;
    };
  }

  /** For people. */
  String label(Target target) {
    return this == RMSE ? label + " (" + target.unit() + ")" : label;
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
