package dev.feedlight.bench.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;

/**
 * The colours of heat maps and maps beside their values, and what a framed cell is.
 *
 * @param scale colours
 * @param mark meaning of a framed cell; empty for none
 */
public record ColorBar(ColorScale scale, String mark) implements Key {
  private static final int HEIGHT = 74;
  private static final int BAR_TOP = 26;
  private static final int BAR_HEIGHT = 18;
  private static final int MOST_WIDTH = 640;
  private static final int TICK = 5;
  private static final int STEPS = 256;
  private static final int SAMPLE_WIDTH = 44;
  private static final int SAMPLE_HEIGHT = 26;
  private static final int GAP = 10;
  private static final int MARK_GAP = 48;

  @Override
  public int height(int width) {
    return HEIGHT;
  }

  @Override
  public int columnWidth() {
    return (int) Math.ceil(TextSize.width(Look.TEXT, scale.title())) + markWidth();
  }

  private int markWidth() {
    return mark.isEmpty()
        ? 0
        : MARK_GAP + SAMPLE_WIDTH + GAP + (int) Math.ceil(TextSize.width(Look.TEXT, mark));
  }

  @Override
  public void paint(Graphics2D g, int x, int y, int width) {
    double barWidth = Math.min(MOST_WIDTH, width - markWidth());
    double top = y + (double) BAR_TOP;
    g.setFont(Look.TEXT);
    g.setColor(Look.INK);
    g.drawString(scale.title(), x, (float) (y + TextSize.ascent(Look.TEXT)));
    for (int i = 0; i < STEPS; i++) {
      g.setColor(scale.at((i + 0.5) / STEPS));
      double left = x + barWidth * i / STEPS;
      // Overlaps its neighbour, so that no hairline of paper shines through.
      double right = Math.min(x + barWidth, left + 2 * barWidth / STEPS);
      g.fill(new Rectangle2D.Double(left, top, right - left, BAR_HEIGHT));
    }
    g.setColor(Look.FRAME);
    g.setStroke(Look.HAIRLINE);
    g.draw(new Rectangle2D.Double(x, top, barWidth, BAR_HEIGHT));
    paintTicks(g, x, top + BAR_HEIGHT, barWidth);
    if (!mark.isEmpty()) {
      paintMark(g, x + barWidth + MARK_GAP, top + BAR_HEIGHT / 2.0);
    }
  }

  private void paintTicks(Graphics2D g, double x, double bottom, double barWidth) {
    for (double tick : scale.ticks()) {
      double at = x + barWidth * scale.fraction(tick);
      g.setColor(Look.FRAME);
      g.draw(new Line2D.Double(at, bottom, at, bottom + TICK));
      String label = BigDecimal.valueOf(tick).stripTrailingZeros().toPlainString();
      double width = TextSize.width(Look.TEXT, label);
      double left = Math.clamp(at - width / 2, x, x + barWidth - width);
      g.setColor(Look.INK);
      g.drawString(label, (float) left, (float) (bottom + TICK + TextSize.ascent(Look.TEXT)));
    }
  }

  private void paintMark(Graphics2D g, double x, double middle) {
    Rectangle2D sample =
        new Rectangle2D.Double(x, middle - SAMPLE_HEIGHT / 2.0, SAMPLE_WIDTH, SAMPLE_HEIGHT);
    Color inside = scale.at(0.75);
    g.setColor(inside);
    g.fill(sample);
    HeatMap.paintMark(g, sample);
    g.setFont(Look.TEXT);
    g.setColor(Look.INK);
    g.drawString(
        mark,
        (float) (x + SAMPLE_WIDTH + GAP),
        (float) (middle + TextSize.middleToBaseline(Look.TEXT)));
  }
}
