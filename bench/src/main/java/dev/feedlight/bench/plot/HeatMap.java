package dev.feedlight.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Coloured cells over two axes of names, with their values written in them.
 *
 * @param title above the frame
 * @param x horizontal axis, from left to right
 * @param y vertical axis, from the bottom up
 * @param cells row by row from the bottom up
 * @param scale colours
 */
public record HeatMap(String title, Names x, Names y, List<Cell> cells, ErrorScale scale)
    implements Panel {
  private static final Color NO_VALUE = new Color(0xEE, 0xEE, 0xEE);
  private static final Font NOTE = Look.TEXT.deriveFont(14f);
  private static final int TITLE_GAP = 9;
  private static final int TITLE_LINE = 22;
  private static final int LABEL_GAP = 8;
  private static final double GAP = 1.5;

  /** Room that a text leaves at either side of its cell. */
  private static final double PADDING = 3;

  /** Smallest text, where cells are narrow. */
  private static final float LEAST_SIZE = 10;

  /**
   * An axis of names.
   *
   * @param title with the unit in brackets
   * @param labels one per column or row
   */
  public record Names(String title, List<String> labels) {
    /** Checks that there is one. */
    public Names {
      if (labels.isEmpty()) {
        throw new FigureDataException("no names on the axis " + title);
      }
      labels = List.copyOf(labels);
    }
  }

  /**
   * One cell.
   *
   * @param value decides the colour; none: grey
   * @param text written in the cell
   * @param note written below it, smaller; may be empty
   * @param marked whether the cell is framed
   */
  public record Cell(OptionalDouble value, String text, String note, boolean marked) {}

  /** Checks that the cells fill the axes. */
  public HeatMap {
    if (cells.size() != x.labels.size() * y.labels.size()) {
      throw new FigureDataException(
          cells.size()
              + " cells do not fill "
              + x.labels.size()
              + " x "
              + y.labels.size()
              + " names");
    }
    cells = List.copyOf(cells);
  }

  @Override
  public int leftWidth() {
    double widest =
        y.labels.stream().mapToDouble(label -> TextSize.width(Look.TEXT, label)).max().orElse(0);
    return (int) Math.ceil(widest + 2 * LABEL_GAP + TextSize.height(Look.TEXT));
  }

  @Override
  public int titleHeight(int width) {
    return TITLE_GAP + TITLE_LINE;
  }

  @Override
  public void paint(Graphics2D g, Rectangle area, Surroundings surroundings) {
    g.setFont(Look.PANEL_TITLE);
    g.setColor(Look.INK);
    g.drawString(title, area.x, area.y - TITLE_GAP);
    for (int i = 0; i < cells.size(); i++) {
      paintCell(g, place(area, i), cells.get(i));
    }
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i).marked) {
        paintMark(g, place(area, i));
      }
    }
    paintXLabels(g, area, surroundings.xTitle());
    if (surroundings.yLabels()) {
      paintYLabels(g, area);
    }
  }

  /** A dark frame with a light one inside it, which is seen on any colour. */
  static void paintMark(Graphics2D g, Rectangle2D place) {
    g.setStroke(new BasicStroke(5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    g.setColor(Color.WHITE);
    g.draw(place);
    g.setStroke(new BasicStroke(2.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    g.setColor(Look.VERMILLION);
    g.draw(place);
  }

  private Rectangle2D place(Rectangle area, int index) {
    int columns = x.labels.size();
    int rows = y.labels.size();
    double width = (double) area.width / columns;
    double height = (double) area.height / rows;
    int row = index / columns;
    return new Rectangle2D.Double(
        area.x + index % columns * width + GAP / 2,
        area.getMaxY() - (row + 1) * height + GAP / 2,
        width - GAP,
        height - GAP);
  }

  private void paintCell(Graphics2D g, Rectangle2D place, Cell cell) {
    Color color = cell.value.isPresent() ? scale.color(cell.value.getAsDouble()) : NO_VALUE;
    g.setColor(color);
    g.fill(place);
    g.setColor(ErrorScale.textOn(color));
    double middle = place.getCenterY();
    Font font = fitting(Look.TEXT, cell.text, place);
    if (cell.note.isEmpty()) {
      paintCentred(g, font, cell.text, place, middle);
    } else {
      Font small = fitting(NOTE, cell.note, place);
      double apart = TextSize.ascent(font) / 2;
      paintCentred(g, font, cell.text, place, middle - apart);
      paintCentred(g, small, cell.note, place, middle + apart);
    }
  }

  private static Font fitting(Font font, String text, Rectangle2D place) {
    double room = place.getWidth() - 2 * PADDING;
    double width = TextSize.width(font, text);
    return width <= room
        ? font
        : font.deriveFont((float) Math.max(LEAST_SIZE, font.getSize2D() * room / width));
  }

  private static void paintCentred(
      Graphics2D g, Font font, String text, Rectangle2D place, double middle) {
    g.setFont(font);
    double left = place.getCenterX() - TextSize.width(font, text) / 2;
    g.drawString(text, (float) left, (float) (middle + TextSize.middleToBaseline(font)));
  }

  private void paintXLabels(Graphics2D g, Rectangle area, boolean withTitle) {
    g.setColor(Look.INK);
    double width = (double) area.width / x.labels.size();
    for (int i = 0; i < x.labels.size(); i++) {
      Rectangle2D below =
          new Rectangle2D.Double(area.x + i * width, area.getMaxY(), width, TICK_HEIGHT);
      Font font = fitting(Look.TEXT, x.labels.get(i), below);
      paintCentred(g, font, x.labels.get(i), below, below.getCenterY());
    }
    if (withTitle) {
      g.setFont(Look.TEXT);
      g.drawString(
          x.title,
          (float) (area.getCenterX() - TextSize.width(Look.TEXT, x.title) / 2),
          (float) (area.getMaxY() + TICK_HEIGHT + TextSize.ascent(Look.TEXT)));
    }
  }

  private void paintYLabels(Graphics2D g, Rectangle area) {
    g.setFont(Look.TEXT);
    g.setColor(Look.INK);
    double height = (double) area.height / y.labels.size();
    for (int i = 0; i < y.labels.size(); i++) {
      String label = y.labels.get(i);
      double left = area.x - LABEL_GAP - TextSize.width(Look.TEXT, label);
      double middle = area.getMaxY() - (i + 0.5) * height;
      g.drawString(label, (float) left, (float) (middle + TextSize.middleToBaseline(Look.TEXT)));
    }
    AffineTransform before = g.getTransform();
    g.translate(area.x - leftWidth() + TextSize.ascent(Look.TEXT), area.getCenterY());
    g.rotate(-Math.PI / 2);
    g.drawString(y.title, (float) (-TextSize.width(Look.TEXT, y.title) / 2), 0f);
    g.setTransform(before);
  }
}
