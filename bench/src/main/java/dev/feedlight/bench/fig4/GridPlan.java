package dev.feedlight.bench.fig4;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is still to be measured, in the order in which a run that is cut short is worth most: coarse
 * grids before fine ones, and in a grid what is quick first. Places may share cells: which of them
 * a cell is measured at is known only when it is clear which places there is time for.
 *
 * @param estimate of times
 * @param groups places with the cells to measure there, none of them empty
 * @param tooLarge cells that this machine has not the memory for now
 * @param freeBytes of memory when the plan was made
 */
record GridPlan(Estimate estimate, List<CellGroup> groups, List<Missing> tooLarge, long freeBytes) {
  GridPlan {
    groups = List.copyOf(groups);
    tooLarge = List.copyOf(tooLarge);
  }

  /**
   * Makes the plan.
   *
   * @param estimate with the preset
   * @param figures wanted panels
   * @param measured cells that need not be measured again
   * @param freeBytes of memory
   */
  static GridPlan of(Estimate estimate, List<Figure> figures, Set<Cell> measured, long freeBytes) {
    Preset preset = estimate.preset();
    List<CellGroup> ordered =
        preset.groups(figures).stream()
            .sorted(
                Comparator.comparingInt(CellGroup::level)
                    .thenComparingDouble(group -> estimate.seconds(group.cells())))
            .toList();
    Map<Cell, Missing> tooLarge = new LinkedHashMap<>();
    for (Cell cell : preset.cells(figures)) {
      long needed = cell.processBytes(preset.batch());
      if (needed > freeBytes && !measured.contains(cell)) {
        tooLarge.put(cell, Missing.forMemory(cell, needed, freeBytes));
      }
    }
    List<CellGroup> groups =
        ordered.stream()
            .map(group -> group.without(measured).without(tooLarge.keySet()))
            .filter(group -> !group.cells().isEmpty())
            .toList();
    return new GridPlan(estimate, groups, List.copyOf(tooLarge.values()), freeBytes);
  }

  /** Number of cells to measure. */
  int cells() {
    return Math.toIntExact(distinct().count());
  }

  /** Expected time of all of them. */
  double seconds() {
    return distinct().mapToDouble(estimate::seconds).sum();
  }

  double seconds(CellGroup group) {
    return estimate.seconds(group.cells());
  }

  private Stream<Cell> distinct() {
    return groups.stream().flatMap(group -> group.cells().stream()).distinct();
  }

  /**
   * What a limit allows if every cell takes as long as expected.
   *
   * @return a plan whose places share no cells
   */
  GridPlan within(TimeLimit limit, double spent) {
    List<CellGroup> within = new ArrayList<>();
    Set<Cell> done = new LinkedHashSet<>();
    double end = spent;
    for (CellGroup group : groups) {
      CellGroup rest = group.without(done);
      if (!rest.cells().isEmpty() && limit.allows(end, seconds(rest))) {
        within.add(rest);
        done.addAll(rest.cells());
        end += seconds(rest);
      }
    }
    return new GridPlan(estimate, within, tooLarge, freeBytes);
  }

  /** The plan for people: numbers, times per panel, memory, what does not fit. */
  List<String> lines() {
    Preset preset = estimate.preset();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "plan      %s: %d cells of %d x (%d + %d) iterations of %d ms, batch %d; about %s",
            preset.name(),
            cells(),
            preset.forks(),
            preset.warmUpIterations(),
            preset.iterations(),
            preset.iterationMillis(),
            preset.batch(),
            Amounts.duration(seconds())));
    panels().forEach((panel, of) -> lines.add(panel(panel, of)));
    shorter().ifPresent(lines::add);
    distinct()
        .max(Comparator.comparingLong(cell -> cell.processBytes(preset.batch())))
        .ifPresent(
            cell ->
                lines.add(
                    "memory    at most about "
                        + Amounts.memory(cell.processBytes(preset.batch()))
                        + " ("
                        + cell.label()
                        + "); "
                        + Amounts.memory(freeBytes)
                        + " are free"));
    tooLarge.forEach(missing -> lines.add("skipped   " + missing.line()));
    return lines;
  }

  private Map<String, List<CellGroup>> panels() {
    return within(TimeLimit.NONE, 0).groups().stream()
        .collect(
            Collectors.groupingBy(
                group ->
                    group.figures().stream()
                        .map(Figure::toString)
                        .collect(Collectors.joining(", ")),
                LinkedHashMap::new,
                Collectors.toList()));
  }

  private String panel(String panel, List<CellGroup> of) {
    return String.format(
        Locale.ROOT,
        "plan      %s: %d cells at %d place(s), about %s",
        panel,
        of.stream().mapToInt(group -> group.cells().size()).sum(),
        of.size(),
        Amounts.duration(of.stream().mapToDouble(this::seconds).sum()));
  }

  /** Cells whose steps are so long that they get fewer iterations. */
  private Optional<String> shorter() {
    Preset preset = estimate.preset();
    long count =
        distinct()
            .filter(cell -> estimate.schedule(cell).iterations() < preset.iterations())
            .count();
    return count == 0
        ? Optional.empty()
        : Optional.of(
            "plan      fewer iterations, of one step each, in "
                + count
                + " cells of long steps; n says how many");
  }
}
