package dev.feedlight.bench.fig2;

import dev.feedlight.bench.results.RunSettings;
import dev.feedlight.bench.training.FigureRun;
import dev.feedlight.nn.GptShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains the five curves, one after the other, and writes what they came to. Runs that a folder
 * holds are kept, one that was interrupted goes on.
 */
public final class Fig2Run implements FigureRun {
  /** Name in result files. */
  public static final String EXPERIMENT = "fig2";

  private final Fig2Request request;
  private final PrintStream out;

  /**
   * Prepares a run.
   *
   * @param request what is asked for
   * @param out for the plan and for progress
   */
  public Fig2Run(Fig2Request request, PrintStream out) {
    this.request = request;
    this.out = out;
  }

  @Override
  public void check() throws IOException {
    settings().check();
  }

  /** All that decides what a run comes to, but for its curve and its seed. */
  private RunSettings settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    Map<String, Object> preset = RunSettings.tree(request.preset());
    preset.remove("seeds");
    settings.put("preset", preset);
    settings.put("data", RunSettings.tree(request.data().record()));
    settings.put("prompt", request.prompt());
    settings.put("device", RunSettings.tree(request.choice().device().identity()));
    return new RunSettings(request.runs(), settings);
  }

  @Override
  public void plan() throws IOException {
    Fig2Preset preset = request.preset();
    GptShape shape = preset.shape();
    line("device", "%s", request.choice().line());
    line(
        "data",
        "%s: %,d training tokens, windows of %d at stride %d; %,d windows of the validation part,"
            + " %,d of the test part",
        request.data().label(),
        request.data().training().tokens(),
        shape.context(),
        preset.stride(),
        request.data().heldOut().windows().size(),
        request.data().test().windows().size());
    line(
        "network",
        "width %d, %d layers, %d heads, MLP %d, vocabulary %d: %,d parameters",
        shape.width(),
        shape.layers(),
        shape.heads(),
        shape.hidden(),
        shape.vocabulary(),
        shape.parameters());
    line(
        "run",
        "%,d steps of %,d tokens; %d seed%s of 5 curves",
        request.steps(),
        preset.tokensPerStep(),
        request.seeds(),
        request.seeds() == 1 ? "" : "s");
    line(
        "memory",
        "%.1f MB for ODFA",
        request.engine(Fig2Curve.ODFA, request.seed()).memory().peakBytes() * 1e-6);
    planCurves();
    long projections = Math.multiplyExact(request.steps(), preset.tokensPerStep());
    line(
        "optics",
        "%,d projections per run of ODFA; modelled %.3g h by clock %s (a model)",
        projections,
        preset.signal().opu().clock().seconds(projections) / 3600,
        preset.signal().opu().clock().name());
  }

  private void planCurves() throws IOException {
    Fig2Preset preset = request.preset();
    Fig2Estimate estimate = new Fig2Estimate(request);
    double seconds = 0;
    for (Fig2Curve curve : Fig2Curve.values()) {
      int missing = missing(curve);
      if (missing == 0) {
        line("curve", "%-21s was done before", curve.label());
        continue;
      }
      double run = estimate.runSeconds(curve);
      seconds += missing * run;
      line(
          "curve",
          "%-21s %s, learning rate %s; %.4g s per step, %.3g min per run",
          curve.label(),
          curve.training(preset).optimizerName(),
          curve.training(preset).rate().text(),
          estimate.stepSeconds(curve),
          run / 60);
    }
    line(
        "time",
        estimate.isFloor()
            ? "at least %.3g h: by matrix products alone, without the emulated optics"
            : "about %.2g h, by steps just measured; runs under way go on from their checkpoints",
        seconds / 3600);
  }

  private int missing(Fig2Curve curve) throws IOException {
    int missing = 0;
    for (long seed : request.allSeeds()) {
      missing += RunNotes.read(request.folder(curve, seed)).end() == null ? 1 : 0;
    }
    return missing;
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  private void line(String what, String format, Object... values) {
    out.printf(Locale.ROOT, "%-9s %s%n", what, String.format(Locale.ROOT, format, values));
  }

  @Override
  public List<Path> run() throws IOException {
    check();
    Fig2Report report = new Fig2Report(request);
    // Refused before hours of training, not after.
    report.requireReadable();
    settings().write();
    for (long seed : request.allSeeds()) {
      for (Fig2Curve curve : Fig2Curve.values()) {
        if (!new CurveRun(request, curve, seed, out).run()) {
          return List.of();
        }
      }
    }
    return report.write();
  }
}
