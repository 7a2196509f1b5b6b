package dev.feedlight.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;

/**
 * How a curve and its points are drawn.
 *
 * @param color colour of line and marker
 * @param dash pattern of the line
 * @param glyph shape of the marker
 * @param filled whether the marker is filled, or white inside
 * @param size diameter of the marker
 */
public record MarkStyle(Color color, Dash dash, Glyph glyph, boolean filled, float size) {

  /** Pattern of a line. */
  public enum Dash {
    NO_LINE,
    SOLID,
    DASHED,
    DOTTED,
    DASH_DOT;

    BasicStroke stroke() {
      return new BasicStroke(
          Look.CURVE_WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, pattern(), 0);
    }

    private float[] pattern() {
      return switch (this) {
        case NO_LINE, SOLID -> null;
        case DASHED -> new float[] {9, 5};
        case DOTTED -> new float[] {2, 4};
        case DASH_DOT -> new float[] {10, 4, 2, 4};
      };
    }
  }

  /** A line with markers of the usual size. */
  public static MarkStyle line(Color color, Dash dash, Glyph glyph, boolean filled) {
    return new MarkStyle(color, dash, glyph, filled, Look.MARKER_SIZE);
  }

  /** A marker alone, larger than those on curves. */
  public static MarkStyle point(Color color, Glyph glyph, boolean filled, float size) {
    return new MarkStyle(color, Dash.NO_LINE, glyph, filled, size);
  }

  MarkStyle withColor(Color other) {
    return new MarkStyle(other, dash, glyph, filled, size);
  }

  void paintGlyph(Graphics2D g, double x, double y) {
    Shape shape = glyph.at(x, y, size);
    g.setStroke(new BasicStroke(2f));
    if (glyph.hasInside()) {
      g.setColor(filled ? color : Color.WHITE);
      g.fill(shape);
    }
    g.setColor(color);
    g.draw(shape);
  }
}
