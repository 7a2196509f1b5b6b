package dev.feedlight.bench.fig4;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run did and what it left undone.
 *
 * @param before cells of earlier runs
 * @param measured cells of this run
 * @param expectedSeconds that the plan had for them
 * @param spentSeconds that they took
 * @param missing cells that are in no result
 * @param commits how many cells, of this run and earlier ones, are of which commit
 */
record Account(
    int before,
    int measured,
    double expectedSeconds,
    double spentSeconds,
    List<Missing> missing,
    Map<String, Long> commits) {
  Account {
    missing = List.copyOf(missing);
    commits = Map.copyOf(commits);
  }

  Account(int before, Campaign campaign, List<Missing> missing, Map<String, Long> commits) {
    this(
        before,
        campaign.measured(),
        campaign.expectedSeconds(),
        campaign.spentSeconds(),
        missing,
        commits);
  }

  /** A line for each cell that was tried. */
  List<String> failures() {
    return missing.stream()
        .filter(cell -> cell.reason() == Missing.Reason.FAILED)
        .map(Missing::line)
        .toList();
  }

  /** What was expected beside what came. */
  Optional<String> timeLine() {
    return measured == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%d cells took %s, the plan said %s (%.2f of it)",
                measured,
                Amounts.duration(spentSeconds),
                Amounts.duration(expectedSeconds),
                spentSeconds / expectedSeconds));
  }
}
