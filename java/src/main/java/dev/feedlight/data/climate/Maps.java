package dev.feedlight.data.climate;

/** Means over maps that lie one after the other. */
final class Maps {
  private Maps() {}

  /** The mean over area of every map. */
  static double[] globalMeans(double[] maps, Grid grid) {
    double[] weights = grid.weights();
    double[] means = new double[maps.length / weights.length];
    for (int map = 0; map < means.length; map++) {
      double sum = 0;
      for (int cell = 0; cell < weights.length; cell++) {
        sum += weights[cell] * maps[map * weights.length + cell];
      }
      means[map] = sum / weights.length;
    }
    return means;
  }

  /** The mean of maps {@code first} to {@code first + count - 1}, cell by cell. */
  static double[] timeMean(double[] maps, int cells, int first, int count) {
    double[] mean = new double[cells];
    for (int map = first; map < first + count; map++) {
      for (int cell = 0; cell < cells; cell++) {
        mean[cell] += maps[map * cells + cell] / count;
      }
    }
    return mean;
  }
}
