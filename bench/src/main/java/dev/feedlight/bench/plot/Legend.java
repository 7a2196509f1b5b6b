package dev.feedlight.bench.plot;

import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.List;

/**
 * Marks and what they mean.
 *
 * @param entries in reading order
 */
public record Legend(List<Entry> entries) implements Key {
  private static final int ROW_HEIGHT = 25;
  private static final int SAMPLE_WIDTH = 44;
  private static final int GAP = 10;
  private static final int COLUMN_GAP = 30;

  /**
   * One line of the legend.
   *
   * @param label text
   * @param style the mark
   */
  public record Entry(String label, MarkStyle style) {}

  public Legend {
    entries = List.copyOf(entries);
  }

  /** Height of the legend set in as many columns as {@code width} holds. */
  @Override
  public int height(int width) {
    return rows(columns(width)) * ROW_HEIGHT;
  }

  /** Width of a single column. */
  @Override
  public int columnWidth() {
    double widest =
        entries.stream()
            .mapToDouble(entry -> TextSize.width(Look.TEXT, entry.label()))
            .max()
            .orElse(0);
    return SAMPLE_WIDTH + GAP + (int) Math.ceil(widest);
  }

  /** Draws the legend with its upper left corner at (x, y), filled column by column. */
  @Override
  public void paint(Graphics2D g, int x, int y, int width) {
    int columns = columns(width);
    int rows = rows(columns);
    int step = columnWidth() + COLUMN_GAP;
    g.setFont(Look.TEXT);
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      int column = i / rows;
      double left = x + (double) column * step;
      double middle = y + (i % rows + 0.5) * ROW_HEIGHT;
      if (entry.style().dash() != MarkStyle.Dash.NO_LINE) {
        g.setColor(entry.style().color());
        g.setStroke(entry.style().dash().stroke());
        g.draw(new Line2D.Double(left, middle, left + SAMPLE_WIDTH, middle));
      }
      entry.style().paintGlyph(g, left + SAMPLE_WIDTH / 2.0, middle);
      g.setColor(Look.INK);
      double baseline = middle + TextSize.middleToBaseline(Look.TEXT);
      g.drawString(entry.label(), (float) (left + SAMPLE_WIDTH + GAP), (float) baseline);
    }
  }

  private int columns(int width) {
    int fitting = (width + COLUMN_GAP) / (columnWidth() + COLUMN_GAP);
    return Math.clamp(fitting, 1, Math.max(1, entries.size()));
  }

  private int rows(int columns) {
    return Math.ceilDiv(entries.size(), columns);
  }
}
