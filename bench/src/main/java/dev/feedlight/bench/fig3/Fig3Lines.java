package dev.feedlight.bench.fig3;

import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.NoteFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Clock;
import dev.feedlight.bench.results.ResultLine.Model;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.bench.training.RunKeys;
import dev.feedlight.bench.training.RunLines;
import dev.feedlight.data.climate.Baseline;
import dev.feedlight.data.climate.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The lines of {@code results.jsonl} and {@code curves.jsonl}. */
final class Fig3Lines {
  private final Fig3Request request;
  private final Fig3Outcomes outcomes;

  Fig3Lines(Fig3Request request, Fig3Outcomes outcomes) {
    this.request = request;
    this.outcomes = outcomes;
  }

  /** Final numbers: a line per seed, then one that sums them up; baselines have no seed. */
  List<ResultLine> results() {
    List<ResultLine> lines = new ArrayList<>();
    Target target = request.data().target();
    for (MapMetric metric : MapMetric.values()) {
      for (Baseline baseline : Baseline.values()) {
        double value = metric.of(outcomes.of(baseline));
        lines.add(
            ResultLine.of(Fig3Run.EXPERIMENT, metric.metric(target))
                .preset(request.preset().name())
                .data(request.data().label())
                .model(Model.valueOf(baseline.name()))
                .implementation(ResultLine.Implementation.FEEDLIGHT)
                .value(value)
                .spread(value, value)
                .n(1)
                .commit(Commit.current())
                .build());
      }
      for (Fig3Curve curve : Fig3Curve.values()) {
        add(lines, curve, metric.metric(target), null, metric::of);
      }
    }
    for (Fig3Curve curve : Fig3Curve.values()) {
      Clock clock = curve.optical() ? Clock.EMULATED : Clock.NONE;
      add(lines, curve, Metric.MS_PER_STEP, clock, end -> 1e3 * end.seconds() / end.step());
    }
    return lines;
  }

  private void add(
      List<ResultLine> lines,
      Fig3Curve curve,
      Metric metric,
      Clock clock,
      ToDoubleFunction<MapNote.End> what) {
    Map<Long, MapNote.End> ends = new LinkedHashMap<>();
    request.allSeeds().forEach(seed -> ends.put(seed, outcomes.end(curve, seed)));
    lines.addAll(RunLines.ofSeeds(ends, end -> line(curve, metric, clock, end), what));
  }

  private ResultLineBuilder line(Fig3Curve curve, Metric metric, Clock clock, MapNote.End end) {
    ResultLineBuilder line =
        keys(curve)
            .result(metric)
            .inputs(request.data().climate().training().inputs())
            .outputs(request.data().climate().training().outputs())
            .commit(end.commit());
    if (curve.optical()) {
      line.transmission(curve.signal(request.preset()).opu().matrix().toString());
    }
    return clock == null ? line : line.clock(clock);
  }

  private RunKeys keys(Fig3Curve curve) {
    Fig3Preset preset = request.preset();
    return new RunKeys(
        Fig3Run.EXPERIMENT,
        preset.name(),
        request.data().label(),
        curve.model(),
        curve.training(preset).optimizerName(),
        curve.rule(preset).name(),
        curve.configuration(),
        width(curve),
        depth(curve),
        preset.batch(),
        request.choice().device());
  }

  private long width(Fig3Curve curve) {
    return curve.model() == Model.VIT
        ? request.preset().vit().width()
        : request.preset().fcnn().hidden().getFirst();
  }

  private int depth(Fig3Curve curve) {
    return curve.model() == Model.VIT
        ? request.preset().vit().layers()
        : request.preset().fcnn().hidden().size() + 1;
  }

  /** What was measured along the way. */
  List<String> curves() {
    List<String> lines = new ArrayList<>();
    Metric rmse = MapMetric.RMSE.metric(request.data().target());
    String name = rmse.name().toLowerCase(Locale.ROOT);
    for (Fig3Curve curve : Fig3Curve.values()) {
      for (long seed : request.allSeeds()) {
        NoteFile<MapNote> notes = outcomes.of(curve, seed);
        for (MapNote.Point point : notes.all(MapNote.Point.class).toList()) {
          if (!Double.isNaN(point.trainRmse())) {
            lines.add(line(curve, seed, point, "train_" + name, point.trainRmse()));
          }
          lines.add(line(curve, seed, point, name, point.testRmse()));
        }
      }
    }
    return lines;
  }

  private String line(
      Fig3Curve curve, long seed, MapNote.Point point, String metric, double value) {
    Map<String, Object> line = keys(curve).curve(point.step());
    line.put("metric", metric);
    line.put("unit", request.data().target().unit());
    line.put("value", value);
    line.put("seconds", point.seconds());
    line.put("seed", seed);
    line.put("commit", outcomes.end(curve, seed).commit());
    return RunLines.json(line);
  }
}
