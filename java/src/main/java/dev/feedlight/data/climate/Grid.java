package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;

/**
 * Cells of a map, row by row.
 *
 * @param latitudes of the rows, degrees north, in the order of the files
 * @param longitudes of the columns, degrees east
 */
@SuppressWarnings("ArrayRecordComponent") // copied, and compared by value
public record Grid(double[] latitudes, double[] longitudes) {
  /**
   * How far the centres of two cells may be apart that count as the same one, in cells: regridded
   * inputs and outputs often differ by where their borders were put (ours).
   */
  private static final double TOLERANCE = 0.25;

  /**
   * Copies and checks the coordinates.
   *
   * @throws DataException if there are none, or a latitude lies beyond a pole
   */
  public Grid {
    latitudes = latitudes.clone();
    longitudes = longitudes.clone();
    boolean sound =
        latitudes.length > 0
            && longitudes.length > 0
            && (long) latitudes.length * longitudes.length <= Integer.MAX_VALUE
            && Arrays.stream(latitudes).allMatch(lat -> -90 <= lat && lat <= 90)
            && Arrays.stream(longitudes).allMatch(Double::isFinite);
    if (!sound) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "a grid needs latitudes from -90 to 90 and finite longitudes, not %s and %s",
              range(latitudes),
              range(longitudes)));
    }
  }

  private static String range(double[] degrees) {
    DoubleSummaryStatistics all = Arrays.stream(degrees).summaryStatistics();
    return degrees.length == 0
        ? "none"
        : String.format(
            Locale.ROOT, "%d from %s to %s", degrees.length, all.getMin(), all.getMax());
  }

  /**
   * Copies the latitudes.
   *
   * @return degrees north
   */
  @Override
  public double[] latitudes() {
    return latitudes.clone();
  }

  /**
   * Copies the longitudes.
   *
   * @return degrees east
   */
  @Override
  public double[] longitudes() {
    return longitudes.clone();
  }

  /**
   * Rows of a map.
   *
   * @return the number of latitudes
   */
  public int rows() {
    return latitudes.length;
  }

  /**
   * Columns of a map.
   *
   * @return the number of longitudes
   */
  public int columns() {
    return longitudes.length;
  }

  /**
   * Cells of a map.
   *
   * @return rows x columns
   */
  public int cells() {
    return rows() * columns();
  }

  /**
   * Weight of every cell: the cosine of its latitude, as ClimateBench weighs, divided by their
   * mean.
   *
   * @return one for every cell, of mean 1
   */
  public double[] weights() {
    double[] weights = new double[cells()];
    double sum = 0;
    for (int cell = 0; cell < weights.length; cell++) {
      weights[cell] = Math.cos(Math.toRadians(latitudes[cell / columns()]));
      sum += weights[cell];
    }
    double mean = sum / weights.length;
    Arrays.setAll(weights, cell -> weights[cell] / mean);
    return weights;
  }

  /**
   * The same weights for a loss.
   *
   * @return one for every cell, of mean 1
   */
  public float[] outputWeights() {
    double[] weights = weights();
    float[] rounded = new float[weights.length];
    for (int cell = 0; cell < rounded.length; cell++) {
      rounded[cell] = (float) weights[cell];
    }
    return rounded;
  }

  /** Refuses a grid that has other cells: another number, or centres more than a quarter apart. */
  void requireSame(Grid other, String here, String there) {
    if (!close(latitudes, other.latitudes) || !close(longitudes, other.longitudes)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "the grids differ: %s has %s, %s has %s; bring both to one grid first",
              here,
              this,
              there,
              other));
    }
  }

  private static boolean close(double[] a, double[] b) {
    boolean close = a.length == b.length;
    // With one row or column there is nothing to be mistaken for.
    double step = a.length < 2 ? 360 : Math.abs(a[a.length - 1] - a[0]) / (a.length - 1);
    for (int i = 0; close && i < a.length; i++) {
      close = Math.abs(a[i] - b[i]) <= TOLERANCE * step;
    }
    return close;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d x %d cells (%.2f to %.2f degrees north, %.2f to %.2f east)",
        rows(),
        columns(),
        latitudes[0],
        latitudes[rows() - 1],
        longitudes[0],
        longitudes[columns() - 1]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Grid grid
        && Arrays.equals(latitudes, grid.latitudes)
        && Arrays.equals(longitudes, grid.longitudes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(latitudes) + Arrays.hashCode(longitudes);
  }
}
