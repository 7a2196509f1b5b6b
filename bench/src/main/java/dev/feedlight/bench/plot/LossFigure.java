package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.MarkStyle.Dash;
import dev.feedlight.bench.plot.Panel.Text;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loss curves of several ways to train, while training and on what is held out, over tokens, with
 * levels that mean something.
 */
public final class LossFigure {
  private static final int PANEL_HEIGHT = 430;

  /** The first is a variant of the second: its colour, dashed. */
  private static final List<MarkStyle> STYLES =
      List.of(
          MarkStyle.line(Look.BLUE, Dash.DASHED, Glyph.DIAMOND, false),
          MarkStyle.line(Look.BLUE, Dash.SOLID, Glyph.CIRCLE, true),
          MarkStyle.line(Look.GREEN, Dash.SOLID, Glyph.SQUARE, true),
          MarkStyle.line(Look.VERMILLION, Dash.SOLID, Glyph.TRIANGLE_UP, true),
          MarkStyle.line(Look.PURPLE, Dash.SOLID, Glyph.TRIANGLE_DOWN, true));

  private static final List<Dash> LEVEL_DASHES = List.of(Dash.DASH_DOT, Dash.DOTTED);

  private final List<Line> lines;
  private final List<Level> levels;

  /**
   * One way to train; x in millions of tokens, y in nats.
   *
   * @param label text in the legend
   * @param training loss while training
   * @param heldOut loss on what is held out
   */
  public record Line(String label, List<Series.Point> training, List<Series.Point> heldOut) {
    /** Keeps copies. */
    public Line {
      training = List.copyOf(training);
      heldOut = List.copyOf(heldOut);
    }
  }

  /**
   * A line across both panels.
   *
   * @param label text in the legend
   * @param nats where it lies
   */
  public record Level(String label, double nats) {}

  /**
   * Prepares the figure.
   *
   * @param lines five at most, the first a variant of the second
   * @param levels two at most
   * @throws FigureDataException if there are more, or no points
   */
  public LossFigure(List<Line> lines, List<Level> levels) {
    if (lines.size() > STYLES.size() || levels.size() > LEVEL_DASHES.size()) {
      throw new FigureDataException(
          lines.size() + " loss curves and " + levels.size() + " levels are more than 5 and 2");
    }
    this.lines = List.copyOf(lines);
    this.levels = List.copyOf(levels);
  }

  /**
   * The figure.
   *
   * @param title one line
   * @param caption below it
   * @return to be written by {@link FigureWriter}
   */
  public FigureSheet sheet(String title, List<String> caption) {
    double[] xs = points().mapToDouble(Series.Point::x).toArray();
    double[] ys =
        Stream.concat(
                points().flatMap(point -> Stream.of(point.low(), point.high())),
                levels.stream().map(Level::nats))
            .mapToDouble(Double::doubleValue)
            .toArray();
    LinearAxis x = LinearAxis.over("tokens trained on (millions)", xs);
    LinearAxis y = LinearAxis.over("loss (nats per token)", ys);
    List<Series> training = new ArrayList<>(levels(x));
    List<Series> heldOut = new ArrayList<>(training);
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      training.add(new Series(line.label, STYLES.get(i), Series.Spread.BAND, line.training));
      heldOut.add(new Series(line.label, STYLES.get(i), Series.Spread.BAND, line.heldOut));
    }
    List<Legend.Entry> entries = new ArrayList<>();
    heldOut.subList(levels.size(), heldOut.size()).forEach(one -> add(entries, one));
    heldOut.subList(0, levels.size()).forEach(one -> add(entries, one));
    training.removeIf(one -> one.points().isEmpty());
    return new FigureSheet(
        title,
        caption,
        List.of(panel("while training", x, y, training), panel("on text held out", x, y, heldOut)),
        2,
        PANEL_HEIGHT,
        new Legend(entries));
  }

  private static void add(List<Legend.Entry> entries, Series one) {
    entries.add(new Legend.Entry(one.label(), one.style()));
  }

  private static LinearPanel panel(String title, LinearAxis x, LinearAxis y, List<Series> series) {
    return new LinearPanel(List.of(new Text(title, Look.INK)), x, y, series, List.of());
  }

  private Stream<Series.Point> points() {
    return lines.stream()
        .flatMap(line -> Stream.concat(line.training.stream(), line.heldOut.stream()));
  }

  private List<Series> levels(LinearAxis x) {
    List<Series> across = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      Level level = levels.get(i);
      Color color = Look.FAINT_INK;
      across.add(
          new Series(
              level.label,
              MarkStyle.line(color, LEVEL_DASHES.get(i), Glyph.NONE, false),
              Series.Spread.BAND,
              List.of(
                  new Series.Point(x.min(), level.nats), new Series.Point(x.max(), level.nats))));
    }
    return across;
  }
}
