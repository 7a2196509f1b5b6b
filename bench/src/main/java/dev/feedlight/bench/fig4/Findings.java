package dev.feedlight.bench.fig4;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Clock;
import dev.feedlight.bench.results.ResultLine.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Sentences that follow from the numbers of a run, and from nothing else. */
final class Findings {
  /** The paper's largest network: 96 hidden layers of 3080. */
  private static final int PAPER_DEPTH = 96;

  private static final int PAPER_WIDTH = 3080;
  private static final double PAPER_WEIGHTS = (double) PAPER_DEPTH * PAPER_WIDTH * PAPER_WIDTH;

  private final Setup setup;
  private final List<ResultLine> times;
  private final List<ResultLine> ratios;

  /** Two lines of one network. */
  private record Pair(ResultLine line, ResultLine base) {
    double ratio() {
      return line.value() / base.value();
    }
  }

  Findings(Setup setup, List<ResultLine> lines) {
    this.setup = setup;
    // Panels a and b hold the same measurements: one of them is enough.
    String panel = setup.figures().getFirst().toString();
    this.times =
        lines.stream()
            .filter(line -> line.experiment().equals(panel))
            .filter(line -> line.metric() == Metric.MS_PER_SAMPLE)
            .toList();
    this.ratios =
        lines.stream().filter(line -> line.experiment().equals(Figure.FIG4C.toString())).toList();
  }

  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    crossover(false).ifPresent(sentences::add);
    crossover(true).ifPresent(sentences::add);
    range("DFA takes %s of BP's time per step, %s", digital(Rule.DFA), digital(Rule.BP))
        .ifPresent(sentences::add);
    range(
            "ODFA with emulated optics takes %s of DFA's time, %s",
            Findings::isEmulated, digital(Rule.DFA))
        .ifPresent(sentences::add);
    largest().ifPresent(sentences::add);
    ratios.forEach(line -> sentences.add(ratio(line)));
    return sentences;
  }

  private Optional<String> crossover(boolean overlapped) {
    List<Pair> pairs = pairs(modelled(overlapped), digital(Rule.BP));
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    String name = overlapped ? "Overlapped, modelled ODFA" : "Modelled ODFA (serial)";
    List<String> places =
        pairs.stream()
            .filter(pair -> pair.ratio() <= 1)
            .sorted(
                Comparator.comparing((Pair pair) -> pair.line().depth())
                    .thenComparing(pair -> pair.line().width()))
            .map(pair -> place(pair.line()))
            .toList();
    if (!places.isEmpty()) {
      return Optional.of(name + " takes at most BP's time at " + String.join("; ", places) + ".");
    }
    Pair nearest = pairs.stream().min(Comparator.comparingDouble(Pair::ratio)).orElseThrow();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s is slower than BP everywhere in this grid: no crossover. Nearest at %s: %s ms per"
                + " sample against BP's %s, of which the optical clock is %s.",
            name,
            place(nearest.line()),
            Summary.number(nearest.line().value()),
            Summary.number(nearest.base().value()),
            Summary.number(1e3 * setup.clock().secondsPerProjection())));
  }

  private Optional<String> range(
      String sentence, Predicate<ResultLine> which, Predicate<ResultLine> base) {
    List<Pair> pairs =
        pairs(which, base).stream().sorted(Comparator.comparingDouble(Pair::ratio)).toList();
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    Pair least = pairs.getFirst();
    Pair most = pairs.getLast();
    return Optional.of(
        String.format(
                Locale.ROOT,
                sentence,
                Summary.number(least.ratio()) + " to " + Summary.number(most.ratio()),
                "least at " + place(least.line()) + ", most at " + place(most.line()))
            + ".");
  }

  private Optional<String> largest() {
    return times.stream()
        .filter(digital(Rule.BP))
        .max(Comparator.comparingDouble(Findings::weights))
        .map(
            line ->
                String.format(
                    Locale.ROOT,
                    "The largest network measured, %s, has %,.0f weights, %s the paper's 96 x 3080:"
                        + " its 13.39 and 13.09 ms per sample were%s on another machine, with a"
                        + " real unit, and stand in the pictures for orientation only.",
                    place(line),
                    weights(line),
                    isPaperSize(line)
                        ? "as many as"
                        : String.format(Locale.ROOT, "1/%.0f of", PAPER_WEIGHTS / weights(line)),
                    isPaperSize(line) ? "" : " another size"));
  }

  /** One output block more is no other size. */
  private static boolean isPaperSize(ResultLine line) {
    return line.depth() == PAPER_DEPTH && line.width() == PAPER_WIDTH;
  }

  private static double weights(ResultLine line) {
    return (line.depth() + 1.0) * line.width() * line.width();
  }

  private static String ratio(ResultLine line) {
    String what =
        line.metric() == Metric.RATIO_STEP
            ? "an ODFA step takes %s times as long as a DFA step"
            : "the optical projection takes %s times as long as the digital one";
    return String.format(
        Locale.ROOT,
        "n = %d: " + what + " (%s).",
        line.outputs(),
        Summary.number(line.value()),
        optics(line));
  }

  private static String optics(ResultLine line) {
    if (line.clock() == Clock.EMULATED) {
      return "emulated, " + line.transmission() + " matrix, measured";
    }
    return Boolean.TRUE.equals(line.overlapped()) ? "modelled, overlapped" : "modelled";
  }

  private List<Pair> pairs(Predicate<ResultLine> which, Predicate<ResultLine> base) {
    List<Pair> pairs = new ArrayList<>();
    for (ResultLine line : times) {
      if (which.test(line)) {
        times.stream()
            .filter(base)
            .filter(other -> other.width().equals(line.width()))
            .filter(other -> other.depth().equals(line.depth()))
            .findFirst()
            .ifPresent(other -> pairs.add(new Pair(line, other)));
      }
    }
    return pairs;
  }

  private static Predicate<ResultLine> digital(Rule rule) {
    return line -> line.rule() == rule && line.clock() == Clock.NONE;
  }

  private static Predicate<ResultLine> modelled(boolean overlapped) {
    return line ->
        line.clock() == Clock.MODELLED
            && line.overlapped() != null
            && line.overlapped() == overlapped;
  }

  private static boolean isEmulated(ResultLine line) {
    return line.clock() == Clock.EMULATED;
  }

  private static String place(ResultLine line) {
    return "width " + line.width() + ", depth " + line.depth();
  }
}
