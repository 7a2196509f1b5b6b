package dev.feedlight.data.climate;

import dev.feedlight.data.netcdf.NetcdfException;
import dev.feedlight.data.netcdf.NetcdfVariable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A unit that precipitation is stored in. The files of ClimateBench hold kg/m2/s and do not say so;
 * those that others derived from them hold mm/day. Where files have no {@code units}, the size of
 * the values tells; it is asked once for all files of a task, which have to agree.
 */
enum PrecipitationUnit {
  /** As it is used here. */
  PER_DAY("mm/day", 1),
  /** A kilogram of water on a square metre is a millimetre high; so many seconds has a day. */
  PER_SECOND("kg/m2/s", 86_400);

  /**
   * In kg/m2/s far above the wettest year on Earth (864 mm/day), in mm/day far below what any
   * scenario changes somewhere (ours).
   */
  private static final double BETWEEN = 0.01;

  private final String text;
  private final double millimetres;

  PrecipitationUnit(String text, double millimetres) {
    this.text = text;
    this.millimetres = millimetres;
  }

  /**
   * What a file says or shows.
   *
   * @param variable of the file, with the file's name
   * @param unit that it points to
   * @param why in words
   */
  record Evidence(String variable, PrecipitationUnit unit, String why) {
    /**
     * Looks at a variable.
     *
     * @param variable with or without {@code units}
     * @param maps its values, finite
     * @throws NetcdfException if they are in a unit that is not known
     */
    static Evidence of(NetcdfVariable variable, double[] maps) {
      String declared = variable.attributes().text("units").map(String::strip).orElse("");
      if (!declared.isEmpty()) {
        return new Evidence(variable.where(), named(variable, declared), "units " + declared);
      }
      for (double value : maps) {
        if (Math.abs(value) >= BETWEEN) {
          return new Evidence(
              variable.where(), PER_DAY, "no attribute units, values of " + BETWEEN + " and more");
        }
      }
      return new Evidence(
          variable.where(), PER_SECOND, "no attribute units, all values below " + BETWEEN);
    }
  }

  /**
   * The unit that all files have.
   *
   * @param files of one task, at least one
   * @throws NetcdfException if two of them point to different units
   */
  static PrecipitationUnit of(List<Evidence> files) {
    Evidence first = files.getFirst();
    for (Evidence other : files) {
      if (other.unit != first.unit) {
        throw new NetcdfException(
            String.format(
                Locale.ROOT,
                "%s is taken for %s (%s), but %s for %s (%s): bring them to one unit and name it in"
                    + " the attribute units",
                first.variable,
                first.unit.text,
                first.why,
                other.variable,
                other.unit.text,
                other.why));
      }
    }
    return first.unit;
  }

  private static PrecipitationUnit named(NetcdfVariable variable, String name) {
    return switch (name) {
      case "mm/day", "mm day-1", "mm/d", "mm d-1" -> PER_DAY;
      case "kg/m2/s", "kg m-2 s-1", "kg/m^2/s", "kg m^-2 s^-1", "mm/s", "mm s-1" -> PER_SECOND;
      default ->
          throw new NetcdfException(
              String.format(
                  Locale.ROOT,
                  "%s is in %s; precipitation is read in %s and %s",
                  variable.where(),
                  name,
                  PER_DAY.text,
                  PER_SECOND.text));
    };
  }

  /** Says that it was taken, and why. */
  String note(Target target, List<Evidence> files) {
    return String.format(
        Locale.ROOT,
        "%s taken for %s: %s",
        target.variable(),
        text,
        files.stream().map(Evidence::why).distinct().collect(Collectors.joining("; ")));
  }

  /** Brings maps from this unit to mm/day, in place. */
  void toMillimetres(double[] maps) {
    if (this == PER_DAY) {
      return;
    }
    for (int i = 0; i < maps.length; i++) {
      maps[i] *= millimetres;
    }
  }
}
