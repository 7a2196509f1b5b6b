package dev.feedlight.data.netcdf;

import java.nio.ByteBuffer;
import java.util.OptionalDouble;

/** How one value is stored. All numbers become doubles; 64-bit integers beyond 2^53 are rounded. */
public enum NetcdfType {
  /** Signed, 8 bits. */
  BYTE(1, OptionalDouble.empty()) {
    @Override
    double get(ByteBuffer bytes, int index) {
      return bytes.get(index);
    }
  },
  /** Unsigned, 8 bits. */
  UNSIGNED_BYTE(1, OptionalDouble.empty()) {
    @Override
    double get(ByteBuffer bytes, int index) {
      return bytes.get(index) & 0xFF;
    }
  },
  /** Signed, 16 bits. */
  SHORT(2, OptionalDouble.of(-32767)) {
    @Override
    double get(ByteBuffer bytes, int index) {
      return bytes.getShort(2 * index);
    }
  },
  /** Unsigned, 16 bits. */
  UNSIGNED_SHORT(2, OptionalDouble.of(65535)) {
    @Override
    double get(ByteBuffer bytes, int index) {
      return bytes.getShort(2 * index) & 0xFFFF;
    }
  },
  /** Signed, 32 bits. */
  INT(4, OptionalDouble.of(-2147483647)) {
    @Override
    double get(ByteBuffer bytes, int index) {
      return bytes.getInt(4 * index);
    }
  },
  /** Unsigned, 32 bits. */
  UNSIGNED_INT(4, OptionalDouble.of(4294967295.0)) {
    @Override
    double get(ByteBuffer bytes, int index) {
      return bytes.getInt(4 * index) & 0xFFFF_FFFFL;
    }
  },
  /** Signed, 64 bits. */
  LONG(8, OptionalDouble.of(-0x1p63)) {
    @Override
    double get(ByteBuffer bytes, int index) {
      return bytes.getLong(8 * index);
    }
  },
  /** IEEE 754, 32 bits. */
  FLOAT(4, OptionalDouble.of(0x1.ep122)) {
    @Override
    double get(ByteBuffer bytes, int index) {
      return bytes.getFloat(4 * index);
    }
  },
  /** IEEE 754, 64 bits. */
  DOUBLE(8, OptionalDouble.of(0x1.ep122)) {
    @Override
    double get(ByteBuffer bytes, int index) {
      return bytes.getDouble(8 * index);
    }
  },
  /** Characters, strings, structures: listed, but read as no numbers. */
  OTHER(1, OptionalDouble.empty()) {
    @Override
    double get(ByteBuffer bytes, int index) {
      throw new UnsupportedOperationException("no number");
    }
  };

  private final int bytes;
  private final OptionalDouble unwritten;

  NetcdfType(int bytes, OptionalDouble unwritten) {
    this.bytes = bytes;
    this.unwritten = unwritten;
  }

  /**
   * Size of a value.
   *
   * @return bytes
   */
  public int bytes() {
    return bytes;
  }

  /**
   * What NetCDF writes where nothing was written (NC_FILL_* of its C library, which has none for
   * bytes that could not be data); it counts unless the variable names another {@code _FillValue}.
   */
  OptionalDouble unwritten() {
    return unwritten;
  }

  /** A number as a value of this type would hold it. */
  double rounded(double number) {
    return this == FLOAT ? (float) number : number;
  }

  /** The same width without sign ({@code _Unsigned} of classic files). */
  NetcdfType unsigned() {
    return switch (this) {
      case BYTE -> UNSIGNED_BYTE;
      case SHORT -> UNSIGNED_SHORT;
      case INT -> UNSIGNED_INT;
      default -> this;
    };
  }

  /** One of the values in bytes of the right order. */
  abstract double get(ByteBuffer bytes, int index);
}
