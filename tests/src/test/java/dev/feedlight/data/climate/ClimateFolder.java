package dev.feedlight.data.climate;

import dev.feedlight.data.netcdf.ClassicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** Small files in ClimateBench's layout, whose climate follows a known line. */
public final class ClimateFolder {
  static final int ROWS = 4;
  static final int COLUMNS = 6;
  static final int FIRST = 2015;
  static final int CELLS = ROWS * COLUMNS;

  private static final double SECONDS_PER_DAY = 86_400;

  private final Path folder;
  private final int rows;
  private final int columns;
  private final int years;
  private final double absolute;
  private int first = FIRST;
  private double perDay = SECONDS_PER_DAY;
  private Map<String, Object> rainAttributes = Map.of();

  /** Scenarios of so many years; {@code absolute} is added to every temperature. */
  ClimateFolder(Path folder, int years, double absolute) {
    this(folder, ROWS, COLUMNS, years, absolute);
  }

  /** The same on another grid. */
  public ClimateFolder(Path folder, int rows, int columns, int years, double absolute) {
    this.folder = folder;
    this.rows = rows;
    this.columns = columns;
    this.years = years;
    this.absolute = absolute;
  }

  static double co2(int year, double slope) {
    return 1500 + slope * (year - FIRST);
  }

  /** A temperature that is a line in the forcings: the baseline must find it exactly. */
  static double temperature(int year, double slope, int cell) {
    return (1 + cell % 3) * (co2(year, slope) - 1500) / 1000 + 0.5 * ch4(year, slope);
  }

  /** Precipitation of the same, mm/day. */
  static double precipitation(int year, double slope, int cell) {
    return 0.3 * temperature(year, slope, cell) - 0.1 * (cell % 5);
  }

  static double ch4(int year, double slope) {
    return 0.3 + 0.001 * slope * Math.sin(year);
  }

  /** The files that are written from now on begin with this year. */
  ClimateFolder from(int year) {
    first = year;
    return this;
  }

  /**
   * The files that are written from now on hold precipitation of which so much is 1 mm/day; without
   * this, kg/m2/s without a word, as ClimateBench's do.
   */
  ClimateFolder rainIn(double part, String units) {
    perDay = 1 / part;
    rainAttributes = units == null ? Map.of() : Map.of("units", units);
    return this;
  }

  /** Forcings, temperatures and precipitation of a scenario that is warmer the larger its slope. */
  public ClimateFolder scenario(String name, double slope) throws IOException {
    inputs(name, slope, rows);
    outputs(name, slope, years, Double.NaN);
    return this;
  }

  void inputs(String name, double slope, int height) throws IOException {
    ClassicFile file = axes("latitude", "longitude", years, height);
    file.variable(
        "CO2", ClassicFile.DOUBLE, List.of("time"), each(years, i -> co2(first + i, slope)));
    file.variable(
        "CH4", ClassicFile.DOUBLE, List.of("time"), each(years, i -> ch4(first + i, slope)));
    for (String map : List.of("SO2", "BC")) {
      file.variable(
          map,
          ClassicFile.DOUBLE,
          List.of("time", "latitude", "longitude"),
          each(years * height * columns, i -> 1e-12 * (map.length() + Math.sin(i * slope))));
    }
    Files.write(folder.resolve("inputs_" + name + ".nc"), file.bytes());
  }

  /** Two members around the truth; {@code fill} stands in one place where it is a number. */
  void outputs(String name, double slope, int count, double fill) throws IOException {
    int cells = rows * columns;
    double[] warm = new double[2 * count * cells];
    double[] wet = new double[warm.length];
    for (int i = 0; i < warm.length; i++) {
      int year = first + i / cells % count;
      double member = i < count * cells ? 0.25 : -0.25;
      warm[i] = absolute + member + temperature(year, slope, i % cells);
      wet[i] = (member + precipitation(year, slope, i % cells)) / perDay;
    }
    if (!Double.isNaN(fill)) {
      warm[cells + 7] = fill;
    }
    List<String> shape = List.of("member", "time", "lat", "lon");
    ClassicFile file =
        axes("lat", "lon", count, rows)
            .dimension("member", 2)
            .variable("tas", ClassicFile.DOUBLE, shape, warm)
            .variable("pr", ClassicFile.DOUBLE, shape, rainAttributes, wet);
    Files.write(folder.resolve("outputs_" + name + ".nc"), file.bytes());
  }

  private ClassicFile axes(String lat, String lon, int count, int height) {
    double step = 180.0 / rows;
    return new ClassicFile(false)
        .dimension("time", count)
        .dimension(lat, height)
        .dimension(lon, columns)
        .variable("time", ClassicFile.INT, List.of("time"), each(count, i -> first + i))
        .variable(lat, ClassicFile.DOUBLE, List.of(lat), each(height, i -> step * (i + 0.5) - 90))
        .variable(lon, ClassicFile.DOUBLE, List.of(lon), each(columns, i -> 360.0 * i / columns));
  }

  private static double[] each(int count, IntToDoubleFunction value) {
    double[] values = new double[count];
    Arrays.setAll(values, value);
    return values;
  }
}
