package dev.feedlight.bench.fig4;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Carries a plan out, place by place, and stores every cell before the next one begins. A place is
 * begun only if all its cells are expected to end within the limit; later places that do fit are
 * still measured. What is expected follows the pace so far.
 */
final class Campaign {
  private final GridPlan plan;
  private final TimeLimit limit;
  private final long start;
  private final Surroundings surroundings;
  private final String commit;
  private final CellStore store;
  private final Stored stored;
  private final PrintStream out;
  private final Set<Cell> begun = new LinkedHashSet<>();
  private final Map<Cell, Missing> missing = new LinkedHashMap<>();
  private int measured;
  private double expectedSeconds;
  private double spentSeconds;

  /** What follows a cell that was stored. */
  @FunctionalInterface
  interface Stored {
    /** Writes what is derived from all cells so far. */
    void write() throws IOException;
  }

  /**
   * Prepares.
   *
   * @param plan what is to be measured
   * @param limit of the run
   * @param start of the run, by the surroundings' clock
   * @param surroundings clock, memory, measurements
   * @param commit of the code
   * @param store where cells go
   * @param stored called after each of them
   * @param out for progress, a line per cell
   */
  Campaign(
      GridPlan plan,
      TimeLimit limit,
      long start,
      Surroundings surroundings,
      String commit,
      CellStore store,
      Stored stored,
      PrintStream out) {
    this.plan = plan;
    this.limit = limit;
    this.start = start;
    this.surroundings = surroundings;
    this.commit = commit;
    this.store = store;
    this.stored = stored;
    this.out = out;
  }

  /** Measures. Throws if a cell cannot be stored. */
  void run() throws IOException {
    for (int i = 0; i < plan.groups().size(); i++) {
      CellGroup group = plan.groups().get(i).without(begun);
      double needed = pace() * plan.seconds(group);
      double left = limit.seconds() - spent();
      if (limit.allows(spent(), needed)) {
        for (Cell cell : group.cells()) {
          begun.add(cell);
          missing.remove(cell);
          measure(cell, i);
        }
      } else {
        group.cells().forEach(cell -> missing.put(cell, Missing.forTime(cell, needed, left)));
      }
    }
  }

  private void measure(Cell cell, int place) throws IOException {
    String number = String.format(Locale.ROOT, "[%2d/%d] ", begun.size(), plan.cells());
    long needed = cell.processBytes(plan.estimate().preset().batch());
    long free = surroundings.freeBytes();
    if (needed > free) {
      leave(number, Missing.forMemory(cell, needed, free));
      return;
    }
    long begin = surroundings.nanoTime();
    try {
      List<Double> millis = surroundings.measure(cell, plan.estimate().schedule(cell));
      double seconds = (surroundings.nanoTime() - begin) * 1e-9;
      store.add(cell, millis, seconds, commit);
      stored.write();
      measured++;
      expectedSeconds += plan.estimate().seconds(cell);
      spentSeconds += seconds;
      out.println(number + result(cell, Measurement.of(millis, commit), place));
    } catch (CellFailedException e) {
      leave(number, new Missing(cell, Missing.Reason.FAILED, e.getMessage()));
    }
  }

  private void leave(String number, Missing cell) {
    missing.put(cell.cell(), cell);
    out.println(number + cell.line());
  }

  private String result(Cell cell, Measurement time, int place) {
    double open =
        plan.groups().stream()
            .skip(place)
            .flatMap(group -> group.without(begun).cells().stream())
            .distinct()
            .mapToDouble(plan.estimate()::seconds)
            .sum();
    return String.format(
        Locale.ROOT,
        "%s: %.3f ms (%.3f to %.3f), %s left",
        cell.label(),
        time.median(),
        time.low(),
        time.high(),
        Amounts.duration(Math.min(pace() * open, Math.max(0, limit.seconds() - spent()))));
  }

  private double spent() {
    return (surroundings.nanoTime() - start) * 1e-9;
  }

  /** Time taken over time expected, so far. */
  private double pace() {
    return expectedSeconds > 0 ? spentSeconds / expectedSeconds : 1;
  }

  /** Cells that were planned and not measured. */
  List<Missing> missing() {
    return List.copyOf(missing.values());
  }

  /** Number of cells measured. */
  int measured() {
    return measured;
  }

  /** What the plan expected for the cells measured. */
  double expectedSeconds() {
    return expectedSeconds;
  }

  /** What they took. */
  double spentSeconds() {
    return spentSeconds;
  }
}
