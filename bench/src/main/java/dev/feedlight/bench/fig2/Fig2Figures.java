package dev.feedlight.bench.fig2;

import dev.feedlight.TrainingListener.AlignmentEvent;
import dev.feedlight.bench.plot.AlignmentFigure;
import dev.feedlight.bench.plot.AttentionMap;
import dev.feedlight.bench.plot.ColorBar;
import dev.feedlight.bench.plot.FigureSheet;
import dev.feedlight.bench.plot.FigureWriter;
import dev.feedlight.bench.plot.LossFigure;
import dev.feedlight.bench.plot.Series;
import dev.feedlight.bench.plot.ShareScale;
import dev.feedlight.bench.results.Spread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The pictures: losses, attention, alignment. */
final class Fig2Figures {
  private static final ShareScale ATTENTION = new ShareScale("attention; every row sums to 1");

  private static final int MAP_HEIGHT = 480;

  private final Fig2Request request;
  private final Fig2Outcomes outcomes;

  Fig2Figures(Fig2Request request, Fig2Outcomes outcomes) {
    this.request = request;
    this.outcomes = outcomes;
  }

  /** Names of the pictures, without ending, in the order to show them. */
  static List<String> names() {
    return List.of("fig2c", "fig2e", "fig2-alignment-odfa", "fig2-alignment-dfa");
  }

  /** Writes all as PNG and SVG. */
  List<Path> write(Path directory) throws IOException {
    List<FigureSheet> sheets =
        List.of(losses(), attention(), alignment(Fig2Curve.ODFA), alignment(Fig2Curve.DFA));
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < sheets.size(); i++) {
      files.addAll(FigureWriter.write(sheets.get(i), directory, names().get(i)));
    }
    return files;
  }

  private FigureSheet losses() {
    List<LossFigure.Line> lines = new ArrayList<>();
    for (Fig2Curve curve : Fig2Curve.values()) {
      lines.add(
          new LossFigure.Line(
              curve.label(),
              points(outcomes.points(curve, Note.Point::trainLoss)),
              points(outcomes.points(curve, Note.Point::heldOutLoss))));
    }
    double uniform = request.data().heldOut().unigrams().uniformNats();
    double unigram = request.data().heldOut().unigrams().entropyNats();
    List<LossFigure.Level> levels =
        List.of(
            new LossFigure.Level(
                String.format(Locale.ROOT, "knows nothing: %.2f", uniform), uniform),
            new LossFigure.Level(
                String.format(Locale.ROOT, "token frequencies alone: %.2f", unigram), unigram));
    return new LossFigure(lines, levels)
        .sheet(
            "A generative Transformer by five ways of training",
            List.of(
                conditions() + seeds(),
                "While training: mean since the point before. Held out: validation part. All but"
                    + " the first in the ODFA configuration, with the same initial weights and"
                    + " order of data; mean and range over the seeds."));
  }

  private List<Series.Point> points(Map<Long, Spread> spreads) {
    List<Series.Point> points = new ArrayList<>();
    spreads.forEach(
        (step, spread) ->
            points.add(
                new Series.Point(
                    step * request.preset().tokensPerStep() * 1e-6,
                    spread.mean(),
                    spread.low(),
                    spread.high())));
    return points;
  }

  private FigureSheet attention() {
    List<String> tokens =
        Arrays.stream(request.data().tokenizer().encode(request.prompt()))
            .mapToObj(token -> Prompt.visible(request.data().tokenizer(), token))
            .toList();
    List<List<List<Double>>> layers = outcomes.first(Fig2Curve.ODFA).end().attention();
    List<AttentionMap> maps = new ArrayList<>();
    if (layers.size() > 1) {
      maps.add(new AttentionMap("layer 1, trained by light", tokens, layers.getFirst(), ATTENTION));
    }
    maps.add(
        new AttentionMap(
            "layer " + layers.size() + ", trained by its exact gradient",
            tokens,
            layers.getLast(),
            ATTENTION));
    return new FigureSheet(
        "Attention of the Transformer trained by ODFA",
        List.of(
            ofFirstSeed(),
            "A row is a token of the prompt as it is read, its columns how much it takes from"
                + " itself and those before: mean over the heads, after the training. \u00B7 is a"
                + " blank."),
        maps,
        2,
        MAP_HEIGHT,
        new ColorBar(ATTENTION, ""));
  }

  private FigureSheet alignment(Fig2Curve curve) {
    List<AlignmentEvent> events =
        outcomes
            .first(curve)
            .all(Note.Alignment.class)
            .map(note -> new AlignmentEvent(note.step(), 1, note.blocks()))
            .toList();
    return new AlignmentFigure(events)
        .sheet("Alignment over training: " + curve.label(), ofFirstSeed());
  }

  private String conditions() {
    Fig2Preset preset = request.preset();
    return String.format(
        Locale.ROOT,
        "%s \u00B7 %d layers of width %d, %,d parameters \u00B7 %,d steps of %,d tokens \u00B7"
            + " %s %s, BP's own %s",
        request.data().label(),
        preset.shape().layers(),
        preset.shape().width(),
        preset.shape().parameters(),
        request.steps(),
        preset.tokensPerStep(),
        preset.adopted().optimizerName(),
        preset.adopted().rate().rate(),
        preset.own().rate().rate());
  }

  private String seeds() {
    return request.seeds() == 1
        ? " \u00B7 seed " + request.seed()
        : " \u00B7 " + request.seeds() + " seeds";
  }

  private String ofFirstSeed() {
    return conditions() + " \u00B7 seed " + request.seed();
  }
}
