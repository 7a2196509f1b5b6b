package dev.feedlight.data.text;

import dev.feedlight.data.DataException;

/** A text that is empty, or too short for what is asked of it. */
public final class ShortTextException extends DataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the text, how much there is and how much is needed
   */
  public ShortTextException(String message) {
    super(message);
  }
}
