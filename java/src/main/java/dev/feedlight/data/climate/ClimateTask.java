package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is learned from what, and measured where.
 *
 * @param training scenarios to learn from
 * @param test the scenario to measure on; none of the training ones
 * @param firstTestYear of the years that count, as ClimateBench's 2080
 * @param endTestYear the year behind the last
 * @param target what is predicted
 * @param window years of forcings in an input, at least 1: the year itself and those before it
 */
public record ClimateTask(
    List<String> training,
    String test,
    int firstTestYear,
    int endTestYear,
    Target target,
    int window) {
  /** The years 1850 to 2014, which all scenarios have in common, as files call them. */
  public static final String HISTORICAL = "historical";

  /**
   * Copies the list.
   *
   * @throws DataException if the test scenario is learned from, or a count makes no sense
   */
  public ClimateTask {
    training = List.copyOf(training);
    if (training.isEmpty() || training.contains(test)) {
      throw new DataException(
          "learning from " + training + " and measuring on " + test + " would measure nothing");
    }
    if (firstTestYear >= endTestYear || window < 1) {
      throw new DataException(
          "test years "
              + firstTestYear
              + " to "
              + (endTestYear - 1)
              + " and a window of "
              + window
              + " years: both need at least one year");
    }
  }

  /**
   * The task on the 48 x 72 files: learn from ssp126 and ssp585, measure the temperature of ssp370
   * in 2080 to 2099.
   *
   * @return with a window of one year
   */
  public static ClimateTask ssp370() {
    return new ClimateTask(List.of("ssp126", "ssp585"), "ssp370", 2080, 2100, Target.TAS, 1);
  }

  /**
   * The task of ClimateBench: learn from ssp126, ssp370 and ssp585, measure the temperature of
   * ssp245 in 2080 to 2100.
   *
   * @return with a window of one year
   */
  public static ClimateTask climateBench() {
    return new ClimateTask(
        List.of("ssp126", "ssp370", "ssp585"), "ssp245", 2080, 2101, Target.TAS, 1);
  }

  /**
   * The same, learned from the historical years too, as ClimateBench's own networks are.
   *
   * @return a task with one more training scenario, the first
   */
  public ClimateTask withHistorical() {
    List<String> all = new ArrayList<>(List.of(HISTORICAL));
    all.addAll(training);
    return new ClimateTask(all, test, firstTestYear, endTestYear, target, window);
  }

  /**
   * The same scenarios and years with another target or window.
   *
   * @param newTarget what is predicted
   * @param newWindow years of forcings in an input
   * @return a task
   */
  public ClimateTask with(Target newTarget, int newWindow) {
    return new ClimateTask(training, test, firstTestYear, endTestYear, newTarget, newWindow);
  }
}
