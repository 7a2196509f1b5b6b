package dev.feedlight.io;

/** A file that breaks its format, or that holds something else than was asked for. */
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param source the file, as messages call it
   * @param problem what is wrong, where, and the numbers
   */
  public FormatException(String source, String problem) {
    super(source + ": " + problem);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param source the file, as messages call it
   * @param problem what is wrong, where, and the numbers
   * @param cause what the platform said
   */
  public FormatException(String source, String problem, Throwable cause) {
    super(source + ": " + problem, cause);
  }
}
