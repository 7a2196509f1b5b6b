package dev.feedlight.data.text;

import java.util.Arrays;

/**
 * Bytes as visible characters, as GPT-2 writes them: a byte that is a visible character of Latin-1
 * stands for itself, the 68 others are U+0100 and on in their order, so that the blank is U+0120
 * (Radford et al., "Language models are unsupervised multitask learners", 2019; {@code
 * bytes_to_unicode} of its encoder).
 */
final class ByteAlphabet {
  /** Letters of the alphabet, one for each byte. */
  static final int SIZE = 256;

  private static final char[] CHARACTERS = new char[SIZE];
  private static final byte[] IN_ORDER = new byte[SIZE];
  private static final short[] BYTES;

  static {
    int visible = 0;
    int hidden = 0;
    for (int value = 0; value < SIZE; value++) {
      CHARACTERS[value] = (char) (isVisible(value) ? value : SIZE + hidden++);
    }
    BYTES = new short[SIZE + hidden];
    Arrays.fill(BYTES, (short) -1);
    hidden = SIZE - hidden;
    for (int value = 0; value < SIZE; value++) {
      BYTES[CHARACTERS[value]] = (short) value;
      IN_ORDER[isVisible(value) ? visible++ : hidden++] = (byte) value;
    }
  }

  private ByteAlphabet() {}

  private static boolean isVisible(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
  }

  /** The bytes in the order of their characters: byte tokens have these places as their numbers. */
  static byte inOrder(int place) {
    return IN_ORDER[place];
  }

  /** Writes bytes as characters. */
  static String write(byte[] bytes) {
    char[] characters = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      characters[i] = CHARACTERS[bytes[i] & 0xFF];
    }
    return new String(characters);
  }

  /** Reads characters as bytes; null if one of them is not of the alphabet. */
  static byte[] read(String characters) {
    byte[] bytes = new byte[characters.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = characters.charAt(i);
      if (c >= BYTES.length || BYTES[c] < 0) {
        return null;
      }
      bytes[i] = (byte) BYTES[c];
    }
    return bytes;
  }
}
