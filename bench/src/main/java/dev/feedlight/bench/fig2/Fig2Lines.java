package dev.feedlight.bench.fig2;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Clock;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.bench.training.RunKeys;
import dev.feedlight.bench.training.RunLines;
import dev.feedlight.learn.BlockAlignment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The lines of {@code results.jsonl}, {@code curves.jsonl} and {@code samples.jsonl}. */
final class Fig2Lines {
  private final Fig2Request request;
  private final Fig2Outcomes outcomes;

  Fig2Lines(Fig2Request request, Fig2Outcomes outcomes) {
    this.request = request;
    this.outcomes = outcomes;
  }

  /** Final numbers: a line per seed, then one that sums them up. */
  List<ResultLine> results() {
    List<ResultLine> lines = new ArrayList<>();
    for (Fig2Curve curve : Fig2Curve.values()) {
      add(lines, curve, Metric.HELDOUT_LOSS_NATS, null, Note.End::testLoss);
    }
    for (Fig2Curve curve : Fig2Curve.values()) {
      Clock clock = curve == Fig2Curve.ODFA ? Clock.EMULATED : Clock.NONE;
      add(lines, curve, Metric.MS_PER_STEP, clock, end -> 1e3 * end.seconds() / end.step());
    }
    return lines;
  }

  private void add(
      List<ResultLine> lines,
      Fig2Curve curve,
      Metric metric,
      Clock clock,
      ToDoubleFunction<Note.End> what) {
    Map<Long, Note.End> ends = new LinkedHashMap<>();
    request.allSeeds().forEach(seed -> ends.put(seed, outcomes.of(curve, seed).end()));
    lines.addAll(RunLines.ofSeeds(ends, end -> line(curve, metric, clock, end), what));
  }

  private ResultLineBuilder line(Fig2Curve curve, Metric metric, Clock clock, Note.End end) {
    ResultLineBuilder line = keys(curve).result(metric).commit(end.commit());
    if (curve == Fig2Curve.ODFA) {
      line.transmission(request.preset().signal().opu().matrix().toString());
    }
    return clock == null ? line : line.clock(clock);
  }

  private RunKeys keys(Fig2Curve curve) {
    Fig2Preset preset = request.preset();
    return new RunKeys(
        Fig2Run.EXPERIMENT,
        preset.name(),
        request.data().label(),
        ResultLine.Model.GPT,
        curve.training(preset).optimizerName(),
        curve.rule(preset).name(),
        curve.configuration(),
        preset.shape().width(),
        preset.shape().layers(),
        preset.windows(),
        request.choice().device());
  }

  /** What was measured along the way. */
  List<String> curves() {
    List<String> lines = new ArrayList<>();
    for (Fig2Curve curve : Fig2Curve.values()) {
      for (long seed : request.allSeeds()) {
        RunNotes notes = outcomes.of(curve, seed);
        String commit = notes.end().commit();
        notes.all(Note.Point.class).forEach(point -> addPoint(lines, curve, seed, point, commit));
        notes
            .all(Note.Alignment.class)
            .forEach(
                event ->
                    event.blocks().subList(0, event.blocks().size() - 1).stream()
                        .filter(block -> !Double.isNaN(block.gradientMean()))
                        .forEach(block -> addAlignment(lines, curve, seed, event, block, commit)));
      }
    }
    return lines;
  }

  private void addPoint(
      List<String> lines, Fig2Curve curve, long seed, Note.Point point, String commit) {
    if (!Double.isNaN(point.trainLoss())) {
      Map<String, Object> line = common(curve, point.step());
      put(line, "train_loss_nats", "nats", point.trainLoss());
      lines.add(json(line, seed, commit));
    }
    Map<String, Object> line = common(curve, point.step());
    put(line, "heldout_loss_nats", "nats", point.heldOutLoss());
    line.put("part", "validation");
    line.put("seconds", point.seconds());
    lines.add(json(line, seed, commit));
  }

  private void addAlignment(
      List<String> lines,
      Fig2Curve curve,
      long seed,
      Note.Alignment event,
      BlockAlignment block,
      String commit) {
    Map<String, Object> line = common(curve, event.step());
    line.put("block", block.block());
    line.put("block_name", block.name());
    put(line, "gradient_alignment", "1", block.gradientMean());
    line.put("low", block.gradientMean() - block.gradientStd());
    line.put("high", block.gradientMean() + block.gradientStd());
    line.put("n", request.preset().tokensPerStep());
    lines.add(json(line, seed, commit));
  }

  private static void put(Map<String, Object> line, String metric, String unit, double value) {
    line.put("metric", metric);
    line.put("unit", unit);
    line.put("value", value);
  }

  private Map<String, Object> common(Fig2Curve curve, long step) {
    Map<String, Object> line = keys(curve).curve(step);
    line.put("tokens", step * request.preset().tokensPerStep());
    return line;
  }

  /** Text at 0, 20 and 100 % of the training. */
  List<String> samples() {
    List<String> lines = new ArrayList<>();
    for (Fig2Curve curve : Fig2Curve.values()) {
      for (long seed : request.allSeeds()) {
        RunNotes notes = outcomes.of(curve, seed);
        notes
            .all(Note.Sample.class)
            .forEach(
                sample -> {
                  Map<String, Object> line = common(curve, sample.step());
                  line.put("percent", sample.percent());
                  line.put("prompt", request.prompt());
                  line.put("text", sample.text());
                  lines.add(json(line, seed, notes.end().commit()));
                });
      }
    }
    return lines;
  }

  private String json(Map<String, Object> line, long seed, String commit) {
    line.put("seed", seed);
    line.put("commit", commit);
    return RunLines.json(line);
  }
}
