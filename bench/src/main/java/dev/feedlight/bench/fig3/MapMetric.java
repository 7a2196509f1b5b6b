package dev.feedlight.bench.fig3;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.data.climate.ClimateMetrics;
import java.util.function.ToDoubleFunction;

/** The four metrics of ClimateBench, as runs and baselines have them. */
enum MapMetric {
  /** Root of the mean square over years and area. */
  RMSE(Metric.RMSE_K, "RMSE (K)", MapNote.End::rmse, ClimateMetrics::rmse),
  /** Of the mean over the years. */
  SPATIAL(Metric.NRMSE_S, "NRMSE_s", MapNote.End::spatial, ClimateMetrics::spatial),
  /** Of the global mean. */
  GLOBAL(Metric.NRMSE_G, "NRMSE_g", MapNote.End::global, ClimateMetrics::global),
  /** Both. */
  TOTAL(Metric.NRMSE_TOTAL, "Total", MapNote.End::total, ClimateMetrics::total);

  private final Metric metric;
  private final String label;
  private final ToDoubleFunction<MapNote.End> ofRun;
  private final ToDoubleFunction<ClimateMetrics> ofMetrics;

  MapMetric(
      Metric metric,
      String label,
      ToDoubleFunction<MapNote.End> ofRun,
      ToDoubleFunction<ClimateMetrics> ofMetrics) {
    this.metric = metric;
    this.label = label;
    this.ofRun = ofRun;
    this.ofMetrics = ofMetrics;
  }

  /** In result files. */
  Metric metric() {
    return metric;
  }

  /** For people. */
  String label() {
    return label;
  }

  ToDoubleFunction<MapNote.End> ofRun() {
    return ofRun;
  }

  double of(ClimateMetrics metrics) {
    return ofMetrics.applyAsDouble(metrics);
  }
}
