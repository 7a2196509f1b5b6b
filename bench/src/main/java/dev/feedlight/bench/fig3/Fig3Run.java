package dev.feedlight.bench.fig3;

import dev.feedlight.bench.results.NoteFile;
import dev.feedlight.bench.results.RunSettings;
import dev.feedlight.bench.training.FigureRun;
import dev.feedlight.data.climate.Baseline;
import dev.feedlight.data.climate.ClimateData;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Trains the curves, one after the other, and writes what they came to. Runs that a folder holds
 * are kept, one that was interrupted goes on.
 */
public final class Fig3Run extends FigureRun {
  /** Name in result files. */
  public static final String EXPERIMENT = "fig3";

  private final Fig3Request request;

  /**
   * Prepares a run.
   *
   * @param request what is asked for
   * @param out for the plan and for progress
   */
  public Fig3Run(Fig3Request request, PrintStream out) {
    super(out);
    this.request = request;
  }

  @Override
  protected RunSettings settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    Map<String, Object> preset = RunSettings.tree(request.preset());
    preset.remove("seeds");
    settings.put("preset", preset);
    settings.put("data", RunSettings.tree(request.data().record()));
    settings.put("device", RunSettings.tree(request.choice().device().identity()));
    return new RunSettings(request.runs(), settings);
  }

  @Override
  public void plan() throws IOException {
    ClimateData climate = request.data().climate();
    line("device", "%s", request.choice().line());
    line(
        "data",
        "%s: %d years of %s to learn from, measured on %s; %d maps of %d x %d to one of %s%s",
        request.data().label(),
        climate.training().size(),
        String.join(" + ", climate.task().training()),
        request.data().years(),
        climate.channels(),
        climate.grid().rows(),
        climate.grid().columns(),
        request.data().target().text(),
        climate.unitNote().map(note -> "; " + note).orElse(""));
    if (request.data().caution() != null) {
      line("note", "%s", request.data().caution());
    }
    for (Baseline baseline : Baseline.values()) {
      line(
          "baseline",
          "%-8s %.4f %s",
          baseline.name().toLowerCase(Locale.ROOT),
          request.data().metrics(baseline).rmse(),
          request.data().target().unit());
    }
    line(
        "run",
        "%,d steps of %d years; %d seed%s of %d curves",
        request.steps(),
        request.preset().batch(),
        request.seeds(),
        request.seeds() == 1 ? "" : "s",
        Fig3Curve.values().length);
    planCurves();
  }

  private void planCurves() throws IOException {
    Fig3Estimate estimate = new Fig3Estimate(request);
    double seconds = 0;
    boolean whole = true;
    for (Fig3Curve curve : Fig3Curve.values()) {
      int missing = missing(curve);
      if (missing == 0) {
        line("curve", "%-29s was done before", curve.label());
        continue;
      }
      String time;
      if (!estimate.fits(curve)) {
        whole = false;
        time = "does not fit this device";
      } else {
        seconds += missing * estimate.runSeconds(curve);
        time = String.format(Locale.ROOT, "%.4g s per step", estimate.stepSeconds(curve));
      }
      line(
          "curve",
          "%-29s %,d parameters, %s, learning rate %s; %s, %.1f MB",
          curve.label(),
          curve.parameters(request.preset(), request.data()),
          curve.training(request.preset()).optimizerName(),
          curve.training(request.preset()).rate().text(),
          time,
          request.engine(curve, request.seed()).memory().peakBytes() * 1e-6);
    }
    line(
        "time",
        "%s %.2g min, by steps just measured; runs under way go on from their checkpoints",
        whole ? "about" : "more than",
        seconds / 60);
  }

  private int missing(Fig3Curve curve) throws IOException {
    int missing = 0;
    for (long seed : request.allSeeds()) {
      NoteFile<MapNote> notes = MapRun.notes(request, curve, seed);
      missing += notes.all(MapNote.End.class).findFirst().isPresent() ? 0 : 1;
    }
    return missing;
  }

  @Override
  protected List<MapRun> runs(PrintStream progress) {
    return request.allSeeds().stream()
        .flatMap(
            seed ->
                Stream.of(Fig3Curve.values())
                    .map(curve -> new MapRun(request, curve, seed, progress)))
        .toList();
  }

  @Override
  protected Report report() {
    return new Fig3Report(request);
  }
}
