package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import dev.feedlight.data.netcdf.NetcdfFile;
import dev.feedlight.data.netcdf.NetcdfVariable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small climate in the jar, to try things out: an illustration, not ClimateBench. It has the
 * temperature of North America, 1860 to 2099, in the Met Office Unified Model 6.05 under the
 * scenarios A1B and E1 of the ENSEMBLES project (British Crown copyright 2018, Open Government
 * Licence; see the README beside the files), and no forcings. What drives a year here are the
 * region's mean temperatures in the four decades before it, each a number: no year says anything
 * about itself. Networks learn from A1B and are measured on E1, the milder one.
 */
public final class NorthAmerica {
  private static final String A1B = "A1B";
  private static final String E1 = "E1";

  /** Patches of 12 cover it: of the 37 x 49 cells the last row and column are left out. */
  private static final int ROWS = 36;

  private static final int COLUMNS = 48;

  private static final int DECADES = 4;
  private static final int DECADE = 10;

  /** Time is in hours of a calendar of 360 days. */
  private static final double HOURS_PER_YEAR = 360 * 24;

  private static final int EPOCH = 1970;

  private NorthAmerica() {}

  /**
   * Learn from A1B, measure the temperature of E1 in 2080 to 2099.
   *
   * @return a task on the data of {@link #embedded}
   */
  public static ClimateTask task() {
    return new ClimateTask(List.of(A1B), E1, 2080, 2100, Target.TAS, 1);
  }

  /**
   * The data in the jar.
   *
   * @return ready for {@link #task()}, with anomalies against 2015 to 2024 of A1B
   * @throws DataException if the jar is damaged
   */
  public static ClimateData embedded() {
    return ClimateData.of(task(), List.of(scenario(A1B)), scenario(E1), true);
  }

  private static Scenario scenario(String name) {
    String resource = "north-america/" + name + "_north_america.nc.gz";
    try (InputStream in = NorthAmerica.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new DataException(resource + " is missing from the jar");
      }
      try (NetcdfFile file = NetcdfFile.of(resource, in.readAllBytes())) {
        return scenario(name, file);
      }
    } catch (IOException e) {
      throw new DataException(resource + " cannot be read from the jar: " + e, e);
    }
  }

  private static Scenario scenario(String name, NetcdfFile file) {
    double[] latitudes = file.variable("latitude").doubles();
    double[] longitudes = file.variable("longitude").doubles();
    Grid grid = new Grid(Arrays.copyOf(latitudes, ROWS), Arrays.copyOf(longitudes, COLUMNS));
    double[] hours = file.variable("time").doubles();
    int firstYear = year(hours[0]);
    for (int i = 0; i < hours.length; i++) {
      if (year(hours[i]) != firstYear + i) {
        throw new DataException(file.name() + " has no year " + (firstYear + i));
      }
    }
    double[] maps = new double[hours.length * grid.cells()];
    NetcdfVariable variable = file.variable("air_temperature");
    double[] stored = variable.doubles();
    for (int row = 0; row < hours.length * ROWS; row++) {
      int from = (row / ROWS * latitudes.length + row % ROWS) * longitudes.length;
      System.arraycopy(stored, from, maps, row * COLUMNS, COLUMNS);
    }
    double[] means = Maps.globalMeans(maps, grid);
    Map<Forcing, double[]> decades = new LinkedHashMap<>();
    int before = DECADES * DECADE;
    int years = hours.length - before;
    for (int decade = DECADES; decade >= 1; decade--) {
      double[] values = new double[years];
      for (int year = 0; year < years; year++) {
        int end = before + year - (decade - 1) * DECADE;
        values[year] = Arrays.stream(means, end - DECADE, end).average().orElseThrow();
      }
      decades.put(decade(decade), values);
    }
    double[] targets = Arrays.copyOfRange(maps, before * grid.cells(), maps.length);
    return new Scenario(name, grid, firstYear + before, years, decades, targets);
  }

  private static int year(double hours) {
    return (int) Math.floor(EPOCH + hours / HOURS_PER_YEAR);
  }

  private static Forcing decade(int before) {
    String years = (before * DECADE) + " to " + ((before - 1) * DECADE + 1);
    return new Forcing(
        "mean temperature " + years + " years before", false, new Forcing.Scaling.Standard());
  }
}
