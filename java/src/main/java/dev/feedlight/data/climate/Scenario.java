package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The forcings of a scenario, year by year, and what the climate did.
 *
 * @param name as in its files, for example {@code ssp126}
 * @param grid of all maps
 * @param firstYear of forcings and target
 * @param years how many, without a gap
 * @param forcings for each, in the order of the input maps: years numbers, or years x cells for
 *     maps; in the units of the files
 * @param target years x cells, the mean of the ensemble; null where it is not known
 */
@SuppressWarnings(
    "ArrayRecordComponent") // never compared; years of maps are not copied for every view
public record Scenario(
    String name,
    Grid grid,
    int firstYear,
    int years,
    Map<Forcing, double[]> forcings,
    double[] target) {
  /**
   * Checks the shapes.
   *
   * @throws DataException if one is missing, of another length, or not finite
   */
  public Scenario {
    // Map.copyOf would lose the order.
    forcings = Collections.unmodifiableMap(new LinkedHashMap<>(forcings));
    if (forcings.isEmpty()) {
      throw new DataException(name + " has no forcing");
    }
    for (Map.Entry<Forcing, double[]> entry : forcings.entrySet()) {
      long expected = (long) years * entry.getKey().valuesPerYear(grid);
      if (entry.getValue().length != expected) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: %s has %d values, %d years of %s need %d",
                name,
                entry.getKey(),
                entry.getValue().length,
                years,
                grid,
                expected));
      }
    }
    if (target != null && target.length != (long) years * grid.cells()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: %d target values for %d years of %s",
              name,
              target.length,
              years,
              grid));
    }
  }

  /**
   * What drives it.
   *
   * @return in the order of the input maps
   */
  public List<Forcing> order() {
    return List.copyOf(forcings.keySet());
  }

  /**
   * Whether it can be learned from or measured on.
   *
   * @return true if there is a target
   */
  public boolean hasTarget() {
    return target != null;
  }

  /**
   * The year behind the last.
   *
   * @return first year plus years
   */
  public int endYear() {
    return firstYear + years;
  }

  /**
   * The global mean of a forcing, weighted by area.
   *
   * @param forcing number or map
   * @return one value for every year, in the unit of the files
   */
  public double[] global(Forcing forcing) {
    double[] values = forcings.get(forcing);
    return forcing.isMap() ? Maps.globalMeans(values, grid) : values.clone();
  }

  /** The place of a year among all, refused if it is not there. */
  int place(int year) {
    if (year < firstYear || year >= endYear()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s has the years %d to %d, not %d",
              name,
              firstYear,
              endYear() - 1,
              year));
    }
    return year - firstYear;
  }

  /**
   * Refuses a scenario that lacks years.
   *
   * @param first the first year that is needed
   * @param end the year behind the last
   * @param why what they are needed for
   * @throws DataException if one is not there
   */
  void requireYears(int first, int end, String why) {
    if (first < firstYear || end > endYear()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "the forcings and targets of %s have the years %d to %d in common, but %d to %d are"
                  + " %s",
              name,
              firstYear,
              endYear() - 1,
              first,
              end - 1,
              why));
    }
  }

  /**
   * Some of its years.
   *
   * @param first the first of them
   * @param end the year behind the last
   * @return a scenario of the same name
   * @throws DataException if a year is not there, or there would be none
   */
  public Scenario between(int first, int end) {
    int from = place(first);
    int to = place(end - 1) + 1;
    if (from >= to) {
      throw new DataException(name + " between " + first + " and " + end + " has no year");
    }
    if (from == 0 && to == years) {
      return this;
    }
    Map<Forcing, double[]> some = new LinkedHashMap<>();
    for (Map.Entry<Forcing, double[]> entry : forcings.entrySet()) {
      int width = entry.getKey().valuesPerYear(grid);
      some.put(entry.getKey(), Arrays.copyOfRange(entry.getValue(), from * width, to * width));
    }
    double[] targets =
        target == null ? null : Arrays.copyOfRange(target, from * grid.cells(), to * grid.cells());
    return new Scenario(name, grid, first, to - from, some, targets);
  }

  /** Refuses forcings that are not those of another scenario, in the same order. */
  void requireOrder(List<Forcing> other, String otherName) {
    if (!order().equals(other)) {
      throw new DataException(
          name + " has the forcings " + order() + ", " + otherName + " " + other);
    }
  }
}
