package dev.feedlight.bench.fig2;

import static dev.feedlight.bench.results.Prose.format;
import static dev.feedlight.bench.results.Prose.plain;
import static dev.feedlight.bench.results.Prose.row;
import static dev.feedlight.bench.results.Prose.verdict;
import static dev.feedlight.bench.results.Prose.words;

import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.Spread;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.bench.training.Signal;
import dev.feedlight.device.Machine;
import dev.feedlight.nn.GptShape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** {@code summary.md}: what came out, beside the paper; text; settings; all numbers. */
final class Fig2Summary {
  private final Fig2Request request;
  private final Fig2Outcomes outcomes;

  Fig2Summary(Fig2Request request, Fig2Outcomes outcomes) {
    this.request = request;
    this.outcomes = outcomes;
  }

  void write(Path file, List<ResultLine> lines) throws IOException {
    SummaryWriter writer =
        new SummaryWriter(
            "Fig. 2, preset " + request.preset().name(),
            request.command(),
            Machine.detect(),
            outcomes.first(Fig2Curve.ODFA).end().commit(),
            Instant.now(),
            Fig2Figures.names().stream().map(name -> name + ".png").toList());
    writer.write(file, losses() + beside() + texts() + settings(), lines);
  }

  private double loss(Fig2Curve curve) {
    return outcomes.ends(curve, Note.End::testLoss).mean();
  }

  private double unigram() {
    return request.data().test().unigrams().entropyNats();
  }

  private String losses() {
    StringBuilder text = new StringBuilder("## Loss on the test part\n\n");
    text.append("| curve | configuration | nats per token | seeds, low to high | below token")
        .append(" frequencies | training, measured | optics, modelled |\n")
        .append("|---|---|---:|---:|---:|---:|---:|\n");
    for (Fig2Curve curve : Fig2Curve.values()) {
      Spread loss = outcomes.ends(curve, Note.End::testLoss);
      double optical = outcomes.ends(curve, Note.End::opticalSeconds).mean();
      text.append(
          format(
              "| %s | %s | %.4f | %.4f to %.4f | %.4f | %s | %s |%n",
              curve.label(),
              words(curve.configuration()),
              loss.mean(),
              loss.low(),
              loss.high(),
              unigram() - loss.mean(),
              time(outcomes.ends(curve, Note.End::seconds).mean()),
              optical == 0 ? "none" : time(optical)));
    }
    text.append(
        format(
            "%nA model that knows nothing has %.4f nats, one that knows how often each token comes"
                + " %.4f. The test part is measured once, at the end; settings are chosen on the"
                + " validation part.%n%n",
            request.data().test().unigrams().uniformNats(), unigram()));
    double bp = loss(Fig2Curve.BP);
    double dfa = loss(Fig2Curve.DFA);
    double odfa = loss(Fig2Curve.ODFA);
    double shlw = loss(Fig2Curve.SHLW);
    text.append(
        verdict("BP < DFA <= ODFA < SHLW", bp < dfa && dfa <= odfa && odfa < shlw)
            + verdict(
                format("ODFA lies %.4f nats below SHLW (wanted: 0.30)", shlw - odfa),
                shlw - odfa >= 0.30)
            + verdict(
                format("ODFA lies %.4f nats above DFA (wanted: at most 0.35)", odfa - dfa),
                odfa - dfa <= 0.35)
            + verdict(
                format(
                    "ODFA lies %.4f nats below token frequencies (wanted: 0.5)", unigram() - odfa),
                unigram() - odfa >= 0.5));
    return text.append('\n').toString();
  }

  /** The paper gives its curves without numbers, so that no loss stands here for it. */
  private String beside() {
    Fig2Preset preset = request.preset();
    GptShape shape = preset.shape();
    StringBuilder text =
        new StringBuilder("## Beside the paper\n\n| | paper | here |\n|---|---|---|\n");
    text.append(row("parameters", "1.07e9", format("%,d", shape.parameters())));
    text.append(
        row(
            "of these fed by light",
            "400M",
            format("%,d, in the matrices where signals enter", shape.fedWeights())));
    text.append(row("width, context", "2040, 24", shape.width() + ", " + shape.context()));
    text.append(row("vocabulary", "1016", String.valueOf(shape.vocabulary())));
    text.append(
        row(
            "text",
            "Cornell Movie-Dialogs, about 1.2e6 tokens",
            format(
                "%s, %,d training tokens",
                request.data().label(), request.data().training().tokens())));
    text.append(
        row(
            "training",
            "2 epochs",
            format(
                "%,d steps, %,d tokens passed through",
                request.steps(), request.steps() * preset.tokensPerStep())));
    text.append(
        row(
            "BP and DFA",
            "final losses \"at the same level\"",
            format("%.4f and %.4f nats", loss(Fig2Curve.BP), loss(Fig2Curve.DFA))));
    text.append(
        row("ODFA", "\"somewhat more slowly\", steady", format("%.4f nats", loss(Fig2Curve.ODFA))));
    text.append(row("SHLW", "a baseline, no number", format("%.4f nats", loss(Fig2Curve.SHLW))));
    text.append(
        row(
            "time of ODFA",
            "about 20 h with the optics",
            time(outcomes.ends(Fig2Curve.ODFA, Note.End::seconds).mean())
                + " with emulated optics (measured); the optics alone "
                + time(outcomes.ends(Fig2Curve.ODFA, Note.End::opticalSeconds).mean())
                + " by clock "
                + preset.signal().opu().clock().name()
                + " (modelled)"));
    text.append(
        row(
            "time of BP",
            "about 2 h",
            time(outcomes.ends(Fig2Curve.BP, Note.End::seconds).mean()) + " (measured)"));
    return text.append('\n').toString();
  }

  private String texts() {
    StringBuilder text =
        new StringBuilder(format("## Text%n%nSeed %d goes on with the prompt%n%n", request.seed()));
    quote(text, request.prompt());
    outcomes
        .first(Fig2Curve.ODFA)
        .all(Note.Sample.class)
        .forEach(
            sample -> {
              text.append(format("ODFA at %d %% of the training:%n%n", sample.percent()));
              quote(text, sample.text());
            });
    for (Fig2Curve curve : Fig2Curve.values()) {
      if (curve != Fig2Curve.ODFA) {
        text.append(curve.label()).append(" at 100 %:\n\n");
        outcomes
            .first(curve)
            .all(Note.Sample.class)
            .filter(sample -> sample.percent() == 100)
            .forEach(sample -> quote(text, sample.text()));
      }
    }
    return text.toString();
  }

  /** Indented by four blanks, which shows any text as it is; but for control characters. */
  private static void quote(StringBuilder page, String text) {
    String visible = text.replace("\r", "").replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\uFFFD");
    visible.lines().forEach(line -> page.append("    ").append(line).append('\n'));
    page.append('\n');
  }

  private String settings() {
    Fig2Preset preset = request.preset();
    Signal signal = preset.signal();
    return format(
        "## Settings%n%n"
            + "- The paper publishes neither optimizer nor learning rate, batch, ternary rule or"
            + " form of the signal: these are ours.%n"
            + "- ODFA configuration: %s, learning rate %s. BP's own: %s, learning rate %s.%n"
            + "- Sums in the residual stream: %s; first weights: %s.%n"
            + "- %d windows of %d tokens a step, stride %d; %s feedback.%n"
            + "- Projected: %s; mirrors by %s; signal %s; batch mean %s.%n"
            + "- Optics emulated with the camera's noise: density of lit mirrors %.3f, %,d"
            + " projections a run.%n"
            + "- Measured time is training alone, without measuring the loss and writing text.%n%n",
        preset.adopted().optimizerName(),
        preset.adopted().rate().text(),
        preset.own().optimizerName(),
        preset.own().rate().text(),
        words(preset.shape().residual()),
        words(preset.weights()),
        preset.windows(),
        preset.shape().context(),
        preset.stride(),
        words(preset.points()),
        words(signal.projected()),
        plain(signal.ternary()),
        plain(signal.scale()),
        signal.subtractBatchMean() ? "subtracted" : "kept",
        outcomes.ends(Fig2Curve.ODFA, Note.End::density).mean(),
        outcomes.first(Fig2Curve.ODFA).end().projections());
  }

  private static String time(double seconds) {
    return seconds < 7200 ? format("%.1f min", seconds / 60) : format("%.2f h", seconds / 3600);
  }
}
