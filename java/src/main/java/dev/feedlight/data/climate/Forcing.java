package dev.feedlight.data.climate;

import java.util.List;

/**
 * What drives the climate: a number or a map for every year.
 *
 * @param name in files and messages
 * @param isMap whether it differs from place to place
 * @param scaling how it is brought to a size that networks like
 */
public record Forcing(String name, boolean isMap, Scaling scaling) {
  /**
   * Carbon dioxide emitted since 1850, one number a year, GtCO2; divided by the largest of
   * ClimateBench's scenarios, as its own networks do.
   */
  public static final Forcing CO2 = new Forcing("CO2", false, new Scaling.By(9500));

  /** Methane emitted in the year, one number, GtCH4; divided in the same way. */
  public static final Forcing CH4 = new Forcing("CH4", false, new Scaling.By(0.8));

  /** Sulphur dioxide emitted, a map, kg/m2/s. */
  public static final Forcing SO2 = new Forcing("SO2", true, new Scaling.ByLargest());

  /** Black carbon emitted, a map, kg/m2/s. */
  public static final Forcing BC = new Forcing("BC", true, new Scaling.ByLargest());

  /** Those of ClimateBench, in the order of the input maps. */
  public static final List<Forcing> CLIMATE_BENCH = List.of(CO2, CH4, SO2, BC);

  /** What is done to a forcing before a network sees it. */
  public sealed interface Scaling {
    /**
     * It is divided by a number.
     *
     * @param divisor above 0, in the unit of the forcing
     */
    record By(double divisor) implements Scaling {}

    /** It is divided by its largest magnitude in the training scenarios. */
    record ByLargest() implements Scaling {}

    /** It is brought to mean 0 and variance 1 over all cells and years of these scenarios. */
    record Standard() implements Scaling {}
  }

  /** Values of one year on such a grid. */
  int valuesPerYear(Grid grid) {
    return isMap ? grid.cells() : 1;
  }

  @Override
  public String toString() {
    return name;
  }
}
