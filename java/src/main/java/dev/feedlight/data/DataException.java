package dev.feedlight.data;

/** Data that cannot be used: missing, damaged, out of range, or not finite. */
public class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the file or data set, what is wrong with it, and the numbers
   */
  public DataException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message the file or data set, what is wrong with it, and the numbers
   * @param cause what the platform said
   */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
