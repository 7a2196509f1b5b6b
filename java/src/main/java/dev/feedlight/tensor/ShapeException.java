package dev.feedlight.tensor;

/** Shapes, types or sizes that do not fit; thrown before anything is computed or changed. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what does not fit, with the numbers
   */
  public ShapeException(String message) {
    super(message);
  }
}
