package dev.feedlight.bench.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole figure: title, small caption, panels in rows that share their vertical axis, and one
 * legend or colour bar, which takes free cells of the last row if it fits there and stands below
 * otherwise.
 *
 * @param title one line
 * @param caption the conditions of the measurement; broken into lines as needed
 * @param panels in reading order; all panels must have the same vertical axis
 * @param columns panels per row
 * @param panelHeight height of a panel's frame
 * @param legend for all panels
 */
public record FigureSheet(
    String title,
    List<String> caption,
    List<? extends Panel> panels,
    int columns,
    int panelHeight,
    Key legend) {
  /** Width of every sheet. */
  public static final int WIDTH = 1200;

  /** Least height, so that a PNG has at least 1600 x 1100 pixels. */
  static final int LEAST_HEIGHT = 600;

  private static final int MARGIN = 24;
  private static final int COLUMN_GAP = 28;
  private static final int ROW_GAP = 10;
  private static final int LINE_HEIGHT = 22;
  private static final int TITLE_HEIGHT = 36;
  private static final int ABOVE_LEGEND = 14;

  /** Checks the layout. */
  public FigureSheet {
    if (panels.isEmpty() || columns < 1 || panelHeight < 50) {
      throw new FigureDataException(
          "a figure needs panels, columns and height, not "
              + panels.size()
              + " panels in "
              + columns
              + " columns, "
              + panelHeight
              + " high");
    }
    caption = List.copyOf(caption);
    panels = List.copyOf(panels);
  }

  /** Height of the sheet. */
  int height() {
    return Math.max(LEAST_HEIGHT, new Layout().bottom);
  }

  void paint(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setColor(Color.WHITE);
    g.fill(new Rectangle(0, 0, WIDTH, height()));
    Layout layout = new Layout();
    g.setColor(Look.INK);
    g.setFont(Look.SHEET_TITLE);
    g.drawString(title, MARGIN, (float) (MARGIN + TextSize.ascent(Look.SHEET_TITLE)));
    g.setFont(Look.TEXT);
    g.setColor(Look.FAINT_INK);
    for (int i = 0; i < layout.captionLines.size(); i++) {
      double top = MARGIN + TITLE_HEIGHT + i * (double) LINE_HEIGHT;
      float baseline = (float) (top + TextSize.ascent(Look.TEXT));
      g.drawString(layout.captionLines.get(i), MARGIN, baseline);
    }
    for (int i = 0; i < panels.size(); i++) {
      boolean first = i % columns == 0;
      boolean lowest = i + columns >= panels.size();
      panels.get(i).paint(g, layout.frames.get(i), new Panel.Surroundings(first, lowest));
    }
    legend.paint(g, layout.legendX, layout.legendY, layout.legendWidth);
  }

  private List<String> wrapped() {
    List<String> lines = new ArrayList<>();
    for (String sentence : caption) {
      StringBuilder line = new StringBuilder();
      for (String word : sentence.split(" ", -1)) {
        if (!line.isEmpty() && TextSize.width(Look.TEXT, line + " " + word) > WIDTH - 2 * MARGIN) {
          lines.add(line.toString());
          line.setLength(0);
        }
        line.append(line.isEmpty() ? "" : " ").append(word);
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private int titleHeight(int from, int to, int width) {
    return panels.subList(from, to).stream()
        .mapToInt(panel -> panel.titleHeight(width))
        .max()
        .orElse(0);
  }

  /** Where everything lies. */
  private final class Layout {
    final List<String> captionLines;
    final List<Rectangle> frames = new ArrayList<>();
    final int legendX;
    final int legendY;
    final int legendWidth;
    final int bottom;

    Layout() {
      captionLines = wrapped();
      int left = MARGIN + panels.stream().mapToInt(Panel::leftWidth).max().orElse(0);
      int width = (WIDTH - MARGIN - left - (columns - 1) * COLUMN_GAP) / columns;
      int y = MARGIN + TITLE_HEIGHT + captionLines.size() * LINE_HEIGHT + LINE_HEIGHT / 2;
      int rows = Math.ceilDiv(panels.size(), columns);
      for (int row = 0; row < rows; row++) {
        int from = row * columns;
        int to = Math.min(panels.size(), from + columns);
        y += (row == 0 ? 0 : ROW_GAP) + titleHeight(from, to, width);
        boolean xTitle = to == panels.size() || from + 2 * columns > panels.size();
        for (int i = from; i < to; i++) {
          int x = left + i % columns * (width + COLUMN_GAP);
          frames.add(new Rectangle(x, y, width, panelHeight));
        }
        y += panelHeight + Panel.TICK_HEIGHT + (xTitle ? Panel.X_TITLE_HEIGHT : 0);
      }
      Rectangle last = frames.getLast();
      int freeLeft = last.x + last.width + COLUMN_GAP;
      int freeWidth = WIDTH - MARGIN - freeLeft;
      boolean inside =
          freeWidth >= legend.columnWidth()
              && legend.height(freeWidth) <= panelHeight - Panel.X_TITLE_HEIGHT;
      legendX = inside ? freeLeft : left;
      legendWidth = inside ? freeWidth : WIDTH - MARGIN - left;
      legendY = inside ? last.y + last.height - legend.height(legendWidth) : y + ABOVE_LEGEND;
      bottom = (inside ? y : legendY + legend.height(legendWidth)) + MARGIN;
    }
  }
}
