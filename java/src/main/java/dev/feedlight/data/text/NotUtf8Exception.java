package dev.feedlight.data.text;

import dev.feedlight.data.DataException;
import java.util.Locale;

/** A text that is not UTF-8. */
public final class NotUtf8Exception extends DataException {
  private static final long serialVersionUID = 1L;

  /** Where the first byte stands that is not UTF-8, counted from 0. */
  private final long position;

  /**
   * Creates the exception.
   *
   * @param source the file, as messages call it
   * @param position of the first byte that is not UTF-8, counted from 0
   * @param value that byte
   */
  public NotUtf8Exception(String source, long position, byte value) {
    super(
        String.format(
            Locale.ROOT,
            "%s is not UTF-8: byte %d (counted from 0) is %02X, which no character has there;"
                + " convert it, for example with iconv -t UTF-8",
            source,
            position,
            value));
    this.position = position;
  }

  /**
   * Where the text ends to be UTF-8.
   *
   * @return the place of the byte, counted from 0
   */
  public long position() {
    return position;
  }
}
