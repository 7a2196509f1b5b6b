package dev.feedlight.bench.fig3;

import dev.feedlight.bench.results.NoteFile;
import dev.feedlight.bench.results.Spread;
import dev.feedlight.data.climate.Baseline;
import dev.feedlight.data.climate.ClimateMetrics;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The notes of all runs, which have ended, and what the baselines come to. */
final class Fig3Outcomes {
  private final Map<Fig3Curve, Map<Long, NoteFile<MapNote>>> runs = new LinkedHashMap<>();
  private final Map<Baseline, ClimateMetrics> baselines = new EnumMap<>(Baseline.class);

  Fig3Outcomes(Fig3Request request) throws IOException {
    for (Fig3Curve curve : Fig3Curve.values()) {
      Map<Long, NoteFile<MapNote>> bySeed = new LinkedHashMap<>();
      for (long seed : request.allSeeds()) {
        bySeed.put(seed, MapRun.notes(request, curve, seed));
      }
      runs.put(curve, bySeed);
    }
    for (Baseline baseline : Baseline.values()) {
      baselines.put(baseline, request.data().metrics(baseline));
    }
  }

  ClimateMetrics of(Baseline baseline) {
    return baselines.get(baseline);
  }

  NoteFile<MapNote> of(Fig3Curve curve, long seed) {
    return runs.get(curve).get(seed);
  }

  MapNote.End end(Fig3Curve curve, long seed) {
    return end(of(curve, seed));
  }

  /** Of the first seed, for what is shown of one run alone. */
  MapNote.End first(Fig3Curve curve) {
    return end(runs.get(curve).values().iterator().next());
  }

  private static MapNote.End end(NoteFile<MapNote> notes) {
    return notes.all(MapNote.End.class).findFirst().orElseThrow();
  }

  Spread ends(Fig3Curve curve, ToDoubleFunction<MapNote.End> what) {
    return Spread.of(
        runs.get(curve).values().stream().map(run -> what.applyAsDouble(end(run))).toList());
  }

  /** Error on the test years over the seeds, at every step that was measured. */
  Map<Long, Spread> errors(Fig3Curve curve) {
    Map<Long, Spread> spreads = new LinkedHashMap<>();
    for (MapNote.Point at :
        runs.get(curve).values().iterator().next().all(MapNote.Point.class).toList()) {
      List<Double> values =
          runs.get(curve).values().stream()
              .flatMap(run -> run.all(MapNote.Point.class))
              .filter(point -> point.step() == at.step())
              .map(MapNote.Point::testRmse)
              .toList();
      spreads.put(at.step(), Spread.of(values));
    }
    return spreads;
  }
}
