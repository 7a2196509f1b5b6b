package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.MarkStyle.Dash;
import dev.feedlight.bench.plot.Panel.Text;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What models come to: a panel of bars for every metric, each with a level to compare with.
 *
 * @param level what the level is, for the legend
 * @param metrics in reading order
 */
public record MetricFigure(String level, List<Metric> metrics) {
  private static final int COLUMNS = 1;
  private static final int PANEL_HEIGHT = 170;
  private static final double HALF_BAR = 0.36;
  private static final double HEADROOM = 1.08;
  private static final List<Color> COLORS = List.of(Look.BLUE, Look.VERMILLION, Look.GREEN);
  private static final MarkStyle SPREAD = MarkStyle.line(Look.INK, Dash.NO_LINE, Glyph.NONE, false);
  private static final MarkStyle LEVEL =
      MarkStyle.line(Look.FAINT_INK, Dash.DASHED, Glyph.NONE, false);

  /**
   * A metric of all models.
   *
   * @param label above the panel
   * @param values one per model, from left to right
   * @param level to compare with
   */
  public record Metric(String label, List<Value> values, double level) {
    /** Keeps a copy. */
    public Metric {
      values = List.copyOf(values);
    }
  }

  /**
   * What one model comes to.
   *
   * @param label below the bar
   * @param kind which is its colour: three at most
   * @param point height and spread; where it stands is not used
   */
  public record Value(String label, String kind, Series.Point point) {}

  /** Keeps a copy. */
  public MetricFigure {
    metrics = List.copyOf(metrics);
    long kinds =
        metrics.stream().flatMap(m -> m.values.stream()).map(Value::kind).distinct().count();
    if (kinds < 1 || kinds > COLORS.size()) {
      throw new FigureDataException(
          kinds + " kinds of models: there are colours for 1 to " + COLORS.size());
    }
  }

  /**
   * The figure.
   *
   * @param title one line
   * @param caption below it
   * @return to be written by {@link FigureWriter}
   */
  public FigureSheet sheet(String title, List<String> caption) {
    Map<String, Color> colors = new LinkedHashMap<>();
    metrics.stream()
        .flatMap(metric -> metric.values.stream())
        .forEach(value -> colors.computeIfAbsent(value.kind, _ -> COLORS.get(colors.size())));
    List<Legend.Entry> legend = new ArrayList<>();
    colors.forEach(
        (kind, color) ->
            legend.add(new Legend.Entry(kind, new Bars(kind, color, List.of()).style())));
    legend.add(new Legend.Entry(level, LEVEL));
    return new FigureSheet(
        title,
        caption,
        metrics.stream().map(metric -> panel(metric, colors)).toList(),
        COLUMNS,
        PANEL_HEIGHT,
        new Legend(legend));
  }

  private LinearPanel panel(Metric metric, Map<String, Color> colors) {
    List<Value> values = metric.values;
    double highest =
        Math.max(
            metric.level, values.stream().mapToDouble(value -> value.point.high()).max().orElse(0));
    LinearAxis x = LinearAxis.categories("", values.stream().map(Value::label).toList());
    List<PanelLayer> layers = new ArrayList<>();
    colors.forEach(
        (kind, color) -> {
          List<Bars.Bar> bars = new ArrayList<>();
          for (int i = 0; i < values.size(); i++) {
            if (values.get(i).kind.equals(kind)) {
              bars.add(new Bars.Bar(i - HALF_BAR, i + HALF_BAR, values.get(i).point.y()));
            }
          }
          layers.add(new Bars(kind, color, bars));
        });
    List<Series.Point> spreads = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Series.Point point = values.get(i).point;
      spreads.add(new Series.Point(i, point.y(), point.low(), point.high()));
    }
    layers.add(new Series("spread", SPREAD, Series.Spread.BARS, spreads));
    layers.add(
        new Series(
            level,
            LEVEL,
            Series.Spread.BAND,
            List.of(
                new Series.Point(x.min(), metric.level), new Series.Point(x.max(), metric.level))));
    return new LinearPanel(
        List.of(new Text(metric.label, Look.INK)),
        x,
        LinearAxis.between("", 0, HEADROOM * highest),
        layers,
        List.of());
  }
}
