package dev.feedlight.bench.bundle;

/** A bundle cannot be made from what is here. The message says what is missing. */
public final class BundleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BundleException(String message) {
    super(message);
  }

  BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
