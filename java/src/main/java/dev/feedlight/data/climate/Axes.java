package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import dev.feedlight.data.netcdf.NetcdfDimension;
import dev.feedlight.data.netcdf.NetcdfException;
import dev.feedlight.data.netcdf.NetcdfFile;
import dev.feedlight.data.netcdf.NetcdfVariable;
import java.util.List;
import java.util.Locale;

/**
 * The coordinates of a file: years without a gap, latitudes, longitudes.
 *
 * @param file for messages
 * @param firstYear the first
 * @param years how many
 * @param latitude name of the dimension
 * @param longitude name of the dimension
 */
record Axes(String file, Grid grid, int firstYear, int years, String latitude, String longitude) {
  private static final String TIME = "time";

  static Axes of(NetcdfFile file) {
    NetcdfVariable latitude = coordinate(file, "latitude", "lat");
    NetcdfVariable longitude = coordinate(file, "longitude", "lon");
    NetcdfVariable time = file.variable(TIME);
    double[] years = time.doubles();
    if (years.length == 0 || years[0] != Math.rint(years[0]) || Math.abs(years[0]) > 100_000) {
      throw new NetcdfException(
          time.where()
              + " should hold whole years, but "
              + (years.length == 0 ? "is empty" : "begins with " + years[0]));
    }
    for (int i = 1; i < years.length; i++) {
      if (years[i] != years[0] + i) {
        throw new NetcdfException(
            String.format(
                Locale.ROOT,
                "%s goes from %s to %s: a year is missing or twice there",
                time.where(),
                years[i - 1],
                years[i]));
      }
    }
    return new Axes(
        file.name(),
        grid(latitude, longitude),
        (int) years[0],
        years.length,
        latitude.name(),
        longitude.name());
  }

  private static Grid grid(NetcdfVariable latitude, NetcdfVariable longitude) {
    try {
      return new Grid(latitude.doubles(), longitude.doubles());
    } catch (NetcdfException e) {
      throw e;
    } catch (DataException e) {
      throw new NetcdfException(
          latitude.where() + " or " + longitude.name() + ": " + e.getMessage(), e);
    }
  }

  private static NetcdfVariable coordinate(NetcdfFile file, String name, String shortName) {
    return file.find(name).or(() -> file.find(shortName)).orElseGet(() -> file.variable(name));
  }

  /** Refuses a variable that has not one value, or map, for every year. */
  void requireShape(NetcdfVariable variable, boolean maps) {
    requireShape(variable, variable.dimensions(), maps);
  }

  /** The same of the dimensions behind that of the members. */
  void requireShape(NetcdfVariable variable, List<NetcdfDimension> dimensions, boolean maps) {
    List<String> expected = maps ? List.of(TIME, latitude, longitude) : List.of(TIME);
    List<Long> lengths =
        maps
            ? List.of((long) years, (long) grid.rows(), (long) grid.columns())
            : List.of((long) years);
    if (!dimensions.stream().map(NetcdfDimension::name).toList().equals(expected)
        || !dimensions.stream().map(NetcdfDimension::length).toList().equals(lengths)) {
      throw new NetcdfException(
          String.format(
              Locale.ROOT,
              "%s has the shape %s; expected are %s of %s",
              variable.where(),
              variable,
              expected,
              lengths));
    }
  }
}
