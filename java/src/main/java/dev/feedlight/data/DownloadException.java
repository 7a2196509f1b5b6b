package dev.feedlight.data;

/** A file could not be fetched or stored. What has come so far is kept for the next try. */
public final class DownloadException extends DataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the file, where it was looked for, what happened with the numbers, and the
   *     remedy
   */
  public DownloadException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message as above
   * @param cause what the platform said
   */
  public DownloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
