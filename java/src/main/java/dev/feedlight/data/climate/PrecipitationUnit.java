package dev.feedlight.data.climate;

import dev.feedlight.data.netcdf.NetcdfException;
import dev.feedlight.data.netcdf.NetcdfVariable;
import java.util.List;

/**
 * Brings precipitation to mm/day. The files of ClimateBench hold kg/m2/s and do not say so; those
 * that others derived from them hold mm/day. Where a file has no {@code units}, the size of the
 * values tells.
 */
final class PrecipitationUnit {
  /** A kilogram of water on a square metre is a millimetre high; so many seconds has a day. */
  private static final double MILLIMETRES = 86_400;

  /**
   * In kg/m2/s far above the wettest year on Earth (864 mm/day), in mm/day far below what any
   * scenario changes somewhere (ours).
   */
  private static final double BETWEEN = 0.01;

  private static final List<String> PER_DAY = List.of("mm/day", "mm day-1", "mm/d", "mm d-1");
  private static final List<String> PER_SECOND =
      List.of("kg m-2 s-1", "kg/m2/s", "kg/m^2/s", "kg m^-2 s^-1", "mm/s", "mm s-1");

  private PrecipitationUnit() {}

  /**
   * Multiplies maps where they need it.
   *
   * @param variable what they were read from
   * @param maps finite values, changed in place
   * @throws NetcdfException if they are in a unit that is not known
   */
  static void toMillimetres(NetcdfVariable variable, double[] maps) {
    if (!perSecond(variable, maps)) {
      return;
    }
    for (int i = 0; i < maps.length; i++) {
      maps[i] *= MILLIMETRES;
    }
  }

  private static boolean perSecond(NetcdfVariable variable, double[] maps) {
    String unit = variable.attributes().text("units").map(String::strip).orElse("");
    if (unit.isEmpty()) {
      double largest = 0;
      for (double value : maps) {
        largest = Math.max(largest, Math.abs(value));
      }
      return largest < BETWEEN;
    }
    if (PER_SECOND.contains(unit)) {
      return true;
    }
    if (PER_DAY.contains(unit)) {
      return false;
    }
    throw new NetcdfException(
        variable.where()
            + " is in "
            + unit
            + "; precipitation is read in "
            + PER_DAY.getFirst()
            + " and "
            + PER_SECOND.getFirst());
  }
}
