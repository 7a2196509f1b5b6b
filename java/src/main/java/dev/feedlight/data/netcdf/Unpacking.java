package dev.feedlight.data.netcdf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * From stored numbers to values, by the conventions of NetCDF and CF: what equals {@code
 * _FillValue}, a {@code missing_value} or the type's own mark of unwritten values, or lies outside
 * {@code valid_range}, is missing and becomes NaN; the rest is multiplied by {@code scale_factor}
 * and added to {@code add_offset}. All marks are compared before scaling, in the stored type.
 */
final class Unpacking {
  private final NetcdfType type;
  private final double[] missing;
  private final double least;
  private final double most;
  private final double scale;
  private final double offset;

  Unpacking(NetcdfType stored, NetcdfAttributes attributes) {
    boolean unsigned = attributes.text("_Unsigned").filter("true"::equals).isPresent();
    this.type = unsigned ? stored.unsigned() : stored;
    double[] fill = attributes.numbers("_FillValue");
    DoubleStream unwritten =
        fill.length == 0 && type.unwritten().isPresent()
            ? DoubleStream.of(type.unwritten().getAsDouble())
            : DoubleStream.empty();
    DoubleStream named =
        DoubleStream.concat(
            Arrays.stream(fill), Arrays.stream(attributes.numbers("missing_value")));
    // A signed attribute may mark an unsigned value; NaN marks itself.
    this.missing =
        DoubleStream.concat(unwritten, named.map(type::rounded).map(this::wrapped))
            .filter(mark -> !Double.isNaN(mark))
            .toArray();
    double[] range = attributes.numbers("valid_range");
    boolean ranged = range.length == 2;
    this.least =
        type.rounded(
            ranged ? range[0] : attributes.number("valid_min").orElse(Double.NEGATIVE_INFINITY));
    this.most =
        type.rounded(
            ranged ? range[1] : attributes.number("valid_max").orElse(Double.POSITIVE_INFINITY));
    this.scale = attributes.number("scale_factor").orElse(1);
    this.offset = attributes.number("add_offset").orElse(0);
  }

  private double wrapped(double mark) {
    boolean wraps =
        mark < 0
            && switch (type) {
              case UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT -> true;
              default -> false;
            };
    return wraps ? mark + Math.scalb(1.0, Byte.SIZE * type.bytes()) : mark;
  }

  double value(ByteBuffer bytes, int index) {
    double stored = type.get(bytes, index);
    for (double mark : missing) {
      if (stored == mark) {
        return Double.NaN;
      }
    }
    return stored < least || stored > most ? Double.NaN : stored * scale + offset;
  }
}
