package dev.feedlight.bench.plot;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/** Shape of a data point's marker. */
public enum Glyph {
  NONE,
  CROSS,
  CIRCLE,
  SQUARE,
  DIAMOND,
  TRIANGLE_UP,
  TRIANGLE_DOWN,
  STAR;

  /** Ratio of a five-pointed star's inner radius to its outer one. */
  private static final double STAR_WAIST = 0.45;

  /** Half diagonals that make the glyphs look equally large beside a circle of radius 1. */
  private static final double POINTED = 1.3;

  private static final double SQUARE_DIAGONAL = 1.25;
  private static final double STAR_RADIUS = 1.5;

  /** The outline around (x, y), as large as a circle of diameter {@code size}. */
  Shape at(double x, double y, double size) {
    Shape unit =
        switch (this) {
          case NONE -> new Path2D.Double();
          case CROSS -> cross();
          case CIRCLE -> new Ellipse2D.Double(-1, -1, 2, 2);
          case SQUARE -> polygon(4, 45, SQUARE_DIAGONAL, 1);
          case DIAMOND -> polygon(4, 0, POINTED, 1);
          case TRIANGLE_UP -> polygon(3, -90, POINTED, 1);
          case TRIANGLE_DOWN -> polygon(3, 90, POINTED, 1);
          case STAR -> polygon(10, -90, STAR_RADIUS, STAR_WAIST);
        };
    AffineTransform place = AffineTransform.getTranslateInstance(x, y);
    place.scale(size / 2, size / 2);
    return place.createTransformedShape(unit);
  }

  /** Whether there is an inside to fill. */
  boolean hasInside() {
    return this != NONE && this != CROSS;
  }

  private static Shape cross() {
    Path2D path = new Path2D.Double();
    path.moveTo(-1, -1);
    path.lineTo(1, 1);
    path.moveTo(-1, 1);
    path.lineTo(1, -1);
    return path;
  }

  private static Shape polygon(int corners, double startDegrees, double radius, double waist) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < corners; i++) {
      double angle = Math.toRadians(startDegrees + 360.0 * i / corners);
      double r = i % 2 == 0 ? radius : radius * waist;
      if (i == 0) {
        path.moveTo(r * Math.cos(angle), r * Math.sin(angle));
      } else {
        path.lineTo(r * Math.cos(angle), r * Math.sin(angle));
      }
    }
    path.closePath();
    return path;
  }
}
