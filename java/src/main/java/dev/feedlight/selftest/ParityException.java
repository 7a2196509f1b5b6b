package dev.feedlight.selftest;

/** A device changed bytes that were not its to change. */
public final class ParityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message which bytes
   */
  public ParityException(String message) {
    super(message);
  }
}
