package dev.feedlight.bench.fig4;

/** A cell could not be measured; the others can. */
final class CellFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  CellFailedException(String message) {
    super(message);
  }

  CellFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
