package dev.feedlight.data;

/** A folder that should hold a data set lacks it, or some of its files. */
public final class MissingFilesException extends DataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the folder and what it lacks
   */
  public MissingFilesException(String message) {
    super(message);
  }
}
