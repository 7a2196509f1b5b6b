package dev.feedlight.bench.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Bars that stand on 0, as of a histogram.
 *
 * @param label text in the legend
 * @param color filled faintly, so that two histograms can be seen in one panel
 * @param bars in drawing order
 */
public record Bars(String label, Color color, List<Bar> bars) implements PanelLayer {
  private static final int FILL_ALPHA = 110;

  /**
   * One bar.
   *
   * @param left in data units
   * @param right in data units, above {@code left}
   * @param height in data units, finite
   */
  public record Bar(double left, double right, double height) {
    /**
     * Checks the bar.
     *
     * @throws FigureDataException if it has no width or no height
     */
    public Bar {
      if (!(left < right && Double.isFinite(right - left) && Double.isFinite(height))) {
        throw new FigureDataException(
            "a bar needs left < right and a finite height, not "
                + left
                + " to "
                + right
                + ", height "
                + height);
      }
    }
  }

  /** Keeps a copy. */
  public Bars {
    bars = List.copyOf(bars);
  }

  /**
   * Bars of a histogram.
   *
   * @param label text in the legend
   * @param color of the bars
   * @param edges ascending, one more than there are heights
   * @param heights counts or densities
   * @return the bars
   * @throws FigureDataException if numbers do not fit or edges do not ascend
   */
  public static Bars histogram(String label, Color color, double[] edges, double[] heights) {
    if (edges.length != heights.length + 1) {
      throw new FigureDataException(
          heights.length + " bars have " + (heights.length + 1) + " edges, not " + edges.length);
    }
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < heights.length; i++) {
      bars.add(new Bar(edges[i], edges[i + 1], heights[i]));
    }
    return new Bars(label, color, bars);
  }

  /** For the legend: a square of the colour. */
  public MarkStyle style() {
    return MarkStyle.point(color, Glyph.SQUARE, true, Look.MARKER_SIZE);
  }

  @Override
  public void paintAreas(Graphics2D g, Place place) {
    g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), FILL_ALPHA));
    bars.forEach(bar -> g.fill(rectangle(bar, place)));
  }

  @Override
  public void paintLines(Graphics2D g, Place place) {
    g.setColor(color);
    g.setStroke(Look.HAIRLINE);
    bars.forEach(bar -> g.draw(rectangle(bar, place)));
  }

  @Override
  public void paintMarkers(Graphics2D g, Place place) {}

  private static Rectangle2D rectangle(Bar bar, Place place) {
    double left = place.x(bar.left());
    double top = place.y(Math.max(0, bar.height()));
    double bottom = place.y(Math.min(0, bar.height()));
    return new Rectangle2D.Double(left, top, place.x(bar.right()) - left, bottom - top);
  }
}
