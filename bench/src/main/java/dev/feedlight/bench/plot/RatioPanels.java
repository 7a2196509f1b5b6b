package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.MarkStyle.Dash;
import dev.feedlight.bench.plot.Panel.Text;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The two panels of Fig. 4c: whole step over whole step, projection over projection. */
final class RatioPanels {
  private static final String X_TITLE = "projection size n (n x n)";
  private static final String Y_TITLE = "time by ODFA / time by DFA";
  private static final MarkStyle PAPER =
      new MarkStyle(Look.BLACK, Dash.DOTTED, Glyph.STAR, true, 11);

  private final Map<Fig4Kind, Curve> steps;
  private final Map<Fig4Kind, Curve> projections;

  RatioPanels(Fig4Lines lines) {
    steps = lines.with(Metric.RATIO_STEP).curves(RatioPanels::size);
    projections = lines.with(Metric.RATIO_PROJECTION).curves(RatioPanels::size);
  }

  List<LogLogPanel> panels() {
    Curve paper = new Curve("paper: A6000, real OPU", PAPER, PaperFig4.RATIO_STEP);
    List<Curve> withPaper = new ArrayList<>(steps.values());
    withPaper.add(paper);
    List<Curve> all = Stream.concat(withPaper.stream(), projections.values().stream()).toList();
    double[] heights =
        DoubleStream.concat(DoubleStream.of(Fig4Lines.extent(all)), DoubleStream.of(1)).toArray();
    double[] sizes =
        all.stream()
            .flatMap(curve -> curve.points().stream())
            .mapToDouble(Curve.Point::x)
            .toArray();
    LogAxis x = LogAxis.at(X_TITLE, sizes);
    LogAxis y = LogAxis.over(Y_TITLE, heights);
    List<LogLogPanel> panels = new ArrayList<>();
    panels.add(panel("whole training step", x, y, withPaper, callouts()));
    if (!projections.isEmpty()) {
      panels.add(panel("projection alone", x, y, List.copyOf(projections.values()), List.of()));
    }
    return panels;
  }

  Legend legend() {
    Map<Fig4Kind, Curve> kinds = new TreeMap<>(Fig4Kind.ORDER);
    kinds.putAll(steps);
    kinds.putAll(projections);
    List<Legend.Entry> entries = new ArrayList<>();
    kinds.values().forEach(c -> entries.add(new Legend.Entry(c.label(), c.style())));
    entries.add(new Legend.Entry("paper: A6000 and real OPU", PAPER));
    return new Legend(entries);
  }

  String notes() {
    return "Modelled clock: measured electronics and the optics' frame time. Emulated: the optics"
        + " computed on this device. T: transmission matrix. Thin dashed line: ODFA takes as"
        + " long as DFA.";
  }

  private static LogLogPanel panel(
      String title, LogAxis x, LogAxis y, List<Curve> curves, List<Callout> callouts) {
    return new LogLogPanel(
        List.of(new Text(title, Look.INK)), x, y, curves, callouts, List.of(1.0));
  }

  private static List<Callout> callouts() {
    return PaperFig4.RATIO_STEP.stream()
        .map(
            point ->
                new Callout(
                    point.x(),
                    point.y(),
                    "paper: " + LogTicks.label(point.y()),
                    MarkStyle.point(PAPER.color(), PAPER.glyph(), true, PAPER.size()),
                    "paper: A6000 and real OPU"))
        .toList();
  }

  private static Number size(ResultLine line) {
    if (line.outputs() == null || !line.outputs().equals(line.inputs())) {
      throw new FigureDataException(
          "fig4c needs inputs = outputs = n, not inputs "
              + line.inputs()
              + " and outputs "
              + line.outputs());
    }
    return line.outputs();
  }
}
