package dev.feedlight.data.text;

import java.util.Arrays;

/**
 * The text of tokens that come one by one. A token may break off within a character; what is there
 * of it waits for the next one, so that only whole characters are given out. Put together they are
 * what {@link BytePairTokenizer#decode} makes of all the tokens.
 */
public final class TextStream {
  private final BytePairTokenizer tokenizer;
  private byte[] waiting = {};

  /**
   * Begins a text.
   *
   * @param tokenizer knows the tokens
   */
  public TextStream(BytePairTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Takes the next token.
   *
   * @param token its number
   * @return the characters that are whole now, often none; U+FFFD for bytes that are not UTF-8
   * @throws IndexOutOfBoundsException if there is no such token
   */
  public String append(int token) {
    byte[] more = tokenizer.decodeBytes(token);
    byte[] bytes = Arrays.copyOf(waiting, waiting.length + more.length);
    System.arraycopy(more, 0, bytes, waiting.length, more.length);
    int whole = Utf8.wholeCharacters(bytes);
    waiting = Arrays.copyOfRange(bytes, whole, bytes.length);
    return Utf8.decodeLossy(Arrays.copyOf(bytes, whole));
  }

  /**
   * Ends the text.
   *
   * @return U+FFFD if it ended within a character, else nothing
   */
  public String end() {
    String rest = Utf8.decodeLossy(waiting);
    waiting = new byte[0];
    return rest;
  }
}
