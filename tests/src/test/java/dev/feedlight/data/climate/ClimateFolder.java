package dev.feedlight.data.climate;

import dev.feedlight.data.netcdf.ClassicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Small files in ClimateBench's layout, whose climate follows a known line. */
final class ClimateFolder {
  static final int ROWS = 4;
  static final int COLUMNS = 6;
  static final int FIRST = 2015;
  static final int CELLS = ROWS * COLUMNS;

  private final Path folder;
  private final int years;
  private final double absolute;

  /** Scenarios of so many years; {@code absolute} is added to every temperature. */
  ClimateFolder(Path folder, int years, double absolute) {
    this.folder = folder;
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

  static double ch4(int year, double slope) {
    return 0.3 + 0.001 * slope * Math.sin(year);
  }

  ClimateFolder scenario(String name, double slope) throws IOException {
    inputs(name, slope, ROWS);
    outputs(name, slope, years, Double.NaN);
    return this;
  }

  void inputs(String name, double slope, int rows) throws IOException {
    ClassicFile file = axes("latitude", "longitude", years, rows);
    file.variable(
        "CO2", ClassicFile.DOUBLE, List.of("time"), each(years, i -> co2(FIRST + i, slope)));
    file.variable(
        "CH4", ClassicFile.DOUBLE, List.of("time"), each(years, i -> ch4(FIRST + i, slope)));
    for (String map : List.of("SO2", "BC")) {
      file.variable(
          map,
          ClassicFile.DOUBLE,
          List.of("time", "latitude", "longitude"),
          each(years * rows * COLUMNS, i -> 1e-12 * (map.length() + Math.sin(i * slope))));
    }
    Files.write(folder.resolve("inputs_" + name + ".nc"), file.bytes());
  }

  /** Two members around the truth; {@code fill} stands in one place where it is a number. */
  void outputs(String name, double slope, int count, double fill) throws IOException {
    double[] values =
        each(
            2 * count * CELLS,
            i -> {
              int year = FIRST + i / CELLS % count;
              double member = i < count * CELLS ? 0.25 : -0.25;
              return absolute + member + temperature(year, slope, i % CELLS);
            });
    if (!Double.isNaN(fill)) {
      values[CELLS + 7] = fill;
    }
    ClassicFile file =
        axes("lat", "lon", count, ROWS)
            .dimension("member", 2)
            .variable("tas", ClassicFile.DOUBLE, List.of("member", "time", "lat", "lon"), values);
    Files.write(folder.resolve("outputs_" + name + ".nc"), file.bytes());
  }

  private static ClassicFile axes(String lat, String lon, int years, int rows) {
    return new ClassicFile(false)
        .dimension("time", years)
        .dimension(lat, rows)
        .dimension(lon, COLUMNS)
        .variable("time", ClassicFile.INT, List.of("time"), each(years, i -> FIRST + i))
        .variable(lat, ClassicFile.DOUBLE, List.of(lat), each(rows, i -> -67.5 + 45.0 * i))
        .variable(lon, ClassicFile.DOUBLE, List.of(lon), each(COLUMNS, i -> 60.0 * i));
  }

  private static double[] each(int count, IntToDoubleFunction value) {
    double[] values = new double[count];
    Arrays.setAll(values, value);
    return values;
  }
}
