package dev.feedlight.bench.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * The colours of an {@link AttentionMap} beside their weights.
 *
 * @param title what the weights are
 */
public record ShadeBar(String title) implements Key {
  private static final List<String> TICKS = List.of("0", "0.25", "0.5", "0.75", "1");
  private static final int HEIGHT = 68;
  private static final int BAR_TOP = 26;
  private static final int BAR_HEIGHT = 16;
  private static final int MOST_WIDTH = 420;
  private static final int STEPS = 128;

  @Override
  public int height(int width) {
    return HEIGHT;
  }

  @Override
  public int columnWidth() {
    return (int) Math.ceil(Math.max(MOST_WIDTH, TextSize.width(Look.TEXT, title)));
  }

  @Override
  public void paint(Graphics2D g, int x, int y, int width) {
    double barWidth = Math.min(MOST_WIDTH, width);
    g.setFont(Look.TEXT);
    g.setColor(Look.INK);
    g.drawString(title, x, (float) (y + TextSize.ascent(Look.TEXT)));
    double top = y + (double) BAR_TOP;
    for (int i = 0; i < STEPS; i++) {
      g.setColor(AttentionMap.shade((i + 0.5) / STEPS));
      double left = x + barWidth * i / STEPS;
      // Overlaps its neighbour, so that no hairline of paper shines through.
      double right = Math.min(x + barWidth, left + 2 * barWidth / STEPS);
      g.fill(new Rectangle2D.Double(left, top, right - left, BAR_HEIGHT));
    }
    g.setColor(Look.FRAME);
    g.setStroke(Look.HAIRLINE);
    g.draw(new Rectangle2D.Double(x, top, barWidth, BAR_HEIGHT));
    g.setColor(Look.INK);
    for (int i = 0; i < TICKS.size(); i++) {
      String label = TICKS.get(i);
      double wide = TextSize.width(Look.TEXT, label);
      double middle = x + barWidth * i / (TICKS.size() - 1);
      double left = Math.clamp(middle - wide / 2, x, x + barWidth - wide);
      float baseline = (float) (top + BAR_HEIGHT + TextSize.ascent(Look.TEXT) + 2);
      g.drawString(label, (float) left, baseline);
    }
  }
}
