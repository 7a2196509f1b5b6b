package dev.feedlight.data.text;

import dev.feedlight.data.DataException;

/** A tokenizer that cannot be read, does not fit, or cannot be made of the text given. */
public final class TokenizerException extends DataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the file, what is wrong with it, and the numbers
   */
  public TokenizerException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message the file, what is wrong with it, and the numbers
   * @param cause what its reader said
   */
  public TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }
}
