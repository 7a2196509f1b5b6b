package dev.feedlight.bench.plot;

import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Finds room for texts inside a panel: near their point, off the curves, off each other. */
final class LabelPlacer {
  private static final double[] DISTANCES = {4, 14, 28, 46, 70, 100, 135};
  private static final int DIRECTIONS = 24;
  private static final double SAMPLE_SPACING = 4;

  // Costs in units of distance: one curve crossed outweighs the longest way round it.
  private static final double COST_PER_SAMPLE = 12;
  private static final double COST_PER_LABEL = 5000;
  private static final double COST_PER_POINT = 60;

  /** Between a text and the frame. */
  private static final double MARGIN = 7;

  private final Rectangle2D room;
  private final List<Point2D> samples = new ArrayList<>();
  private final List<Point2D> points = new ArrayList<>();
  private final List<Rectangle2D> labels = new ArrayList<>();

  LabelPlacer(Rectangle2D frame) {
    this.room = grown(frame, -MARGIN);
  }

  /** Marks a line as better left free. */
  void avoid(Line2D line) {
    double length = line.getP1().distance(line.getP2());
    int steps = Math.max(1, (int) Math.ceil(length / SAMPLE_SPACING));
    for (int i = 0; i <= steps; i++) {
      double share = (double) i / steps;
      samples.add(
          new Point2D.Double(
              line.getX1() + share * (line.getX2() - line.getX1()),
              line.getY1() + share * (line.getY2() - line.getY1())));
    }
  }

  /** Marks a labelled point as better left free. */
  void avoid(Point2D point) {
    points.add(point);
  }

  /**
   * The place for a text of this size beside a marker; remembered as taken.
   *
   * @param clearance radius around {@code point} that the marker needs
   */
  Rectangle2D place(Point2D point, double clearance, double width, double height) {
    Rectangle2D best = null;
    double bestCost = Double.POSITIVE_INFINITY;
    for (double distance : DISTANCES) {
      for (int i = 0; i < DIRECTIONS; i++) {
        double angle = 2 * Math.PI * i / DIRECTIONS;
        Rectangle2D candidate = beside(point, clearance + distance, angle, width, height);
        double cost = distance + cost(candidate);
        if (cost < bestCost) {
          best = candidate;
          bestCost = cost;
        }
      }
    }
    labels.add(best);
    return best;
  }

  /** The rectangle whose edge, not centre, is {@code distance} from the point. */
  private static Rectangle2D beside(
      Point2D point, double distance, double angle, double width, double height) {
    double centerX = point.getX() + Math.cos(angle) * (distance + width / 2);
    double centerY = point.getY() + Math.sin(angle) * (distance + height / 2);
    return new Rectangle2D.Double(centerX - width / 2, centerY - height / 2, width, height);
  }

  private double cost(Rectangle2D candidate) {
    double cost = room.contains(candidate) ? 0 : 2 * COST_PER_LABEL;
    Rectangle2D padded = grown(candidate, 3);
    cost += COST_PER_SAMPLE * samples.stream().filter(padded::contains).count();
    cost += COST_PER_LABEL * labels.stream().filter(padded::intersects).count();
    Rectangle2D wide = grown(candidate, 8);
    cost += COST_PER_POINT * points.stream().filter(wide::contains).count();
    return cost;
  }

  private static Rectangle2D grown(Rectangle2D box, double by) {
    return new Rectangle2D.Double(
        box.getX() - by, box.getY() - by, box.getWidth() + 2 * by, box.getHeight() + 2 * by);
  }
}
