package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.Panel.Surroundings;
import dev.feedlight.bench.plot.Panel.Text;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * What surrounds the data of a panel: grid, frame, title and ticks.
 *
 * @param title pieces written one after another above the frame, each in its colour; broken into
 *     lines between pieces
 * @param x horizontal axis
 * @param y vertical axis
 */
record PanelFrame(List<Text> title, Axis x, Axis y) {
  private static final BasicStroke REFERENCE =
      new BasicStroke(
          1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0);
  private static final int TICK_LENGTH = 6;
  private static final int LABEL_GAP = 8;
  private static final int PIECE_GAP = 9;
  private static final int TITLE_GAP = 9;
  private static final int TITLE_LINE = 22;

  /** See {@link Panel#leftWidth()}. */
  int leftWidth() {
    double widest =
        y.ticks().stream()
            .mapToDouble(tick -> TextSize.width(Look.TEXT, tick.label()))
            .max()
            .orElse(0);
    double title = TextSize.height(Look.TEXT);
    return (int) Math.ceil(widest + TICK_LENGTH + LABEL_GAP + title + LABEL_GAP);
  }

  /** See {@link Panel#titleHeight(int)}. */
  int titleHeight(int width) {
    return TITLE_GAP + TITLE_LINE * titleLines(width).size();
  }

  /** White paper, grid and lines across at references; drawn below the data. */
  void paintGrid(Graphics2D g, Rectangle area, List<Double> references) {
    g.setColor(Color.WHITE);
    g.fill(area);
    g.setStroke(Look.HAIRLINE);
    for (boolean major : new boolean[] {false, true}) {
      g.setColor(major ? Look.MAJOR_GRID : Look.MINOR_GRID);
      for (Axis.Tick tick : x.ticks()) {
        if (tick.label().isEmpty() != major) {
          double at = toX(area, tick.value());
          g.draw(new Line2D.Double(at, area.y, at, area.getMaxY()));
        }
      }
      for (Axis.Tick tick : y.ticks()) {
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

  /** Frame, title and ticks; drawn above the data. */
  void paint(Graphics2D g, Rectangle area, Surroundings surroundings) {
    g.setColor(Look.FRAME);
    g.setStroke(new BasicStroke(1.2f));
    g.draw(area);
    paintTitle(g, area);
    paintXTicks(g, area, surroundings.xTitle());
    paintYTicks(g, area, surroundings.yLabels());
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
    for (Axis.Tick tick : endsFirst(x.ticks())) {
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
          (float) (area.getMaxY() + Panel.TICK_HEIGHT + TextSize.ascent(Look.TEXT)));
    }
  }

  private void paintYTicks(Graphics2D g, Rectangle area, boolean withLabels) {
    g.setFont(Look.TEXT);
    g.setStroke(Look.HAIRLINE);
    List<Rectangle2D> taken = new ArrayList<>();
    for (Axis.Tick tick : endsFirst(y.ticks())) {
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
  private static List<Axis.Tick> endsFirst(List<Axis.Tick> ticks) {
    List<Axis.Tick> ordered = new ArrayList<>(ticks);
    if (ordered.size() > 2) {
      ordered.add(1, ordered.removeLast());
    }
    return ordered;
  }

  private static int length(Axis.Tick tick) {
    return tick.label().isEmpty() ? TICK_LENGTH / 2 : TICK_LENGTH;
  }

  double toX(Rectangle area, double value) {
    return area.x + area.width * x.fraction(value);
  }

  double toY(Rectangle area, double value) {
    return area.y + area.height * (1 - y.fraction(value));
  }
}
