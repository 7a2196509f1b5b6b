package dev.feedlight.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * How much each token of a sequence takes from each: a row per token that reads, from the top down,
 * a column per token that is read.
 *
 * @param title above the names of the columns
 * @param tokens names of rows and columns
 * @param weights row by row, 0 to 1
 * @param scale colours of the weights
 */
public record AttentionMap(
    String title, List<String> tokens, List<List<Double>> weights, ColorScale scale)
    implements Panel {
  private static final Font NAME = Look.TEXT;
  private static final int LABEL_GAP = 6;
  private static final int TITLE_LINE = 26;

  /** Smallest text, where rows are low. */
  private static final float LEAST_SIZE = 10;

  /** Checks that there is a row and a column for each token. */
  public AttentionMap {
    tokens = List.copyOf(tokens);
    weights = weights.stream().map(List::copyOf).toList();
    int count = tokens.size();
    if (count == 0
        || weights.size() != count
        || weights.stream().anyMatch(row -> row.size() != count)) {
      throw new FigureDataException(
          "an attention map of " + count + " tokens needs as many rows and columns, at least one");
    }
    if (!weights.stream().allMatch(row -> row.stream().allMatch(w -> w >= 0 && w <= 1.001))) {
      throw new FigureDataException("attention lies in 0 to 1, and some of it does not");
    }
  }

  @Override
  public int leftWidth() {
    return (int) Math.ceil(longest() + 2 * LABEL_GAP);
  }

  private double longest() {
    return tokens.stream().mapToDouble(token -> TextSize.width(NAME, token)).max().orElse(0);
  }

  @Override
  public int titleHeight(int width) {
    return (int) Math.ceil(TITLE_LINE + longest() + 2 * LABEL_GAP);
  }

  @Override
  public void paint(Graphics2D g, Rectangle area, Surroundings surroundings) {
    int count = tokens.size();
    g.setColor(Color.WHITE);
    g.fill(area);
    double width = (double) area.width / count;
    double height = (double) area.height / count;
    for (int row = 0; row < count; row++) {
      for (int column = 0; column <= row; column++) {
        Rectangle2D cell =
            new Rectangle2D.Double(area.x + column * width, area.y + row * height, width, height);
        g.setColor(scale.color(weights.get(row).get(column)));
        g.fill(cell);
        g.setColor(Look.MAJOR_GRID);
        g.setStroke(Look.HAIRLINE);
        g.draw(cell);
      }
    }
    g.setColor(Look.FRAME);
    g.setStroke(new BasicStroke(1.2f));
    g.draw(area);
    paintNames(g, area, width, height, surroundings.yLabels());
    g.setFont(Look.PANEL_TITLE);
    g.setColor(Look.INK);
    g.drawString(title, area.x, (float) (area.y - titleHeight(area.width) + TITLE_LINE / 1.6));
  }

  private void paintNames(Graphics2D g, Rectangle area, double width, double height, boolean rows) {
    g.setColor(Look.INK);
    Font columnFont = fitting(width);
    Font rowFont = fitting(height);
    for (int i = 0; i < tokens.size(); i++) {
      String name = tokens.get(i);
      g.setFont(columnFont);
      AffineTransform before = g.getTransform();
      g.translate(
          area.x + (i + 0.5) * width + TextSize.middleToBaseline(columnFont),
          area.y - (double) LABEL_GAP);
      g.rotate(-Math.PI / 2);
      g.drawString(name, 0f, 0f);
      g.setTransform(before);
      if (rows) {
        g.setFont(rowFont);
        double left = area.x - LABEL_GAP - TextSize.width(rowFont, name);
        double middle = area.y + (i + 0.5) * height + TextSize.middleToBaseline(rowFont);
        g.drawString(name, (float) left, (float) middle);
      }
    }
  }

  private static Font fitting(double room) {
    double needed = TextSize.ascent(NAME);
    return needed <= room
        ? NAME
        : NAME.deriveFont((float) Math.max(LEAST_SIZE, NAME.getSize2D() * room / needed));
  }
}
