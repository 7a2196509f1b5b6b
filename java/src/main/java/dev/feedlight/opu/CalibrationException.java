package dev.feedlight.opu;

/** A unit whose anchor frame cannot be divided by: all of it is dark, or saturated. */
public final class CalibrationException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what the frame looks like, with the numbers, and what would help
   */
  CalibrationException(String message) {
    super(message);
  }
}
