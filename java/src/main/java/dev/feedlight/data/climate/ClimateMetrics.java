package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import java.util.Locale;

/**
 * How far predicted maps are from the truth, weighted by the cosine of the latitude (D.
 * Watson-Parris et al. 2022, section 3.3).
 *
 * @param rmse root of the mean square over years and cells, in the unit of the target
 * @param spatial NRMSE_s: the same of the mean over the years, divided by the global mean of the
 *     truth
 * @param global NRMSE_g: root of the mean square over the years of the error of the global mean,
 *     divided by the same
 */
public record ClimateMetrics(double rmse, double spatial, double global) {
  /** Weight of NRMSE_g in the total (ClimateBench). */
  private static final double GLOBAL_WEIGHT = 5;

  /**
   * NRMSE_s + 5 NRMSE_g.
   *
   * @return ClimateBench's total
   */
  public double total() {
    return spatial + GLOBAL_WEIGHT * global;
  }

  /**
   * Compares maps.
   *
   * @param truth years x cells
   * @param prediction the same
   * @param grid of the maps
   * @return the metrics
   * @throws DataException if the sizes differ, or the truth has the global mean 0
   */
  public static ClimateMetrics of(double[] truth, double[] prediction, Grid grid) {
    int cells = grid.cells();
    if (truth.length != prediction.length || truth.length == 0 || truth.length % cells != 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%d predicted and %d true values are no years of %s",
              prediction.length,
              truth.length,
              grid));
    }
    int years = truth.length / cells;
    double[] squares = new double[truth.length];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = square(prediction[i] - truth[i]);
    }
    double rmse = Math.sqrt(mean(Maps.globalMeans(squares, grid)));
    double[] trueMap = Maps.timeMean(truth, cells, 0, years);
    double[] map = Maps.timeMean(prediction, cells, 0, years);
    for (int cell = 0; cell < cells; cell++) {
      map[cell] = square(map[cell] - trueMap[cell]);
    }
    double[] trueGlobal = Maps.globalMeans(truth, grid);
    double[] global = Maps.globalMeans(prediction, grid);
    double scale = Math.abs(mean(trueGlobal));
    if (!(scale > 0)) {
      throw new DataException("the truth has the global mean " + scale + ", nothing to divide by");
    }
    for (int year = 0; year < years; year++) {
      global[year] = square(global[year] - trueGlobal[year]);
    }
    return new ClimateMetrics(
        rmse,
        Math.sqrt(mean(Maps.globalMeans(map, grid))) / scale,
        Math.sqrt(mean(global)) / scale);
  }

  private static double square(double x) {
    return x * x;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
