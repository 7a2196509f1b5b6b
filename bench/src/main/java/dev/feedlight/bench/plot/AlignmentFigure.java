package dev.feedlight.bench.plot;

import dev.feedlight.TrainingListener.AlignmentEvent;
import dev.feedlight.bench.plot.MarkStyle.Dash;
import dev.feedlight.bench.plot.Panel.Text;
import dev.feedlight.learn.BlockAlignment;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Alignment over training: gradients with their spread over the batch, and beside them weights
 * where they are defined. Both panels share an axis from -0.2, or lower if a mean lies lower, to 1.
 */
public final class AlignmentFigure {
  private static final String Y_TITLE = "alignment (cosine)";
  private static final double LEAST = -0.2;
  private static final double AXIS_STEP = 0.2;
  private static final int PANEL_HEIGHT = 400;

  /** More blocks than these in one panel cannot be told apart. */
  private static final int MOST_BLOCKS = 8;

  /** Told apart more easily than a sequence, as long as there are enough of them. */
  private static final List<Color> FEW_COLORS =
      List.of(Look.BLUE, Look.VERMILLION, Look.GREEN, Look.PURPLE, Look.ORANGE);

  private static final Glyph[] GLYPHS = {
    Glyph.CIRCLE, Glyph.SQUARE, Glyph.TRIANGLE_UP, Glyph.DIAMOND, Glyph.TRIANGLE_DOWN
  };

  private final List<AlignmentEvent> events;
  private final List<BlockAlignment> all;
  private final List<BlockAlignment> shown;
  private final List<Color> colors;

  /**
   * Prepares the figure.
   *
   * @param events in ascending order of step, all of the same blocks, at least one
   * @throws FigureDataException if there is no event
   */
  public AlignmentFigure(List<AlignmentEvent> events) {
    if (events.isEmpty()) {
      throw new FigureDataException("alignment was never measured: there is nothing to draw");
    }
    this.events = List.copyOf(events);
    this.all = events.getFirst().blocks();
    this.shown = thinned(all);
    this.colors = shown.size() <= FEW_COLORS.size() ? FEW_COLORS : Look.sequence(shown.size());
  }

  /**
   * The figure.
   *
   * @param title one line
   * @param conditions of the run; what lines and bands mean is added
   * @return to be written by {@link FigureWriter}
   */
  public FigureSheet sheet(String title, String conditions) {
    List<Series> gradients = new ArrayList<>();
    List<Series> weights = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      // The last block gets its exact gradient: 1 by definition, not measured.
      if (shown.get(i).block() < all.getLast().block()) {
        gradients.add(series(i, AlignmentFigure::gradient));
      }
      weights.add(series(i, AlignmentFigure::weight));
    }
    gradients.removeIf(line -> line.points().isEmpty());
    weights.removeIf(line -> line.points().isEmpty());
    LinearAxis x =
        LinearAxis.over("step", events.stream().mapToDouble(AlignmentEvent::step).toArray());
    List<Series> lines = new ArrayList<>(gradients);
    lines.addAll(weights);
    LinearAxis y = yAxis(lines);
    List<LinearPanel> panels = new ArrayList<>();
    panels.add(panel("gradient alignment", x, y, gradients));
    if (!weights.isEmpty()) {
      panels.add(panel("weight alignment", x, y, weights));
    }
    return new FigureSheet(
        title,
        List.of(conditions, meaning(!weights.isEmpty())),
        panels,
        panels.size(),
        PANEL_HEIGHT,
        legend(lines));
  }

  private String meaning(boolean withWeights) {
    String text =
        "Gradients: cosine between a block's true gradient and the signal in its place; line and"
            + " band: mean and standard deviation over the batch.";
    if (withWeights) {
      text +=
          " Weights: cosine between W(l) and F(l) F(l\u22121)\u1D40, last block:"
              + " F(l\u22121)\u1D40.";
    }
    if (shown.size() < all.size()) {
      text += " " + shown.size() + " of " + all.size() + " blocks are drawn.";
    }
    return text;
  }

  private static LinearPanel panel(String title, LinearAxis x, LinearAxis y, List<Series> lines) {
    return new LinearPanel(List.of(new Text(title, Look.INK)), x, y, lines, List.of(0.0));
  }

  /** Blocks in order, those of both panels once. */
  private static Legend legend(List<Series> lines) {
    Set<Legend.Entry> entries = new LinkedHashSet<>();
    lines.forEach(line -> entries.add(new Legend.Entry(line.label(), line.style())));
    return new Legend(List.copyOf(entries));
  }

  private static LinearAxis yAxis(List<Series> lines) {
    double lowest =
        lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(Series.Point::y)
            .min()
            .orElse(0);
    double bottom = Math.clamp(AXIS_STEP * Math.floor(lowest / AXIS_STEP), -1, LEAST);
    return LinearAxis.between(Y_TITLE, bottom, 1);
  }

  /** What a panel shows of a block. */
  private interface Measured {
    /** The point, or null where there is none. */
    Series.Point at(long step, BlockAlignment block);
  }

  private Series series(int place, Measured measured) {
    List<Series.Point> points = new ArrayList<>();
    for (AlignmentEvent event : events) {
      for (BlockAlignment block : event.blocks()) {
        Series.Point point = measured.at(event.step(), block);
        if (block.block() == shown.get(place).block() && point != null) {
          points.add(point);
        }
      }
    }
    Glyph glyph = GLYPHS[place % GLYPHS.length];
    MarkStyle style = MarkStyle.line(colors.get(place), Dash.SOLID, glyph, true);
    return new Series(shown.get(place).name(), style, Series.Spread.BAND, points);
  }

  private static Series.Point gradient(long step, BlockAlignment block) {
    double mean = block.gradientMean();
    double std = block.gradientStd();
    return Double.isNaN(mean) ? null : new Series.Point(step, mean, mean - std, mean + std);
  }

  private static Series.Point weight(long step, BlockAlignment block) {
    return Double.isNaN(block.weight()) ? null : new Series.Point(step, block.weight());
  }

  /** Evenly spaced ones, the first and the last among them, if there are too many. */
  private static List<BlockAlignment> thinned(List<BlockAlignment> blocks) {
    if (blocks.size() <= MOST_BLOCKS) {
      return blocks;
    }
    List<BlockAlignment> kept = new ArrayList<>();
    for (int i = 0; i < MOST_BLOCKS; i++) {
      double place = i * (blocks.size() - 1.0) / (MOST_BLOCKS - 1);
      kept.add(blocks.get(Math.toIntExact(Math.round(place))));
    }
    return kept;
  }
}
