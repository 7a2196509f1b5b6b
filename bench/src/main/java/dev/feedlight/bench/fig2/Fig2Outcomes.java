package dev.feedlight.bench.fig2;

import dev.feedlight.bench.results.Spread;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The notes of all runs, which have ended. */
final class Fig2Outcomes {
  private final Map<Fig2Curve, Map<Long, RunNotes>> runs = new LinkedHashMap<>();

  Fig2Outcomes(Fig2Request request) throws IOException {
    for (Fig2Curve curve : Fig2Curve.values()) {
      Map<Long, RunNotes> bySeed = new LinkedHashMap<>();
      for (long seed : request.allSeeds()) {
        bySeed.put(seed, RunNotes.read(request.folder(curve.id(), seed)));
      }
      runs.put(curve, bySeed);
    }
  }

  RunNotes of(Fig2Curve curve, long seed) {
    return runs.get(curve).get(seed);
  }

  /** Of the first seed, for what is shown of one run alone. */
  RunNotes first(Fig2Curve curve) {
    return runs.get(curve).values().iterator().next();
  }

  Spread ends(Fig2Curve curve, ToDoubleFunction<Note.End> what) {
    return Spread.of(
        runs.get(curve).values().stream().map(run -> what.applyAsDouble(run.end())).toList());
  }

  /** Over the seeds, at every step that was measured. */
  Map<Long, Spread> points(Fig2Curve curve, ToDoubleFunction<Note.Point> what) {
    Map<Long, Spread> spreads = new LinkedHashMap<>();
    first(curve)
        .all(Note.Point.class)
        .mapToLong(Note.Point::step)
        .forEach(
            step -> {
              List<Double> values =
                  runs.get(curve).values().stream()
                      .flatMap(run -> run.all(Note.Point.class))
                      .filter(point -> point.step() == step)
                      .map(what::applyAsDouble)
                      .filter(value -> !Double.isNaN(value))
                      .toList();
              if (!values.isEmpty()) {
                spreads.put(step, Spread.of(values));
              }
            });
    return spreads;
  }
}
