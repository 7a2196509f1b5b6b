package dev.feedlight.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * A histogram over a logarithmic vertical axis, beside the numbers that a law expects: a line with
 * the band in which 95 % of the bins should lie. Bars stand on the lower end of the axis.
 *
 * @param title above the frame
 * @param x horizontal axis
 * @param y vertical axis, in numbers per bin
 * @param bins ascending
 */
public record HistogramPanel(String title, Axis x, LogAxis y, List<Bin> bins) implements Panel {
  private static final int FILL_ALPHA = 120;
  private static final Color BAND_COLOR = new Color(0, 0, 0, 60);
  private static final MarkStyle LAW =
      MarkStyle.line(Look.BLACK, MarkStyle.Dash.SOLID, Glyph.NONE, false);

  /** Standard deviations of a count of independent events that hold 95 % of them. */
  private static final double BAND = 1.96;

  /** Half the width of the caps of an error bar. */
  private static final double CAP = 5;

  /** Narrower bars of an end bin could not be seen. */
  private static final double LEAST_WIDTH = 5;

  private static final MarkStyle EXPECTED_END =
      MarkStyle.point(Look.BLACK, Glyph.DIAMOND, false, 9);

  /**
   * One bin.
   *
   * @param left lower bound, in data units
   * @param right upper bound, above {@code left}
   * @param count what was counted, at least 0
   * @param expected what the law expects, at least 0
   * @param end whether everything beyond is counted here, so that the bin is no part of the curve
   */
  public record Bin(double left, double right, long count, double expected, boolean end) {
    /** Checks the bin. */
    public Bin {
      if (!(left < right && Double.isFinite(right - left)) || count < 0 || !(expected >= 0)) {
        throw new FigureDataException(
            String.format(
                "a bin needs left < right, a count and an expected number of at least 0, not %s to"
                    + " %s, %d and %s",
                left, right, count, expected));
      }
    }

    double middle() {
      return (left + right) / 2;
    }

    /** Half the width of the band. */
    double spread() {
      return BAND * Math.sqrt(expected);
    }
  }

  /** Keeps a copy. */
  public HistogramPanel {
    bins = List.copyOf(bins);
  }

  /**
   * What the marks mean.
   *
   * @param counted of the bars
   * @param law of the line
   * @return the legend of a histogram without an end
   */
  public static Legend legend(String counted, String law) {
    return new Legend(
        List.of(
            new Legend.Entry(counted, square(fill(Look.BLUE))),
            new Legend.Entry(law, LAW),
            new Legend.Entry("95 % of the bins by the law", square(BAND_COLOR))));
  }

  /**
   * The same with a bin at the end.
   *
   * @param counted of the bars
   * @param law of the line
   * @param ended of the bar at the end
   * @param endedLaw of the marker at the end
   * @return the legend
   */
  public static Legend legend(String counted, String law, String ended, String endedLaw) {
    List<Legend.Entry> entries = new ArrayList<>(legend(counted, law).entries());
    entries.add(new Legend.Entry(ended, square(fill(Look.VERMILLION))));
    entries.add(new Legend.Entry(endedLaw, EXPECTED_END));
    return new Legend(entries);
  }

  private static MarkStyle square(Color color) {
    return MarkStyle.point(color, Glyph.SQUARE, true, 12);
  }

  private static Color fill(Color color) {
    return new Color(color.getRed(), color.getGreen(), color.getBlue(), FILL_ALPHA);
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
    frame.paintGrid(g, area, List.of());
    Shape before = g.getClip();
    g.clip(area);
    bins.forEach(bin -> paintBar(g, frame, area, bin));
    List<Bin> curve = bins.stream().filter(bin -> !bin.end).toList();
    paintBand(g, frame, area, curve);
    paintLaw(g, frame, area, curve);
    bins.stream().filter(Bin::end).forEach(bin -> paintEnd(g, frame, area, bin));
    g.setClip(before);
    frame.paint(g, area, surroundings);
  }

  private PanelFrame frame() {
    return new PanelFrame(List.of(new Text(title, Look.INK)), x, y);
  }

  /** Numbers below the axis, 0 among them, lie on its lower end. */
  private double toY(PanelFrame frame, Rectangle area, double number) {
    return number <= y.min() ? area.getMaxY() : frame.toY(area, number);
  }

  private void paintBar(Graphics2D g, PanelFrame frame, Rectangle area, Bin bin) {
    double left = frame.toX(area, bin.left);
    double right = frame.toX(area, bin.right);
    double missing = bin.end ? Math.max(0, LEAST_WIDTH - (right - left)) : 0;
    double top = toY(frame, area, (double) bin.count);
    g.setColor(fill(bin.end ? Look.VERMILLION : Look.BLUE));
    g.fill(
        new Rectangle2D.Double(
            left - missing / 2, top, right - left + missing, area.getMaxY() - top));
  }

  private void paintBand(Graphics2D g, PanelFrame frame, Rectangle area, List<Bin> curve) {
    g.setColor(BAND_COLOR);
    for (Bin bin : curve) {
      double left = frame.toX(area, bin.left);
      double top = toY(frame, area, bin.expected + bin.spread());
      double bottom = toY(frame, area, bin.expected - bin.spread());
      g.fill(new Rectangle2D.Double(left, top, frame.toX(area, bin.right) - left, bottom - top));
    }
  }

  /** Steps, which among many bins are a curve. */
  private void paintLaw(Graphics2D g, PanelFrame frame, Rectangle area, List<Bin> curve) {
    g.setColor(Look.BLACK);
    g.setStroke(new BasicStroke(1.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    Path2D line = new Path2D.Double();
    for (Bin bin : curve) {
      double height = toY(frame, area, bin.expected);
      if (line.getCurrentPoint() == null) {
        line.moveTo(frame.toX(area, bin.left), height);
      } else {
        line.lineTo(frame.toX(area, bin.left), height);
      }
      line.lineTo(frame.toX(area, bin.right), height);
    }
    g.draw(line);
  }

  private void paintEnd(Graphics2D g, PanelFrame frame, Rectangle area, Bin bin) {
    double at = frame.toX(area, bin.middle());
    double high = toY(frame, area, bin.expected + bin.spread());
    double low = toY(frame, area, bin.expected - bin.spread());
    g.setColor(Look.BLACK);
    g.setStroke(new BasicStroke(1.3f));
    g.draw(new Line2D.Double(at, low, at, high));
    g.draw(new Line2D.Double(at - CAP, low, at + CAP, low));
    g.draw(new Line2D.Double(at - CAP, high, at + CAP, high));
    EXPECTED_END.paintGlyph(g, at, toY(frame, area, bin.expected));
  }
}
