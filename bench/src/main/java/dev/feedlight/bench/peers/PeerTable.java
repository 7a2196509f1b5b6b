package dev.feedlight.bench.peers;

import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Times and ratios as Markdown; every ratio says whether it meets its goal. */
public final class PeerTable {
  private PeerTable() {}

  /**
   * The tables.
   *
   * @param lines steps of complete cells, and bare products where there are some
   * @return goals, ratios, then times with libtorch's settings
   */
  public static String markdown(List<ResultLine> lines) {
    List<PeerRow> rows = PeerRow.of(lines);
    return ratios(rows) + "\n" + times(rows, products(lines));
  }

  private static String ratios(List<PeerRow> rows) {
    StringBuilder text = new StringBuilder("## Ratios\n\n| depth x width, batch |");
    for (PeerGoal goal : PeerGoal.values()) {
      text.append(String.format(Locale.ROOT, " %s, goal %.2f |", goal.label(), goal.most()));
    }
    text.append("\n|---|").append("---|".repeat(PeerGoal.values().length)).append('\n');
    for (PeerRow row : rows) {
      text.append("| ").append(name(row.cell())).append(" |");
      for (PeerGoal goal : PeerGoal.values()) {
        text.append(
            String.format(
                Locale.ROOT,
                " %.2f (%.2f to %.2f), %s |",
                row.ratio(goal),
                row.lowRatio(goal),
                row.highRatio(goal),
                row.meets(goal) ? "met" : "**missed**"));
      }
      text.append('\n');
    }
    text.append("| cells that meet the goal |");
    for (PeerGoal goal : PeerGoal.values()) {
      long met = rows.stream().filter(row -> row.meets(goal)).count();
      text.append(' ').append(met).append(" of ").append(rows.size()).append(" |");
    }
    return text.append('\n').toString();
  }

  private static String times(List<PeerRow> rows, Map<String, Double> products) {
    StringBuilder text = new StringBuilder("## Times, ms per step\n\n");
    text.append("| depth x width, batch | rule | feedlight | of which bare products | libtorch |");
    text.append(" libtorch's fastest way |\n|---|---|--:|--:|--:|---|\n");
    for (PeerRow row : rows) {
      for (Rule rule : List.of(Rule.BP, Rule.DFA)) {
        Double bare = products.get(key(row.cell(), rule));
        List<String> cells = new ArrayList<>();
        cells.add(name(row.cell()));
        cells.add(rule.name());
        cells.add(time(row.ours(rule)));
        cells.add(bare == null ? "" : String.format(Locale.ROOT, "%.3f", bare));
        cells.add(time(row.theirs(rule)));
        cells.add(setting(row.theirs(rule)));
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
      }
    }
    return text.toString();
  }

  private static Map<String, Double> products(List<ResultLine> lines) {
    Map<String, Double> products = new TreeMap<>();
    for (ResultLine line : lines) {
      if (line.experiment().equals(PeerLines.PRODUCTS)) {
        products.put(key(PeerCell.of(line), line.rule()), line.value());
      }
    }
    return products;
  }

  private static String key(PeerCell cell, Rule rule) {
    return cell.label() + rule;
  }

  private static String name(PeerCell cell) {
    return cell.depth() + " x " + cell.width() + ", " + cell.batch();
  }

  private static String time(ResultLine line) {
    return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", line.value(), line.low(), line.high());
  }

  private static String setting(ResultLine line) {
    return line.setting() == null
        ? ""
        : String.join(", ", Arrays.asList(line.setting().split(" ", -1)));
  }
}
