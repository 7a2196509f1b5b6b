package dev.feedlight.data.netcdf;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A variable of an open {@link NetcdfFile}; its values are read when they are asked for. */
public final class NetcdfVariable {
  private final String file;
  private final String name;
  private final NetcdfType type;
  private final List<NetcdfDimension> dimensions;
  private final NetcdfAttributes attributes;
  private final StoredValues values;

  NetcdfVariable(
      String file,
      String name,
      NetcdfType type,
      List<NetcdfDimension> dimensions,
      NetcdfAttributes attributes,
      StoredValues values) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.dimensions = List.copyOf(dimensions);
    this.attributes = attributes;
    this.values = values;
  }

  /**
   * The name.
   *
   * @return as in the file
   */
  public String name() {
    return name;
  }

  /**
   * How the values are stored.
   *
   * @return the type before {@code scale_factor}
   */
  public NetcdfType type() {
    return type;
  }

  /**
   * The shape.
   *
   * @return slowest dimension first; none for a single value
   */
  public List<NetcdfDimension> dimensions() {
    return dimensions;
  }

  /**
   * What the file says about it.
   *
   * @return texts and numbers
   */
  public NetcdfAttributes attributes() {
    return attributes;
  }

  /**
   * All values, unpacked: {@code scale_factor} and {@code add_offset} applied, NaN where {@code
   * _FillValue}, {@code missing_value} or {@code valid_range} say that there is none.
   *
   * @return last dimension fastest
   * @throws NetcdfException if it holds no numbers, or the file does not hold what it promises
   */
  public double[] doubles() {
    ByteBuffer stored = stored();
    double[] unpacked = new double[stored.remaining() / type.bytes()];
    Unpacking unpacking = new Unpacking(type, attributes);
    for (int i = 0; i < unpacked.length; i++) {
      unpacked[i] = unpacking.value(stored, i);
    }
    return unpacked;
  }

  /**
   * The same as {@link #doubles}, each rounded to a float.
   *
   * @return last dimension fastest
   * @throws NetcdfException if it holds no numbers, or the file does not hold what it promises
   */
  public float[] floats() {
    ByteBuffer stored = stored();
    float[] unpacked = new float[stored.remaining() / type.bytes()];
    Unpacking unpacking = new Unpacking(type, attributes);
    for (int i = 0; i < unpacked.length; i++) {
      unpacked[i] = (float) unpacking.value(stored, i);
    }
    return unpacked;
  }

  private ByteBuffer stored() {
    if (type == NetcdfType.OTHER) {
      throw new NetcdfException(where() + " holds no numbers");
    }
    return values.read();
  }

  /**
   * For messages.
   *
   * @return the file and the name
   */
  public String where() {
    return file + ": variable " + name;
  }

  @Override
  public String toString() {
    return dimensions.stream()
        .map(d -> String.format(Locale.ROOT, "%s %d", d.name(), d.length()))
        .collect(Collectors.joining(", ", name + "(", ")"));
  }
}
