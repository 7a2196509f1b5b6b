package dev.feedlight.bench.knobs;

import dev.feedlight.bench.plot.FigureSheet;
import dev.feedlight.bench.plot.FigureWriter;
import dev.feedlight.bench.plot.KnobSheet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Accuracy and alignment against every knob. */
final class OpticsFigures {
  private final Runs runs;
  private final String conditions;

  OpticsFigures(Runs runs, String conditions) {
    this.runs = runs;
    this.conditions = conditions;
  }

  /** Writes {@code optics-accuracy} and {@code optics-alignment} as PNG and SVG. */
  List<Path> write(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    files.addAll(FigureWriter.write(accuracy(), directory, "optics-accuracy"));
    files.addAll(FigureWriter.write(alignment(), directory, "optics-alignment"));
    return files;
  }

  private FigureSheet accuracy() {
    KnobSheet sheet =
        new KnobSheet("accuracy, %")
            .level("BP", runs.baseline("bp").of(Outcome::heldBackAccuracy).times(100).toSpread())
            .level("DFA", runs.baseline("dfa").of(Outcome::heldBackAccuracy).times(100).toSpread())
            .level(
                "SHLW", runs.baseline("shlw").of(Outcome::heldBackAccuracy).times(100).toSpread());
    for (Knob knob : runs.knobs()) {
      sheet.panel(knob.title(), List.of(curve("ODFA", knob, Outcome::heldBackAccuracy, 100)));
    }
    return sheet.sheet(
        "What each knob of the optics does to accuracy",
        conditions,
        "Accuracy on the examples kept back. One knob moves, all others stay at their defaults"
            + " (ring); mean and range over the seeds. Read-out: ideal optics, anchor bias kept,"
            + " batch mean removed, pixels selected, macropixels, 1 % of pixels hot or dead.");
  }

  private FigureSheet alignment() {
    KnobSheet sheet =
        new KnobSheet("alignment (cosine)")
            .level("DFA, gradients", runs.baseline("dfa").of(Outcome::gradientAlignment).toSpread())
            .level("DFA, weights", runs.baseline("dfa").of(Outcome::weightAlignment).toSpread());
    for (Knob knob : runs.knobs()) {
      sheet.panel(
          knob.title(),
          List.of(
              curve("ODFA, gradients", knob, Outcome::gradientAlignment, 1),
              curve("ODFA, weights", knob, Outcome::weightAlignment, 1)));
    }
    return sheet.sheet(
        "What each knob of the optics does to alignment",
        conditions,
        "Gradients: cosine between a hidden layer's true gradient and the signal in its place,"
            + " mean over samples, layers and the last epoch. Weights: cosine between W(l) and F(l)"
            + " F(l\u22121)\u1D40. Mean and range over the seeds; ring: default.");
  }

  private KnobSheet.Curve curve(
      String label, Knob knob, ToDoubleFunction<Outcome> what, double factor) {
    List<KnobSheet.Point> points = new ArrayList<>();
    for (Knob.Setting setting : knob.settings()) {
      Seeds seeds = runs.of(setting).of(what).times(factor);
      points.add(
          new KnobSheet.Point(
              setting.label(), seeds.mean(), seeds.low(), seeds.high(), setting.isDefault()));
    }
    return new KnobSheet.Curve(label, points);
  }
}
