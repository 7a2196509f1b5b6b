package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Scenarios made ready for a task: targets as anomalies, forcings scaled, years as examples.
 *
 * <p>The official files hold anomalies against the pre-industrial control. Files with absolute
 * values (told by a mean temperature above 100 K) are made anomalies against the mean of 2015 to
 * 2024 over the training scenarios, which all begin alike.
 */
public final class ClimateData {
  /** Above any anomaly and below any temperature, K (ours). */
  private static final double ABSOLUTE = 100;

  private static final int REFERENCE_YEAR = 2015;
  private static final int REFERENCE_YEARS = 10;

  private final ClimateTask task;
  private final Grid grid;
  private final List<Scenario> training;
  private final Scenario test;
  private final ForcingScale scale;
  private final double targetScale;
  private final Optional<String> unitNote;
  private final ClimateDataset trainingSet;
  private final ClimateDataset testSet;

  private ClimateData(
      ClimateTask task, List<Scenario> training, Scenario test, Optional<String> unitNote) {
    this.task = task;
    this.training = training;
    this.test = test;
    this.grid = test.grid();
    this.scale = ForcingScale.of(training);
    this.targetScale = deviation(training);
    this.unitNote = unitNote;
    int forcings = test.forcings().size();
    this.trainingSet =
        new ClimateDataset(title(task.training(), "training"), grid, forcings, task.window());
    for (Scenario scenario : training) {
      add(trainingSet, scenario, scenario.firstYear() + task.window() - 1, scenario.endYear());
    }
    this.testSet =
        new ClimateDataset(title(List.of(task.test()), "test"), grid, forcings, task.window());
    test.requireYears(task.firstTestYear() - task.window() + 1, task.endTestYear(), "measured");
    add(testSet, test, task.firstTestYear(), task.endTestYear());
    if (trainingSet.size() == 0) {
      throw new DataException(
          trainingSet.name() + " has no year with " + task.window() + " years of forcings");
    }
  }

  /**
   * Reads a folder in the layout of ClimateBench.
   *
   * @param folder with {@code inputs_NAME.nc} and {@code outputs_NAME.nc}, packed or not
   * @param task which of them
   * @return ready data
   * @throws DataException if a file, a variable or a year is missing, grids or units differ, or
   *     values are missing
   */
  public static ClimateData load(Path folder, ClimateTask task) {
    ScenarioFiles files = new ScenarioFiles(folder);
    // The test scenario first: what is missing there should not be found out last.
    List<String> names = new ArrayList<>(List.of(task.test()));
    names.addAll(task.training());
    ScenarioFiles.Scenarios read = files.read(names, task.target());
    Scenario test = read.all().getFirst();
    List<Scenario> training = read.all().subList(1, names.size());
    // Other variables do not show whether they are absolute.
    double[] temperature =
        task.target() == Target.TAS
            ? training.getFirst().target()
            : files.readTemperature(task.training().getFirst());
    return of(task, training, test, mean(temperature) > ABSOLUTE, read.unitNote());
  }

  /**
   * Makes scenarios ready that are in memory.
   *
   * @param task its names are those of the scenarios
   * @param training with targets
   * @param test with a target
   * @param absolute whether targets are to be made anomalies
   * @return ready data
   * @throws DataException if a target or a year is missing, or grids or forcings differ
   */
  public static ClimateData of(
      ClimateTask task, List<Scenario> training, Scenario test, boolean absolute) {
    return of(task, training, test, absolute, Optional.empty());
  }

  private static ClimateData of(
      ClimateTask task,
      List<Scenario> training,
      Scenario test,
      boolean absolute,
      Optional<String> unitNote) {
    List<Scenario> all = new ArrayList<>(training);
    all.add(test);
    for (Scenario scenario : all) {
      if (!scenario.hasTarget()) {
        throw new DataException(
            scenario.name() + " has no target " + task.target().variable() + " to compare with");
      }
      scenario.grid().requireSame(test.grid(), scenario.name(), test.name());
      scenario.requireOrder(test.order(), test.name());
    }
    if (!absolute) {
      return new ClimateData(task, List.copyOf(training), test, unitNote);
    }
    double[] reference = new double[test.grid().cells()];
    List<Scenario> future = future(training);
    for (Scenario scenario : future) {
      scenario.requireYears(
          REFERENCE_YEAR, REFERENCE_YEAR + REFERENCE_YEARS, "what changes are measured against");
      int first = scenario.place(REFERENCE_YEAR);
      double[] mean = Maps.timeMean(scenario.target(), reference.length, first, REFERENCE_YEARS);
      for (int cell = 0; cell < reference.length; cell++) {
        reference[cell] += mean[cell] / future.size();
      }
    }
    return new ClimateData(
        task,
        training.stream().map(scenario -> anomalies(scenario, reference)).toList(),
        anomalies(test, reference),
        unitNote);
  }

  /**
   * The same task by years that are learned from otherwise, to choose settings by: the test
   * scenario has no part in it.
   *
   * @param scenario one of the training scenarios
   * @param first the first year that is held back and measured on
   * @param end the year behind the last
   * @return ready data, with anomalies against the same years as here
   * @throws DataException if there is no such scenario or year
   */
  public ClimateData holdBack(String scenario, int first, int end) {
    List<Scenario> rest = new ArrayList<>();
    Scenario measured = null;
    for (Scenario one : training) {
      if (!one.name().equals(scenario)) {
        rest.add(one);
        continue;
      }
      // The window of the first year reaches back behind it.
      measured = one.between(first - task.window() + 1, end);
      if (one.firstYear() < first) {
        rest.add(one.between(one.firstYear(), first));
      }
      if (end < one.endYear()) {
        rest.add(one.between(end, one.endYear()));
      }
    }
    if (measured == null) {
      throw new DataException(
          "years of " + scenario + " cannot be held back from " + task.training());
    }
    String name = String.format(Locale.ROOT, "%s %d to %d", scenario, first, end - 1);
    ClimateTask held =
        new ClimateTask(task.training(), name, first, end, task.target(), task.window());
    return new ClimateData(held, List.copyOf(rest), measured, unitNote);
  }

  /** The training scenarios that have the years of the reference. */
  private static List<Scenario> future(List<Scenario> training) {
    List<Scenario> future =
        training.stream()
            .filter(scenario -> !scenario.name().equals(ClimateTask.HISTORICAL))
            .toList();
    if (future.isEmpty()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "targets are absolute, and changes are measured against the mean of %d to %d over the"
                  + " training scenarios, but %s alone is learned from: learn from a scenario of"
                  + " these years too",
              REFERENCE_YEAR,
              REFERENCE_YEAR + REFERENCE_YEARS - 1,
              ClimateTask.HISTORICAL));
    }
    return future;
  }

  private static Scenario anomalies(Scenario scenario, double[] reference) {
    double[] target = scenario.target().clone();
    for (int map = 0; map < target.length; map += reference.length) {
      for (int cell = 0; cell < reference.length; cell++) {
        target[map + cell] -= reference[cell];
      }
    }
    return new Scenario(
        scenario.name(),
        scenario.grid(),
        scenario.firstYear(),
        scenario.years(),
        scenario.forcings(),
        target);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(List<Scenario> training) {
    double squares = 0;
    long count = 0;
    for (Scenario scenario : training) {
      for (double value : scenario.target()) {
        squares += value * value;
      }
      count += scenario.target().length;
    }
    double deviation = Math.sqrt(squares / count);
    if (!(deviation > 0)) {
      throw new DataException("the targets of the training scenarios never change");
    }
    return deviation;
  }

  private String title(List<String> scenarios, String part) {
    return String.format(
        Locale.ROOT, "%s of %s, %s", task.target().variable(), String.join(" + ", scenarios), part);
  }

  private void add(ClimateDataset set, Scenario scenario, int first, int end) {
    float[] targets = new float[scenario.target().length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) (scenario.target()[i] / targetScale);
    }
    set.add(scenario, scale.maps(scenario), targets, first, end);
  }

  /**
   * What was asked for.
   *
   * @return scenarios, years, variable
   */
  public ClimateTask task() {
    return task;
  }

  /**
   * The grid of inputs and targets.
   *
   * @return latitudes and longitudes
   */
  public Grid grid() {
    return grid;
  }

  /**
   * Channels of an input.
   *
   * @return one per forcing for every year of the window
   */
  public int channels() {
    return test.forcings().size() * task.window();
  }

  /**
   * What targets are divided by in the examples: the root of the mean square of the training
   * targets, so that networks see values around 1. Predictions are multiplied by it.
   *
   * @return in the unit of the target
   */
  public double targetScale() {
    return targetScale;
  }

  /**
   * Which unit the files of the targets were taken to have, and why.
   *
   * @return for people; empty where nothing had to be found out
   */
  public Optional<String> unitNote() {
    return unitNote;
  }

  /**
   * Scenarios to learn from.
   *
   * @return with targets as anomalies, in the unit of the target
   */
  public List<Scenario> trainingScenarios() {
    return training;
  }

  /**
   * The scenario to measure on.
   *
   * @return with its target as anomalies, in the unit of the target
   */
  public Scenario testScenario() {
    return test;
  }

  /**
   * Examples to learn from.
   *
   * @return every year of the training scenarios that has its window
   */
  public ClimateDataset training() {
    return trainingSet;
  }

  /**
   * Examples to measure on.
   *
   * @return the test years
   */
  public ClimateDataset test() {
    return testSet;
  }

  /**
   * What happened in the test years.
   *
   * @return years x cells, anomalies in the unit of the target
   */
  public double[] truth() {
    int first = test.place(task.firstTestYear()) * grid.cells();
    return Arrays.copyOfRange(
        test.target(), first, first + Math.toIntExact(testSet.size()) * grid.cells());
  }
}
