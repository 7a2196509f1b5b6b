package dev.feedlight.bench.peers;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Implementation;
import dev.feedlight.bench.results.ResultLine.Rule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The whole steps of one cell: each rule by each implementation. */
public final class PeerRow {
  private static final List<Rule> RULES = List.of(Rule.BP, Rule.DFA);

  private final PeerCell cell;
  private final List<ResultLine> lines;

  private PeerRow(PeerCell cell, List<ResultLine> lines) {
    this.cell = cell;
    this.lines = lines;
  }

  /**
   * Rows from result lines; others are passed over.
   *
   * @param lines of any experiments
   * @return a row per cell, in the order of their first lines
   * @throws IllegalArgumentException if a cell lacks a line or has two of one kind
   */
  public static List<PeerRow> of(List<ResultLine> lines) {
    List<ResultLine> steps =
        lines.stream()
            .filter(line -> line.experiment().equals(PeerLines.STEP))
            .filter(line -> line.metric() == Metric.MS_PER_STEP)
            .toList();
    Set<PeerCell> cells = new LinkedHashSet<>();
    steps.forEach(line -> cells.add(PeerCell.of(line)));
    List<PeerRow> rows = new ArrayList<>();
    for (PeerCell cell : cells) {
      PeerRow row =
          new PeerRow(cell, steps.stream().filter(line -> PeerCell.of(line).equals(cell)).toList());
      for (Rule rule : RULES) {
        row.ours(rule);
        row.theirs(rule);
      }
      rows.add(row);
    }
    return rows;
  }

  /** Which network and batch. */
  public PeerCell cell() {
    return cell;
  }

  /** Our step. */
  public ResultLine ours(Rule rule) {
    return only(Implementation.FEEDLIGHT, rule);
  }

  /** libtorch's fastest step. */
  public ResultLine theirs(Rule rule) {
    return only(Implementation.LIBTORCH, rule);
  }

  private ResultLine only(Implementation implementation, Rule rule) {
    List<ResultLine> found =
        lines.stream()
            .filter(line -> line.implementation() == implementation && line.rule() == rule)
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "cell "
              + cell.label()
              + " needs one line of "
              + rule
              + " by "
              + implementation
              + ", not "
              + found.size());
    }
    return found.getFirst();
  }

  /** Ratio of medians. */
  public double ratio(PeerGoal goal) {
    return ours(goal.ours()).value() / theirs(goal.theirs()).value();
  }

  /** Our lower quartile over their upper one. */
  public double lowRatio(PeerGoal goal) {
    return ours(goal.ours()).low() / theirs(goal.theirs()).high();
  }

  /** Our upper quartile over their lower one. */
  public double highRatio(PeerGoal goal) {
    return ours(goal.ours()).high() / theirs(goal.theirs()).low();
  }

  /** Whether the ratio of medians is small enough. */
  public boolean meets(PeerGoal goal) {
    return ratio(goal) <= goal.most();
  }
}
