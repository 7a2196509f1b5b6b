package dev.feedlight.bench.fig3;

import dev.feedlight.bench.plot.ClimateMaps;
import dev.feedlight.bench.plot.ErrorFigure;
import dev.feedlight.bench.plot.FigureSheet;
import dev.feedlight.bench.plot.FigureWriter;
import dev.feedlight.bench.plot.MetricFigure;
import dev.feedlight.bench.plot.Series;
import dev.feedlight.bench.results.ResultLine.Model;
import dev.feedlight.bench.results.Spread;
import dev.feedlight.data.climate.Baseline;
import dev.feedlight.data.climate.ClimateMetrics;
import dev.feedlight.data.climate.Grid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The pictures: metrics, maps of the last year, errors while training. */
final class Fig3Figures {
  /** Whose maps are drawn: the paper's three, and what the Transformer is compared with. */
  private static final List<Fig3Curve> DRAWN =
      List.of(Fig3Curve.VIT_BP, Fig3Curve.VIT_ODFA, Fig3Curve.FCNN_BP, Fig3Curve.FCNN_ODFA);

  private final Fig3Request request;
  private final Fig3Outcomes outcomes;

  Fig3Figures(Fig3Request request, Fig3Outcomes outcomes) {
    this.request = request;
    this.outcomes = outcomes;
  }

  /** Names of the pictures, without ending, in the order to show them. */
  static List<String> names() {
    return List.of("fig3b", "fig3c", "fig3-errors");
  }

  /** Writes all as PNG and SVG. */
  List<Path> write(Path directory) throws IOException {
    List<FigureSheet> sheets = List.of(metrics(), maps(), errors());
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < sheets.size(); i++) {
      files.addAll(FigureWriter.write(sheets.get(i), directory, names().get(i)));
    }
    return files;
  }

  private FigureSheet metrics() {
    List<MetricFigure.Metric> metrics = new ArrayList<>();
    for (MapMetric metric : MapMetric.values()) {
      List<MetricFigure.Value> values = new ArrayList<>();
      for (Fig3Curve curve : Fig3Curve.values()) {
        Spread spread = outcomes.ends(curve, metric::of);
        values.add(
            new MetricFigure.Value(
                curve.network() + " " + shortWay(curve),
                curve.network(),
                new Series.Point(0, spread.mean(), spread.low(), spread.high())));
      }
      double line = metric.of(outcomes.of(Baseline.LINEAR));
      metrics.add(new MetricFigure.Metric(metric.label(request.data().target()), values, line));
    }
    return new MetricFigure("linear fit in every cell", metrics)
        .sheet(
            "Climate projection by two networks",
            captions("Less is better; range over the seeds."));
  }

  private static String shortWay(Fig3Curve curve) {
    return curve == Fig3Curve.FCNN_BP_OWN ? "BP own" : curve.way();
  }

  private FigureSheet maps() {
    Fig3Data data = request.data();
    double[] truth = data.last(data.climate().truth());
    List<ClimateMaps.Prediction> predictions = new ArrayList<>();
    predictions.add(
        prediction("Linear fit", data.last(Baseline.LINEAR.predict(data.climate())), truth));
    for (Fig3Curve curve : DRAWN) {
      double[] map =
          outcomes.first(curve).lastYear().stream().mapToDouble(Float::doubleValue).toArray();
      predictions.add(prediction(curve.label(), map, truth));
    }
    return new ClimateMaps(data.climate().grid(), data.target(), truth, predictions)
        .sheet(
            "Change of the " + data.target().text() + " in " + data.lastYear(),
            captions("Seed " + request.seed() + ". Bias: prediction minus target."));
  }

  private ClimateMaps.Prediction prediction(String model, double[] map, double[] truth) {
    Grid grid = request.data().climate().grid();
    return new ClimateMaps.Prediction(model, map, ClimateMetrics.of(truth, map, grid).rmse());
  }

  private FigureSheet errors() {
    List<ErrorFigure.Network> networks =
        Stream.of(Model.VIT, Model.FCNN)
            .map(
                model ->
                    new ErrorFigure.Network(Fig3Curve.of(model).getFirst().network(), lines(model)))
            .toList();
    return new ErrorFigure(
            networks, outcomes.of(Baseline.LINEAR).rmse(), request.data().target().unit())
        .sheet(
            "Error on years that were not learned from",
            captions(
                "Mean and range over the seeds; every run ends after its last step, whatever this"
                    + " error is."));
  }

  private List<ErrorFigure.Line> lines(Model model) {
    List<ErrorFigure.Line> lines = new ArrayList<>();
    for (Fig3Curve curve : Fig3Curve.of(model)) {
      List<Series.Point> points = new ArrayList<>();
      outcomes
          .errors(curve)
          .forEach(
              (step, spread) ->
                  points.add(new Series.Point(step, spread.mean(), spread.low(), spread.high())));
      lines.add(new ErrorFigure.Line(shortWay(curve), points));
    }
    return lines;
  }

  private List<String> captions(String more) {
    Fig3Data data = request.data();
    List<String> lines = new ArrayList<>();
    if (data.caution() != null) {
      lines.add(data.caution());
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%s \u00B7 learned from %s \u00B7 measured on %s \u00B7 preset %s, %,d steps of %d"
                + " years \u00B7 %d seed%s",
            data.label(),
            String.join(" + ", data.climate().task().training()),
            data.years(),
            request.preset().name(),
            request.steps(),
            request.preset().batch(),
            request.seeds(),
            request.seeds() == 1 ? "" : "s"));
    lines.add(more);
    return lines;
  }
}
