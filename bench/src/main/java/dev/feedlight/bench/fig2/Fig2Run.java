package dev.feedlight.bench.fig2;

import dev.feedlight.bench.results.RunSettings;
import dev.feedlight.bench.training.FigureRun;
import dev.feedlight.nn.GptShape;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Trains the five curves, one after the other, and writes what they came to. Runs that a folder
 * holds are kept, one that was interrupted goes on.
 */
public final class Fig2Run extends FigureRun {
  /** Name in result files. */
  public static final String EXPERIMENT = "fig2";

  private final Fig2Request request;

  /**
   * Prepares a run.
   *
   * @param request what is asked for
   * @param out for the plan and for progress
   */
  public Fig2Run(Fig2Request request, PrintStream out) {
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
      missing += RunNotes.read(request.folder(curve.id(), seed)).end() == null ? 1 : 0;
    }
    return missing;
  }

  @Override
  protected List<CurveRun> runs(PrintStream progress) {
    return request.allSeeds().stream()
        .flatMap(
            seed ->
                Stream.of(Fig2Curve.values())
                    .map(curve -> new CurveRun(request, curve, seed, progress)))
        .toList();
  }

  @Override
  protected Report report() {
    return new Fig2Report(request);
  }
}
