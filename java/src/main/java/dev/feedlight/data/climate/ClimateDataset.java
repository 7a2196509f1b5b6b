package dev.feedlight.data.climate;

import dev.feedlight.data.Dataset;
import dev.feedlight.data.Task;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Years of scenarios as examples. The input of a year are the scaled forcings of that year and of
 * the {@code window - 1} years before it, oldest first: window x forcings maps; the target is the
 * map of the year, divided by a scale. Both lie ready as rows, so that a read is one copy.
 */
public final class ClimateDataset implements Dataset {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** One example: where its rows lie. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Year(
      Scenario scenario, int year, float[] maps, int input, float[] targets, int target) {}

  private final String name;
  private final int cells;
  private final int perYear;
  private final int inputs;
  private final List<Year> years = new ArrayList<>();

  /** An empty set whose inputs have so many forcings of so many years. */
  ClimateDataset(String name, Grid grid, int forcings, int window) {
    this.name = name;
    this.cells = grid.cells();
    this.perYear = Math.multiplyExact(forcings, cells);
    this.inputs = Math.multiplyExact(window, perYear);
  }

  /** Adds years of a scenario whose scaled forcings and targets start with its first year. */
  void add(Scenario scenario, float[] maps, float[] targets, int first, int end) {
    for (int year = first; year < end; year++) {
      int place = scenario.place(year);
      int input = (place + 1) * perYear - inputs;
      years.add(new Year(scenario, year, maps, input, targets, place * cells));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return years.size();
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return cells;
  }

  @Override
  public Task task() {
    return Task.REGRESSION;
  }

  @Override
  public void input(long index, MemorySegment dst, long byteOffset) {
    Year year = at(index);
    MemorySegment.copy(year.maps(), year.input(), dst, FLOAT, byteOffset, inputs);
  }

  @Override
  public int label(long index) {
    throw new IllegalStateException(name + " has maps to predict, not classes");
  }

  @Override
  public void target(long index, MemorySegment dst, long byteOffset) {
    Year year = at(index);
    MemorySegment.copy(year.targets(), year.target(), dst, FLOAT, byteOffset, cells);
  }

  /**
   * The year of an example.
   *
   * @param index the example
   * @return for example 2080
   */
  public int year(long index) {
    return at(index).year();
  }

  /**
   * The scenario of an example.
   *
   * @param index the example
   * @return its name
   */
  public String scenario(long index) {
    return at(index).scenario().name();
  }

  private Year at(long index) {
    return years.get(Math.toIntExact(Objects.checkIndex(index, years.size())));
  }
}
