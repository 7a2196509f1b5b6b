package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.MarkStyle.Dash;
import dev.feedlight.bench.plot.Panel.Text;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One panel per knob: a value against the positions of the knob, which are names at even distances,
 * beside levels that do not depend on it. All panels share the vertical axis.
 */
public final class KnobSheet {
  private static final int COLUMNS = 2;
  private static final int PANEL_HEIGHT = 230;
  private static final List<Color> CURVE_COLORS = List.of(Look.VERMILLION, Look.PURPLE);
  private static final List<Color> LEVEL_COLORS = List.of(Look.BLUE, Look.GREEN, Look.ORANGE);
  private static final Dash[] LEVEL_DASHES = {Dash.DASHED, Dash.DASH_DOT, Dash.DOTTED};
  private static final Glyph[] GLYPHS = {Glyph.CIRCLE, Glyph.SQUARE};

  private final String yTitle;
  private final Map<String, Spread> levels = new LinkedHashMap<>();
  private final Map<String, List<Curve>> panels = new LinkedHashMap<>();

  /**
   * Begins a sheet.
   *
   * @param yTitle of all panels, with the unit
   */
  public KnobSheet(String yTitle) {
    this.yTitle = yTitle;
  }

  /**
   * A value with its spread.
   *
   * @param value mean
   * @param low at most the mean
   * @param high at least the mean
   */
  public record Spread(double value, double low, double high) {}

  /**
   * A position of a knob.
   *
   * @param name written on the axis
   * @param value mean
   * @param low at most the mean
   * @param high at least the mean
   * @param marked whether a ring is drawn around it
   */
  public record Point(String name, double value, double low, double high, boolean marked) {}

  /**
   * A value against the positions.
   *
   * @param label in the legend
   * @param points in the order of the axis
   */
  public record Curve(String label, List<Point> points) {
    /** Keeps a copy. */
    public Curve {
      points = List.copyOf(points);
    }
  }

  /**
   * Adds a line across all panels.
   *
   * @param label in the legend
   * @param spread its value
   * @return this
   */
  public KnobSheet level(String label, Spread spread) {
    levels.put(label, spread);
    return this;
  }

  /**
   * Adds a panel.
   *
   * @param title what is turned
   * @param curves over the same positions
   */
  public void panel(String title, List<Curve> curves) {
    panels.put(title, List.copyOf(curves));
  }

  /**
   * The figure.
   *
   * @param title one line
   * @param conditions of the measurement
   * @param meaning of lines and marks
   * @return to be written by {@link FigureWriter}
   */
  public FigureSheet sheet(String title, String conditions, String meaning) {
    LinearAxis y = LinearAxis.over(yTitle, extremes());
    List<LinearPanel> drawn = new ArrayList<>();
    panels.forEach((name, curves) -> drawn.add(panel(name, curves, y)));
    return new FigureSheet(
        title, List.of(conditions, meaning), drawn, COLUMNS, PANEL_HEIGHT, legend());
  }

  private double[] extremes() {
    List<Double> values = new ArrayList<>();
    levels.values().forEach(level -> values.addAll(List.of(level.low(), level.high())));
    for (List<Curve> curves : panels.values()) {
      for (Curve curve : curves) {
        curve.points().forEach(point -> values.addAll(List.of(point.low(), point.high())));
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private LinearPanel panel(String title, List<Curve> curves, LinearAxis y) {
    List<String> names = curves.getFirst().points().stream().map(Point::name).toList();
    LinearAxis x = LinearAxis.categories("", names);
    List<Series> layers = new ArrayList<>();
    int level = 0;
    for (Map.Entry<String, Spread> entry : levels.entrySet()) {
      layers.add(levelSeries(entry.getKey(), entry.getValue(), x, level++));
    }
    for (int i = 0; i < curves.size(); i++) {
      List<Series.Point> points = new ArrayList<>();
      List<Series.Point> marked = new ArrayList<>();
      for (int at = 0; at < curves.get(i).points().size(); at++) {
        Point p = curves.get(i).points().get(at);
        Series.Point point = new Series.Point(at, p.value(), p.low(), p.high());
        points.add(point);
        if (p.marked()) {
          marked.add(point);
        }
      }
      // The ring first: it is white inside.
      layers.add(new Series("", ring(i), Series.Spread.BARS, marked));
      layers.add(new Series(curves.get(i).label(), style(i), Series.Spread.BARS, points));
    }
    return new LinearPanel(List.of(new Text(title, Look.INK)), x, y, layers, List.of());
  }

  private static Series levelSeries(String label, Spread level, LinearAxis x, int number) {
    List<Series.Point> ends =
        List.of(
            new Series.Point(x.min(), level.value(), level.low(), level.high()),
            new Series.Point(x.max(), level.value(), level.low(), level.high()));
    return new Series(label, levelStyle(number), Series.Spread.BAND, ends);
  }

  private Legend legend() {
    List<Legend.Entry> entries = new ArrayList<>();
    List<Curve> curves = panels.values().iterator().next();
    for (int i = 0; i < curves.size(); i++) {
      entries.add(new Legend.Entry(curves.get(i).label(), style(i)));
    }
    int level = 0;
    for (String label : levels.keySet()) {
      entries.add(new Legend.Entry(label, levelStyle(level++)));
    }
    return new Legend(entries);
  }

  private static MarkStyle style(int curve) {
    return MarkStyle.line(CURVE_COLORS.get(curve), Dash.SOLID, GLYPHS[curve], true);
  }

  private static MarkStyle ring(int curve) {
    return MarkStyle.point(CURVE_COLORS.get(curve), GLYPHS[curve], false, 2 * Look.MARKER_SIZE);
  }

  /** A mark of no size: a level is a line and nothing else. */
  private static MarkStyle levelStyle(int level) {
    return new MarkStyle(LEVEL_COLORS.get(level), LEVEL_DASHES[level], Glyph.CIRCLE, true, 0);
  }
}
