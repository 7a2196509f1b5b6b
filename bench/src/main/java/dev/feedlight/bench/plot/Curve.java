package dev.feedlight.bench.plot;

import java.util.Comparator;
import java.util.List;

/**
 * Points joined by a line, ordered by x.
 *
 * @param label text in the legend
 * @param style line and marker
 * @param points in ascending order of x; sorted here
 */
public record Curve(String label, MarkStyle style, List<Point> points) {

  /**
   * One measured point.
   *
   * @param x above 0
   * @param y above 0
   * @param low lower end of the spread, at most y; may be 0 or less, then drawn to the frame
   * @param high upper end of the spread, at least y
   */
  public record Point(double x, double y, double low, double high) {
    /**
     * Checks the point.
     *
     * @throws FigureDataException if it has no place on logarithmic axes
     */
    public Point {
      if (!(x > 0 && y > 0 && low <= y && y <= high && Double.isFinite(x * high))) {
        throw new FigureDataException(
            String.format(
                "point x %s, y %s (%s to %s) has no place on logarithmic axes: needs 0 < x,"
                    + " 0 < y, low <= y <= high",
                x, y, low, high));
      }
    }

    /** A point without spread. */
    public Point(double x, double y) {
      this(x, y, y, y);
    }
  }

  public Curve {
    points = points.stream().sorted(Comparator.comparingDouble(Point::x)).toList();
  }
}
