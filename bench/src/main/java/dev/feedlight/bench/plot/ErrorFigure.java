package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.MarkStyle.Dash;
import dev.feedlight.bench.plot.Panel.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Errors over the steps of training, a panel for every network, with a level to compare with. Ways
 * of training that networks share have one colour.
 *
 * @param networks in reading order
 * @param linear error of a linear fit
 * @param unit of the errors
 */
public record ErrorFigure(List<Network> networks, double linear, String unit) {
  private static final int PANEL_HEIGHT = 430;
  private static final MarkStyle LEVEL =
      MarkStyle.line(Look.FAINT_INK, Dash.DASHED, Glyph.NONE, false);
  private static final List<MarkStyle> STYLES =
      List.of(
          MarkStyle.line(Look.BLUE, Dash.SOLID, Glyph.CIRCLE, true),
          MarkStyle.line(Look.GREEN, Dash.SOLID, Glyph.SQUARE, true),
          MarkStyle.line(Look.VERMILLION, Dash.SOLID, Glyph.TRIANGLE_UP, true),
          MarkStyle.line(Look.PURPLE, Dash.SOLID, Glyph.TRIANGLE_DOWN, true),
          MarkStyle.line(Look.BLUE, Dash.DOTTED, Glyph.DIAMOND, false));

  /**
   * A network.
   *
   * @param label above its panel
   * @param lines by the ways of training
   */
  public record Network(String label, List<Line> lines) {
    /** Keeps a copy. */
    public Network {
      lines = List.copyOf(lines);
    }
  }

  /**
   * A way of training.
   *
   * @param label text in the legend
   * @param points x in steps, y in the unit
   */
  public record Line(String label, List<Series.Point> points) {
    /** Keeps a copy. */
    public Line {
      points = List.copyOf(points);
    }
  }

  /** Keeps a copy. */
  public ErrorFigure {
    networks = List.copyOf(networks);
    long ways =
        networks.stream().flatMap(n -> n.lines.stream()).map(Line::label).distinct().count();
    if (ways < 1 || ways > STYLES.size()) {
      throw new FigureDataException(
          ways + " ways of training: 1 to " + STYLES.size() + " are drawn");
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
    Map<String, MarkStyle> styles = new LinkedHashMap<>();
    networks.stream()
        .flatMap(network -> network.lines.stream())
        .forEach(line -> styles.computeIfAbsent(line.label, _ -> STYLES.get(styles.size())));
    LinearAxis x =
        LinearAxis.over("steps of training", points().mapToDouble(Series.Point::x).toArray());
    double highest = Math.max(linear, points().mapToDouble(Series.Point::high).max().orElse(0));
    LinearAxis y = LinearAxis.between("RMSE (" + unit + ")", 0, highest);
    List<Legend.Entry> legend = new ArrayList<>();
    styles.forEach((label, style) -> legend.add(new Legend.Entry(label, style)));
    legend.add(new Legend.Entry("linear fit in every cell", LEVEL));
    List<LinearPanel> panels =
        networks.stream()
            .map(
                network ->
                    new LinearPanel(
                        List.of(new Text(network.label, Look.INK)),
                        x,
                        y,
                        layers(network, styles, x),
                        List.of()))
            .toList();
    return new FigureSheet(title, caption, panels, 2, PANEL_HEIGHT, new Legend(legend));
  }

  private List<Series> layers(Network network, Map<String, MarkStyle> styles, LinearAxis x) {
    List<Series> layers = new ArrayList<>();
    layers.add(
        new Series(
            "linear",
            LEVEL,
            Series.Spread.BAND,
            List.of(new Series.Point(x.min(), linear), new Series.Point(x.max(), linear))));
    for (Line line : network.lines) {
      layers.add(new Series(line.label, styles.get(line.label), Series.Spread.BAND, line.points));
    }
    return layers;
  }

  private Stream<Series.Point> points() {
    return networks.stream()
        .flatMap(network -> network.lines.stream())
        .flatMap(line -> line.points.stream());
  }
}
