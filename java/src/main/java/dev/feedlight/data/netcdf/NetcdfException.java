package dev.feedlight.data.netcdf;

import dev.feedlight.data.DataException;

/** A NetCDF file or one of its variables cannot be used. */
public final class NetcdfException extends DataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the file, the variable if one is concerned, what is wrong, and the numbers
   */
  public NetcdfException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message the file, the variable if one is concerned, what is wrong, and the numbers
   * @param cause what was thrown
   */
  public NetcdfException(String message, Throwable cause) {
    super(message, cause);
  }
}
