package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.Panel.Text;
import dev.feedlight.bench.results.ResultLine.Clock;
import dev.feedlight.bench.results.ResultLine.Rule;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * The panels of Fig. 4a or 4b: one per depth (or width) with a curve per rule, and a last one as
 * the paper draws it: BP and ODFA at all of them, coloured from blue for little to red for much.
 */
final class TimePanels {
  private static final String Y_TITLE = "time per sample (ms)";

  /** With the paper's way of drawing as the twelfth, four rows of three. */
  private static final int MOST_PANELS = 11;

  /** The axis reaches so many times as high as the paper's stars, for the texts beside them. */
  private static final double HEADROOM = 2;

  private static final Color CROSSOVER = Look.BLACK;

  private final Fig4Lines lines;
  private final Fig4Axis axis;
  private final List<Integer> all;
  private final List<Integer> shown;
  private final LogAxis y;
  private final List<LogLogPanel> panels = new ArrayList<>();

  TimePanels(Fig4Lines lines, Fig4Axis axis) {
    this.lines = lines;
    this.axis = axis;
    this.all = lines.values(axis.other().noun(), axis.other().key());
    this.shown = thinned(all);
    lines.values(axis.noun(), axis.key());
    DoubleStream measured =
        all.stream().flatMapToDouble(value -> DoubleStream.of(Fig4Lines.extent(curves(value))));
    DoubleStream paper = DoubleStream.of(HEADROOM * PaperFig4.BP_MS_PER_SAMPLE);
    this.y = LogAxis.over(Y_TITLE, DoubleStream.concat(measured, paper).toArray());
    shown.forEach(value -> panels.add(panel(value)));
    panels.add(asInThePaper());
  }

  List<LogLogPanel> panels() {
    return panels;
  }

  int columns() {
    return switch (shown.size()) {
      case 1, 3 -> 2;
      default -> 3;
    };
  }

  String notes() {
    String notes =
        "Modelled clock: measured electronics, then the optics' frame time (or both at once:"
            + " overlapped). Emulated: the optics computed on this device. Last panel: BP (crosses)"
            + " and ODFA (dots) as the paper draws them. Stars: the paper's A6000 with a real OPU,"
            + " batch unpublished.";
    if (shown.size() == all.size()) {
      return notes;
    }
    return notes
        + String.format(
            Locale.ROOT,
            " %d of %d values of %s have a panel of their own.",
            shown.size(),
            all.size(),
            axis.other().noun());
  }

  Legend legend() {
    Map<Fig4Kind, Legend.Entry> entries = new TreeMap<>(Fig4Kind.ORDER);
    lines
        .curves(axis.key())
        .forEach(
            (kind, curve) -> entries.put(kind, new Legend.Entry(curve.label(), curve.style())));
    List<Legend.Entry> all = new ArrayList<>(entries.values());
    panels.stream()
        .flatMap(panel -> panel.callouts().stream())
        .map(callout -> new Legend.Entry(callout.label(), callout.style()))
        .distinct()
        .sorted(Comparator.comparing(Legend.Entry::label))
        .forEach(all::add);
    return new Legend(all);
  }

  private LogLogPanel panel(int value) {
    Map<Fig4Kind, Curve> curves = lines.where(axis.other().key(), value).curves(axis.key());
    List<Callout> callouts = new ArrayList<>(crossovers(curves));
    if (value == axis.other().paper()) {
      callouts.addAll(paper());
    }
    return new LogLogPanel(
        List.of(new Text(axis.other().noun() + " " + value, Look.INK)),
        xAxis(curves.values(), callouts),
        y,
        List.copyOf(curves.values()),
        callouts,
        List.of());
  }

  private LogLogPanel asInThePaper() {
    List<Color> colors = Look.sequence(all.size());
    List<Text> title = new ArrayList<>();
    title.add(new Text("as in the paper: " + axis.other().noun(), Look.INK));
    List<Curve> drawn = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      title.add(new Text(all.get(i).toString(), colors.get(i)));
      Map<Fig4Kind, Curve> curves = lines.where(axis.other().key(), all.get(i)).curves(axis.key());
      for (Optional<Curve> curve : List.of(backpropagation(curves), optical(curves))) {
        if (curve.isPresent()) {
          MarkStyle style = curve.get().style().withColor(colors.get(i));
          drawn.add(new Curve(curve.get().label(), style, curve.get().points()));
        }
      }
    }
    return new LogLogPanel(title, xAxis(drawn, paper()), y, drawn, paper(), List.of());
  }

  private Collection<Curve> curves(int value) {
    return lines.where(axis.other().key(), value).curves(axis.key()).values();
  }

  private LogAxis xAxis(Collection<Curve> curves, List<Callout> callouts) {
    DoubleStream measured =
        curves.stream().flatMap(curve -> curve.points().stream()).mapToDouble(Curve.Point::x);
    boolean hasPaper = callouts.stream().anyMatch(callout -> callout.x() == axis.paper());
    DoubleStream paper = hasPaper ? DoubleStream.of(axis.paper()) : DoubleStream.empty();
    return LogAxis.at(axis.title(), DoubleStream.concat(measured, paper).toArray());
  }

  private List<Callout> paper() {
    String where = "paper, " + PaperFig4.DEPTH + " x " + PaperFig4.WIDTH;
    // Both times fall on one spot of a logarithmic axis: an open star around a filled one.
    return List.of(
        new Callout(
            axis.paper(),
            PaperFig4.BP_MS_PER_SAMPLE,
            "BP " + PaperFig4.BP_MS_PER_SAMPLE,
            MarkStyle.point(Look.BLUE, Glyph.STAR, false, 19),
            where + ": BP"),
        new Callout(
            axis.paper(),
            PaperFig4.ODFA_MS_PER_SAMPLE,
            "ODFA " + PaperFig4.ODFA_MS_PER_SAMPLE,
            MarkStyle.point(Look.VERMILLION, Glyph.STAR, true, 8),
            where + ": ODFA"));
  }

  private List<Callout> crossovers(Map<Fig4Kind, Curve> curves) {
    Optional<Curve> base = backpropagation(curves);
    List<Callout> callouts = new ArrayList<>();
    curves.forEach(
        (kind, curve) -> {
          if (kind.isModelled() && base.isPresent()) {
            Crossover.of(curve, base.get())
                .ifPresent(crossing -> callouts.add(callout(kind, crossing)));
          }
        });
    return callouts;
  }

  private Callout callout(Fig4Kind kind, Crossover crossing) {
    String x =
        crossing.fromStart()
            ? "\u2264 " + Math.round(crossing.x())
            // A crossing between two measured values is not known better than to two digits.
            : "\u2248 " + LogTicks.label(crossing.x(), 2);
    return new Callout(
        crossing.x(),
        crossing.y(),
        (kind.overlapped() ? "overlapped " : "crossover ") + x,
        MarkStyle.point(CROSSOVER, Glyph.DIAMOND, !kind.overlapped(), 11),
        kind.overlapped() ? "crossover, overlapped" : "crossover (ODFA at most BP)");
  }

  private static Optional<Curve> backpropagation(Map<Fig4Kind, Curve> curves) {
    return Optional.ofNullable(curves.get(new Fig4Kind(Rule.BP, Clock.NONE, false, "")));
  }

  /** What stands for ODFA in the paper's own way of drawing: its optical time if there is one. */
  private static Optional<Curve> optical(Map<Fig4Kind, Curve> curves) {
    return curves.entrySet().stream()
        .filter(entry -> entry.getKey().rule() == Rule.ODFA)
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Evenly spaced ones, the first and the last among them, if there are too many. */
  private static List<Integer> thinned(List<Integer> values) {
    if (values.size() <= MOST_PANELS) {
      return values;
    }
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < MOST_PANELS; i++) {
      kept.add(
          values.get(Math.toIntExact(Math.round(i * (values.size() - 1.0) / (MOST_PANELS - 1)))));
    }
    return kept;
  }
}
