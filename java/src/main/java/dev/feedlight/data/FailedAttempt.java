package dev.feedlight.data;

/** One attempt to fetch a file from one URL failed; never leaves {@link Downloader}. */
final class FailedAttempt extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean retry;

  private FailedAttempt(String message, boolean retry, Throwable cause) {
    super(message, cause);
    this.retry = retry;
  }

  /** A failure that may pass: it is worth to ask this URL again. */
  static FailedAttempt passing(String message, Throwable cause) {
    return new FailedAttempt(message, true, cause);
  }

  /** A failure that will stay: the next URL is asked. */
  static FailedAttempt lasting(String message, Throwable cause) {
    return new FailedAttempt(message, false, cause);
  }

  boolean isWorthRetrying() {
    return retry;
  }
}
