package dev.feedlight.data.netcdf;

import java.nio.ByteBuffer;

/** Where the values of a variable come from. */
@FunctionalInterface
interface StoredValues {
  /**
   * All values, last dimension fastest, in the byte order that the buffer has.
   *
   * @throws NetcdfException if the file does not hold them
   */
  ByteBuffer read();
}
