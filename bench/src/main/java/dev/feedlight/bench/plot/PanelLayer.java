package dev.feedlight.bench.plot;

import java.awt.Graphics2D;
import java.awt.Rectangle;

/** Data of a {@link LinearPanel}: areas of all layers lie below lines, lines below markers. */
public sealed interface PanelLayer permits Series, Bars {
  /**
   * Where values lie on paper.
   *
   * @param area the frame
   * @param x horizontal axis
   * @param y vertical axis
   */
  record Place(Rectangle area, Axis x, Axis y) {
    double x(double value) {
      return area.x + area.width * x.fraction(value);
    }

    double y(double value) {
      return area.y + area.height * (1 - y.fraction(value));
    }

    /** Whether a point lies within the frame or on it. */
    boolean holds(double atX, double atY) {
      return x.min() <= atX && atX <= x.max() && y.min() <= atY && atY <= y.max();
    }
  }

  /** Draws what is filled; cut off at the frame. */
  void paintAreas(Graphics2D g, Place place);

  /** Draws lines; cut off at the frame. */
  void paintLines(Graphics2D g, Place place);

  /** Draws markers, which may reach over the frame. */
  void paintMarkers(Graphics2D g, Place place);
}
