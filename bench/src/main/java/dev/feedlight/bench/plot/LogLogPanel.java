package dev.feedlight.bench.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Curves over two logarithmic axes.
 *
 * @param title pieces written one after another above the frame, each in its colour; broken into
 *     lines between pieces
 * @param x horizontal axis
 * @param y vertical axis
 * @param curves in drawing order
 * @param callouts labelled markers, drawn above the curves
 * @param references values of y marked by a thin line across
 */
public record LogLogPanel(
    List<Text> title,
    LogAxis x,
    LogAxis y,
    List<Curve> curves,
    List<Callout> callouts,
    List<Double> references)
    implements Panel {
  /** From this distance on, a line leads from a marker to its text. */
  private static final double LEADER_FROM = 26;

  public LogLogPanel {
    title = List.copyOf(title);
    curves = List.copyOf(curves);
    callouts = List.copyOf(callouts);
    references = List.copyOf(references);
  }

  private PanelFrame frame() {
    return new PanelFrame(title, x, y);
  }

  @Override
  public int leftWidth() {
    return frame().leftWidth();
  }

  @Override
  public int titleHeight(int width) {
    return frame().titleHeight(width);
  }

  @Override
  public void paint(Graphics2D g, Rectangle area, Surroundings surroundings) {
    PanelFrame frame = frame();
    frame.paintGrid(g, area, references);
    CurveLayer.paint(g, area, x, y, curves);
    frame.paint(g, area, surroundings);
    paintCallouts(g, area);
  }

  private void paintCallouts(Graphics2D g, Rectangle area) {
    LabelPlacer placer = placer(area);
    // The larger marker below, so that of two in one place both are seen.
    List<Callout> ordered =
        callouts.stream()
            .sorted(Comparator.comparingDouble((Callout c) -> c.style().size()).reversed())
            .toList();
    ordered.forEach(c -> placer.avoid(new Point2D.Double(toX(area, c.x()), toY(area, c.y()))));
    g.setFont(Look.TEXT);
    // The largest marker's, because a smaller one may lie inside it.
    double clearance = ordered.stream().mapToDouble(c -> c.style().size()).max().orElse(0);
    List<Rectangle2D> boxes = new ArrayList<>();
    for (Callout callout : ordered) {
      Point2D point = new Point2D.Double(toX(area, callout.x()), toY(area, callout.y()));
      boxes.add(
          placer.place(
              point,
              clearance,
              TextSize.width(Look.TEXT, callout.text()),
              TextSize.height(Look.TEXT)));
      paintLeader(g, point, boxes.getLast(), callout.style().color());
    }
    for (int i = 0; i < ordered.size(); i++) {
      Callout callout = ordered.get(i);
      callout.style().paintGlyph(g, toX(area, callout.x()), toY(area, callout.y()));
      Rectangle2D box = boxes.get(i);
      g.setColor(new Color(255, 255, 255, 200));
      g.fill(box);
      g.setColor(callout.style().color());
      g.drawString(
          callout.text(), (float) box.getX(), (float) (box.getY() + TextSize.ascent(Look.TEXT)));
    }
  }

  private static void paintLeader(Graphics2D g, Point2D point, Rectangle2D box, Color color) {
    double nearX = Math.clamp(point.getX(), box.getMinX(), box.getMaxX());
    double nearY = Math.clamp(point.getY(), box.getMinY(), box.getMaxY());
    if (point.distance(nearX, nearY) > LEADER_FROM) {
      g.setColor(color);
      g.setStroke(Look.HAIRLINE);
      g.draw(new Line2D.Double(point.getX(), point.getY(), nearX, nearY));
    }
  }

  private LabelPlacer placer(Rectangle area) {
    LabelPlacer placer = new LabelPlacer(area);
    for (Curve curve : curves) {
      Point2D before = null;
      for (Curve.Point point : curve.points()) {
        Point2D here = new Point2D.Double(toX(area, point.x()), toY(area, point.y()));
        placer.avoid(new Line2D.Double(before == null ? here : before, here));
        before = here;
      }
    }
    for (double reference : references) {
      double at = toY(area, reference);
      placer.avoid(new Line2D.Double(area.x, at, area.getMaxX(), at));
    }
    return placer;
  }

  private double toX(Rectangle area, double value) {
    return frame().toX(area, value);
  }

  private double toY(Rectangle area, double value) {
    return frame().toY(area, value);
  }
}
