package dev.feedlight;

import dev.feedlight.data.DataException;

/** A folder that holds no sound model, or that a model cannot be written to. */
public final class ModelException extends DataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the file, what is wrong with it, and the numbers
   */
  public ModelException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message the file, what is wrong with it, and the numbers
   * @param cause what its reader, or the platform, said
   */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
