package dev.feedlight.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.Comparator;
import java.util.List;

/**
 * Points joined by a line, ordered by x, with their spread.
 *
 * @param label text in the legend
 * @param style line and marker
 * @param spread how low and high are drawn
 * @param points in ascending order of x; sorted here
 */
public record Series(String label, MarkStyle style, Spread spread, List<Point> points)
    implements PanelLayer {
  private static final BasicStroke BAR_STROKE = new BasicStroke(1.3f);

  /** Half the width of the caps of an error bar. */
  private static final double CAP = 4;

  /** Of more points than these only some carry their marker, as long as a line joins them. */
  private static final int MOST_MARKERS = 16;

  /** So faint that lines and overlapping bands stay readable. */
  private static final int BAND_ALPHA = 36;

  /** How the spread of points is drawn. */
  public enum Spread {
    /** A bar with caps at every point. */
    BARS,
    /** One faint area from the lower ends to the upper ones. */
    BAND
  }

  /**
   * One point.
   *
   * @param x finite
   * @param y finite
   * @param low lower end of the spread, at most y
   * @param high upper end of the spread, at least y
   */
  public record Point(double x, double y, double low, double high) {
    /**
     * Checks the point.
     *
     * @throws FigureDataException if it has no place on an axis
     */
    public Point {
      if (!(Double.isFinite(x) && low <= y && y <= high && Double.isFinite(high - low))) {
        throw new FigureDataException(
            String.format(
                "point x %s, y %s (%s to %s) has no place on axes: needs finite values,"
                    + " low <= y <= high",
                x, y, low, high));
      }
    }

    /** A point without spread. */
    public Point(double x, double y) {
      this(x, y, y, y);
    }
  }

  /** Sorts the points. */
  public Series {
    points = points.stream().sorted(Comparator.comparingDouble(Point::x)).toList();
  }

  @Override
  public void paintAreas(Graphics2D g, Place place) {
    if (spread != Spread.BAND || points.stream().allMatch(p -> p.low() == p.high())) {
      return;
    }
    Path2D band = new Path2D.Double();
    band.moveTo(place.x(points.getFirst().x()), place.y(points.getFirst().low()));
    points.forEach(p -> band.lineTo(place.x(p.x()), place.y(p.high())));
    points.reversed().forEach(p -> band.lineTo(place.x(p.x()), place.y(p.low())));
    band.closePath();
    Color color = style.color();
    g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_ALPHA));
    g.fill(band);
  }

  @Override
  public void paintLines(Graphics2D g, Place place) {
    g.setColor(style.color());
    if (spread == Spread.BARS) {
      g.setStroke(BAR_STROKE);
      points.stream().filter(p -> p.low() < p.high()).forEach(p -> paintBar(g, place, p));
    }
    if (style.dash() == MarkStyle.Dash.NO_LINE || points.size() < 2) {
      return;
    }
    Path2D line = new Path2D.Double();
    line.moveTo(place.x(points.getFirst().x()), place.y(points.getFirst().y()));
    points.stream().skip(1).forEach(p -> line.lineTo(place.x(p.x()), place.y(p.y())));
    g.setStroke(style.dash().stroke());
    g.draw(line);
  }

  private static void paintBar(Graphics2D g, Place place, Point point) {
    double x = place.x(point.x());
    double low = place.y(point.low());
    double high = place.y(point.high());
    g.draw(new Line2D.Double(x, low, x, high));
    g.draw(new Line2D.Double(x - CAP, low, x + CAP, low));
    g.draw(new Line2D.Double(x - CAP, high, x + CAP, high));
  }

  @Override
  public void paintMarkers(Graphics2D g, Place place) {
    boolean thinned = style.dash() != MarkStyle.Dash.NO_LINE;
    int every = thinned ? Math.max(1, Math.ceilDiv(points.size(), MOST_MARKERS)) : 1;
    for (int i = 0; i < points.size(); i += every) {
      Point point = points.get(i);
      if (place.holds(point.x(), point.y())) {
        style.paintGlyph(g, place.x(point.x()), place.y(point.y()));
      }
    }
  }
}
