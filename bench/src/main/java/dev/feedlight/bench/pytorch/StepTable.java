package dev.feedlight.bench.pytorch;

import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Implementation;
import dev.feedlight.bench.results.ResultLine.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Both sides of every network, batch and precision in one row. */
final class StepTable {
  private static final String HEAD =
      "| depth x width, batch | products | our BP | our DFA | PyTorch's BP | its fastest way |"
          + " PyTorch's DFA | our BP / its BP | our DFA / its BP | our DFA / its DFA |\n"
          + "|---|---|--:|--:|--:|---|--:|--:|--:|--:|\n";

  private StepTable() {}

  /** The table of lines of both sides; each row needs both rules of both. */
  static String markdown(List<ResultLine> lines) {
    Map<String, List<ResultLine>> rows = new LinkedHashMap<>();
    for (ResultLine line : lines) {
      rows.computeIfAbsent(place(line), _ -> new ArrayList<>()).add(line);
    }
    StringBuilder table = new StringBuilder(HEAD);
    rows.forEach((place, row) -> table.append(row(place, row)));
    return table.toString();
  }

  private static String place(ResultLine line) {
    return line.depth() + " x " + line.width() + ", " + line.batch() + " | " + line.dtype();
  }

  private static String row(String place, List<ResultLine> row) {
    ResultLine ourBp = fastest(row, Implementation.FEEDLIGHT, Rule.BP);
    ResultLine ourDfa = fastest(row, Implementation.FEEDLIGHT, Rule.DFA);
    ResultLine theirBp = fastest(row, Implementation.PYTORCH, Rule.BP);
    ResultLine theirDfa = fastest(row, Implementation.PYTORCH, Rule.DFA);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %.2f | %.2f | %.2f |%n",
        place,
        time(ourBp),
        time(ourDfa),
        time(theirBp),
        theirBp.setting().replaceFirst("way=(\\S+) .*", "$1"),
        time(theirDfa),
        ourBp.value() / theirBp.value(),
        ourDfa.value() / theirBp.value(),
        ourDfa.value() / theirDfa.value());
  }

  private static String time(ResultLine line) {
    return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", line.value(), line.low(), line.high());
  }

  private static ResultLine fastest(List<ResultLine> row, Implementation side, Rule rule) {
    return row.stream()
        .filter(line -> line.implementation() == side && line.rule() == rule)
        .min(Comparator.comparingDouble(ResultLine::value))
        .orElseThrow(
            () ->
                new IllegalArgumentException("no line of " + rule + " by " + side + " in " + row));
  }
}
