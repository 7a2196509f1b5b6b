package dev.feedlight.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
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
  private static final BasicStroke REFERENCE =
      new BasicStroke(
          1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0);
  private static final int TICK_LENGTH = 6;
  private static final int LABEL_GAP = 8;
  private static final int PIECE_GAP = 9;
  private static final int TITLE_GAP = 9;
  private static final int TITLE_LINE = 22;

  /** From this distance on, a line leads from a marker to its text. */
  private static final double LEADER_FROM = 26;

  /**
   * A piece of text.
   *
   * @param text what is written
   * @param color in which colour
   */
  public record Text(String text, Color color) {}

  public LogLogPanel {
    title = List.copyOf(title);
    curves = List.copyOf(curves);
    callouts = List.copyOf(callouts);
    references = List.copyOf(references);
  }

  @Override
  public int leftWidth() {
    double widest =
        y.ticks().stream()
            .mapToDouble(tick -> TextSize.width(Look.TEXT, tick.label()))
            .max()
            .orElse(0);
    double title = TextSize.height(Look.TEXT);
    return (int) Math.ceil(widest + TICK_LENGTH + LABEL_GAP + title + LABEL_GAP);
  }

  @Override
  public int titleHeight(int width) {
    return TITLE_GAP + TITLE_LINE * titleLines(width).size();
  }

  @Override
  public void paint(Graphics2D g, Rectangle area, Surroundings surroundings) {
    g.setColor(Color.WHITE);
    g.fill(area);
    paintGrid(g, area);
    CurveLayer.paint(g, area, x, y, curves);
    g.setColor(Look.FRAME);
    g.setStroke(new BasicStroke(1.2f));
    g.draw(area);
    paintTitle(g, area);
    paintXTicks(g, area, surroundings.xTitle());
    paintYTicks(g, area, surroundings.yLabels());
    paintCallouts(g, area);
  }

  private void paintGrid(Graphics2D g, Rectangle area) {
    g.setStroke(Look.HAIRLINE);
    for (boolean major : new boolean[] {false, true}) {
      g.setColor(major ? Look.MAJOR_GRID : Look.MINOR_GRID);
      for (LogAxis.Tick tick : x.ticks()) {
        if (tick.label().isEmpty() != major) {
          double at = toX(area, tick.value());
          g.draw(new Line2D.Double(at, area.y, at, area.getMaxY()));
        }
      }
      for (LogAxis.Tick tick : y.ticks()) {
        if (tick.label().isEmpty() != major) {
          double at = toY(area, tick.value());
          g.draw(new Line2D.Double(area.x, at, area.getMaxX(), at));
        }
      }
    }
    g.setColor(Look.FAINT_INK);
    g.setStroke(REFERENCE);
    for (double reference : references) {
      double at = toY(area, reference);
      g.draw(new Line2D.Double(area.x, at, area.getMaxX(), at));
    }
  }

  private void paintTitle(Graphics2D g, Rectangle area) {
    g.setFont(Look.PANEL_TITLE);
    List<List<Text>> lines = titleLines(area.width);
    for (int i = 0; i < lines.size(); i++) {
      double baseline = area.y - TITLE_GAP - TITLE_LINE * (lines.size() - 1.0 - i);
      double at = area.x;
      for (Text piece : lines.get(i)) {
        g.setColor(piece.color());
        g.drawString(piece.text(), (float) at, (float) baseline);
        at += TextSize.width(Look.PANEL_TITLE, piece.text()) + PIECE_GAP;
      }
    }
  }

  /** One line if all fits, else the first piece above the others. */
  private List<List<Text>> titleLines(int width) {
    List<List<Text>> whole = filled(title, width);
    if (whole.size() < 2) {
      return whole;
    }
    List<List<Text>> lines = new ArrayList<>();
    lines.add(title.subList(0, 1));
    lines.addAll(filled(title.subList(1, title.size()), width));
    return lines;
  }

  private static List<List<Text>> filled(List<Text> pieces, int width) {
    List<List<Text>> lines = new ArrayList<>();
    double at = Double.POSITIVE_INFINITY;
    for (Text piece : pieces) {
      double wide = TextSize.width(Look.PANEL_TITLE, piece.text());
      if (at + wide > width) {
        lines.add(new ArrayList<>());
        at = 0;
      }
      lines.getLast().add(piece);
      at += wide + PIECE_GAP;
    }
    return lines;
  }

  private void paintXTicks(Graphics2D g, Rectangle area, boolean withTitle) {
    g.setFont(Look.TEXT);
    g.setStroke(Look.HAIRLINE);
    List<Rectangle2D> taken = new ArrayList<>();
    for (LogAxis.Tick tick : endsFirst(x.ticks())) {
      double at = toX(area, tick.value());
      g.setColor(Look.FRAME);
      g.draw(new Line2D.Double(at, area.getMaxY(), at, area.getMaxY() + length(tick)));
      double width = TextSize.width(Look.TEXT, tick.label());
      Rectangle2D box =
          new Rectangle2D.Double(at - width / 2 - LABEL_GAP / 2.0, 0, width + LABEL_GAP, 1);
      if (!tick.label().isEmpty() && taken.stream().noneMatch(box::intersects)) {
        taken.add(box);
        g.setColor(Look.INK);
        g.drawString(
            tick.label(),
            (float) (at - width / 2),
            (float) (area.getMaxY() + TICK_LENGTH + TextSize.ascent(Look.TEXT)));
      }
    }
    if (withTitle) {
      g.setColor(Look.INK);
      g.drawString(
          x.title(),
          (float) (area.getCenterX() - TextSize.width(Look.TEXT, x.title()) / 2.0),
          (float) (area.getMaxY() + TICK_HEIGHT + TextSize.ascent(Look.TEXT)));
    }
  }

  private void paintYTicks(Graphics2D g, Rectangle area, boolean withLabels) {
    g.setFont(Look.TEXT);
    g.setStroke(Look.HAIRLINE);
    List<Rectangle2D> taken = new ArrayList<>();
    for (LogAxis.Tick tick : endsFirst(y.ticks())) {
      double at = toY(area, tick.value());
      g.setColor(Look.FRAME);
      g.draw(new Line2D.Double(area.x - length(tick), at, area.x, at));
      double height = TextSize.ascent(Look.TEXT);
      Rectangle2D box = new Rectangle2D.Double(0, at - height / 2, 1, height);
      if (withLabels && !tick.label().isEmpty() && taken.stream().noneMatch(box::intersects)) {
        taken.add(box);
        g.setColor(Look.INK);
        double left =
            area.x - TICK_LENGTH - LABEL_GAP / 2.0 - TextSize.width(Look.TEXT, tick.label());
        g.drawString(
            tick.label(), (float) left, (float) (at + TextSize.middleToBaseline(Look.TEXT)));
      }
    }
    if (withLabels) {
      AffineTransform before = g.getTransform();
      g.translate(area.x - leftWidth() + TextSize.ascent(Look.TEXT), area.getCenterY());
      g.rotate(-Math.PI / 2);
      g.setColor(Look.INK);
      g.drawString(y.title(), (float) (-TextSize.width(Look.TEXT, y.title()) / 2), 0f);
      g.setTransform(before);
    }
  }

  /** The outermost labels win over those between when there is no room for all. */
  private static List<LogAxis.Tick> endsFirst(List<LogAxis.Tick> ticks) {
    List<LogAxis.Tick> ordered = new ArrayList<>(ticks);
    if (ordered.size() > 2) {
      ordered.add(1, ordered.removeLast());
    }
    return ordered;
  }

  private static int length(LogAxis.Tick tick) {
    return tick.label().isEmpty() ? TICK_LENGTH / 2 : TICK_LENGTH;
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
    return area.x + area.width * x.fraction(value);
  }

  private double toY(Rectangle area, double value) {
    return area.y + area.height * (1 - y.fraction(value));
  }
}
