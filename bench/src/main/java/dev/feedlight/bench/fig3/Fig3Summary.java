package dev.feedlight.bench.fig3;

import static dev.feedlight.bench.results.Prose.format;
import static dev.feedlight.bench.results.Prose.plain;
import static dev.feedlight.bench.results.Prose.row;
import static dev.feedlight.bench.results.Prose.verdict;
import static dev.feedlight.bench.results.Prose.words;

import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.Spread;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.bench.training.Signal;
import dev.feedlight.data.climate.Baseline;
import dev.feedlight.device.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** {@code summary.md}: what came out, beside the paper; settings; all numbers. */
final class Fig3Summary {
  /** How near ODFA is wanted to BP, as the paper finds it (ours). */
  private static final double NEAR = 1.1;

  private final Fig3Request request;
  private final Fig3Outcomes outcomes;

  Fig3Summary(Fig3Request request, Fig3Outcomes outcomes) {
    this.request = request;
    this.outcomes = outcomes;
  }

  void write(Path file, List<ResultLine> lines) throws IOException {
    SummaryWriter writer =
        new SummaryWriter(
            "Fig. 3, preset " + request.preset().name(),
            request.command(),
            Machine.detect(),
            outcomes.first(Fig3Curve.VIT_ODFA).commit(),
            Instant.now(),
            Fig3Figures.names().stream().map(name -> name + ".png").toList());
    writer.write(file, caution() + errors() + beside() + settings(), lines);
  }

  private String caution() {
    String caution = request.data().caution();
    return caution == null ? "" : "**" + caution + "**\n\n";
  }

  private String errors() {
    StringBuilder text =
        new StringBuilder(format("## Error on %s%n%n", request.data().years()))
            .append("| model | configuration |");
    for (MapMetric metric : MapMetric.values()) {
      text.append(' ').append(metric.label(request.data().target())).append(" |");
    }
    text.append(
        " training, measured | optics, modelled |\n|---|---|---:|---:|---:|---:|---:|---:|\n");
    for (Baseline baseline : Baseline.values()) {
      text.append(baseline == Baseline.CONSTANT ? "| no change | |" : "| linear fit | |");
      for (MapMetric metric : MapMetric.values()) {
        text.append(format(" %.4f |", metric.of(outcomes.of(baseline))));
      }
      text.append(" | |\n");
    }
    for (Fig3Curve curve : Fig3Curve.values()) {
      text.append("| ").append(curve.label()).append(" | ");
      text.append(words(curve.configuration())).append(" |");
      for (MapMetric metric : MapMetric.values()) {
        text.append(' ').append(spread(outcomes.ends(curve, metric::of))).append(" |");
      }
      double optical = outcomes.ends(curve, MapNote.End::opticalSeconds).mean();
      text.append(
          format(
              " %.0f s | %s |%n",
              outcomes.ends(curve, MapNote.End::seconds).mean(),
              optical == 0 ? "none" : format("%.0f s", optical)));
    }
    text.append(
        format(
            "%nMean over %d seed%s, in brackets the lowest and the highest. Cells count by their"
                + " area; NRMSE_s, NRMSE_g and Total as in ClimateBench. The test years are"
                + " measured along the way too; every run ends after its last step, whatever they"
                + " say.%n%n",
            request.seeds(), request.seeds() == 1 ? "" : "s"));
    return text.append(verdicts()).append('\n').toString();
  }

  private String spread(Spread spread) {
    return request.seeds() == 1
        ? format("%.4f", spread.mean())
        : format("%.4f (%.4f to %.4f)", spread.mean(), spread.low(), spread.high());
  }

  private String verdicts() {
    double linear = outcomes.of(Baseline.LINEAR).rmse();
    double vitBp = rmse(Fig3Curve.VIT_BP);
    double vitOdfa = rmse(Fig3Curve.VIT_ODFA);
    double fcnnBp = rmse(Fig3Curve.FCNN_BP);
    double fcnnOdfa = rmse(Fig3Curve.FCNN_ODFA);
    String unit = request.data().target().unit();
    return verdict(
            format(
                "ViT by BP (%.4f %s) is better than the linear fit (%.4f %s)",
                vitBp, unit, linear, unit),
            vitBp < linear)
        + verdict(
            format(
                "ViT by ODFA has %.2f of the error of ViT by BP (wanted: at most %.1f)",
                vitOdfa / vitBp, NEAR),
            vitOdfa <= NEAR * vitBp)
        + verdict(
            format(
                "FCNN by ODFA (%.4f %s) is better than FCNN by BP in its configuration (%.4f %s)",
                fcnnOdfa, unit, fcnnBp, unit),
            fcnnOdfa < fcnnBp);
  }

  private double rmse(Fig3Curve curve) {
    return outcomes.ends(curve, MapNote.End::rmse).mean();
  }

  /** The paper gives its errors as bars without numbers, so that none stands here for it. */
  private String beside() {
    StringBuilder text =
        new StringBuilder("## Beside the paper\n\n| | paper | here |\n|---|---|---|\n");
    text.append(row("ViT, parameters", "200M", count(Fig3Curve.VIT_ODFA, false)));
    text.append(row("of these fed by light", "134M", count(Fig3Curve.VIT_ODFA, true)));
    text.append(row("FCNN, parameters", "1.3e9, 4 layers", count(Fig3Curve.FCNN_ODFA, false)));
    text.append(row("of these fed by light", "1.03e9", count(Fig3Curve.FCNN_ODFA, true)));
    text.append(
        row(
            "inputs, outputs",
            "55,296, 13,824",
            format(
                "%,d, %,d",
                request.data().climate().training().inputs(),
                request.data().climate().training().outputs())));
    text.append(row("data", "ClimateBench", request.data().label()));
    text.append(
        row(
            "ViT: ODFA and BP",
            "\"as well\" on the four metrics",
            both(Fig3Curve.VIT_ODFA, Fig3Curve.VIT_BP)));
    text.append(
        row(
            "FCNN: ODFA and BP",
            "BP \"much worse\" in the ODFA configuration",
            both(Fig3Curve.FCNN_ODFA, Fig3Curve.FCNN_BP)));
    return text.append('\n').toString();
  }

  private String both(Fig3Curve one, Fig3Curve other) {
    String unit = request.data().target().unit();
    return format("RMSE %.4f and %.4f %s", rmse(one), rmse(other), unit);
  }

  private String count(Fig3Curve curve, boolean fed) {
    return format(
        "%,d",
        fed
            ? curve.fedParameters(request.preset(), request.data())
            : curve.parameters(request.preset(), request.data()));
  }

  private String settings() {
    Fig3Preset preset = request.preset();
    return format(
        "## Settings%n%n"
            + "- The paper publishes neither shapes nor optimizer, learning rate, batch, ternary"
            + " rule or form of the signal: these are ours.%n"
            + "- %,d steps of %d years.%n"
            + "- ViT: patches of %d x %d, width %d, %d layers (the last %d with the head are one"
            + " block), %d heads; %s.%n"
            + "- FCNN: hidden layers of %s, the last %d layers are one block; %s. BP's own: %s.%n"
            + "- Optics emulated with the camera's noise: density of lit mirrors %.3f (ViT) and"
            + " %.3f (FCNN).%n%n",
        request.steps(),
        preset.batch(),
        preset.vit().input().patch(),
        preset.vit().input().patch(),
        preset.vit().width(),
        preset.vit().layers(),
        preset.vit().exactLayers(),
        preset.vit().heads(),
        describe(Fig3Curve.VIT_ODFA),
        preset.fcnn().hidden(),
        preset.fcnn().exactLayers(),
        describe(Fig3Curve.FCNN_ODFA),
        training(Fig3Curve.FCNN_BP_OWN),
        outcomes.ends(Fig3Curve.VIT_ODFA, MapNote.End::density).mean(),
        outcomes.ends(Fig3Curve.FCNN_ODFA, MapNote.End::density).mean());
  }

  private String training(Fig3Curve curve) {
    return curve.training(request.preset()).optimizerName()
        + ", learning rate "
        + curve.training(request.preset()).rate().text();
  }

  private String describe(Fig3Curve curve) {
    Signal signal = curve.signal(request.preset());
    return format(
        "%s; projected: %s; mirrors by %s; signal %s; batch mean %s",
        training(curve),
        words(signal.projected()),
        plain(signal.ternary()),
        signal.scale(),
        signal.subtractBatchMean() ? "subtracted" : "kept");
  }
}
