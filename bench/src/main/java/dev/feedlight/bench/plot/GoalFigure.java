package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.MarkStyle.Dash;
import dev.feedlight.bench.plot.Panel.Text;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ratios held against goals: panels of bars, a bar per case.
 *
 * @param title one line
 * @param caption the conditions; what lines and bars mean is added
 * @param xTitle what the cases are
 * @param goals panels in reading order
 * @param columns panels per row
 */
public record GoalFigure(
    String title, String caption, String xTitle, List<Goal> goals, int columns) {
  private static final int PANEL_HEIGHT = 190;
  private static final double HALF_BAR = 0.33;
  private static final double HEADROOM = 1.08;

  private static final MarkStyle SPREAD = MarkStyle.line(Look.INK, Dash.NO_LINE, Glyph.NONE, false);

  /** Keeps a copy. */
  public GoalFigure {
    goals = List.copyOf(goals);
  }

  /**
   * Ratios and the largest that is good enough.
   *
   * @param label what is divided by what, and where
   * @param most the goal
   * @param ratios one per case, from left to right
   */
  public record Goal(String label, double most, List<Ratio> ratios) {
    /** Keeps a copy. */
    public Goal {
      ratios = List.copyOf(ratios);
    }
  }

  /**
   * One case.
   *
   * @param label below the bar
   * @param low lower end of the spread
   * @param value height of the bar
   * @param high upper end of the spread
   */
  public record Ratio(String label, double low, double value, double high) {}

  /**
   * The figure.
   *
   * @return to be written by {@link FigureWriter}
   * @throws FigureDataException if there is no goal or no case
   */
  public FigureSheet sheet() {
    List<Ratio> all = goals.stream().flatMap(goal -> goal.ratios.stream()).toList();
    double highest = Math.max(1, all.stream().mapToDouble(Ratio::high).max().orElse(1));
    LinearAxis y = LinearAxis.between("ratio", 0, HEADROOM * highest);
    List<LinearPanel> panels = goals.stream().map(goal -> panel(goal, y)).toList();
    List<Legend.Entry> legend =
        List.of(
            new Legend.Entry("meets the goal", bars(true, List.of()).style()),
            new Legend.Entry("misses the goal", bars(false, List.of()).style()));
    return new FigureSheet(
        title,
        List.of(caption, "Thin lines: 1 and the goal."),
        panels,
        columns,
        PANEL_HEIGHT,
        new Legend(legend));
  }

  private LinearPanel panel(Goal goal, LinearAxis y) {
    LinearAxis x = LinearAxis.categories(xTitle, goal.ratios.stream().map(Ratio::label).toList());
    List<Bars.Bar> met = new ArrayList<>();
    List<Bars.Bar> missed = new ArrayList<>();
    List<Series.Point> spreads = new ArrayList<>();
    for (int i = 0; i < goal.ratios.size(); i++) {
      Ratio ratio = goal.ratios.get(i);
      Bars.Bar bar = new Bars.Bar(i - HALF_BAR, i + HALF_BAR, ratio.value);
      (ratio.value <= goal.most ? met : missed).add(bar);
      spreads.add(new Series.Point(i, ratio.value, ratio.low, ratio.high));
    }
    String label = String.format(Locale.ROOT, "%s; goal %.2f", goal.label, goal.most);
    return new LinearPanel(
        List.of(new Text(label, Look.INK)),
        x,
        y,
        List.of(
            bars(true, met),
            bars(false, missed),
            new Series("spread", SPREAD, Series.Spread.BARS, spreads)),
        List.of(1.0, goal.most));
  }

  private static Bars bars(boolean met, List<Bars.Bar> bars) {
    Color color = met ? Look.GREEN : Look.VERMILLION;
    return new Bars(met ? "met" : "missed", color, bars);
  }
}
