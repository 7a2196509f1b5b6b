package dev.feedlight.data.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-8 (RFC 3629), strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
final class Utf8 {
  private Utf8() {}

  /**
   * Decodes a text.
   *
   * @throws NotUtf8Exception if it is none, with the place of the first byte that is not UTF-8
   */
  static String decode(byte[] text, String source) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(text);
    CharBuffer out = CharBuffer.allocate(text.length); // never more characters than bytes
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new NotUtf8Exception(source, in.position(), text[in.position()]);
    }
    return out.flip().toString();
  }

  /**
   * Decodes what may be no text: U+FFFD takes the place of each longest beginning of a character
   * that does not go on, and of each other byte (The Unicode Standard, chapter 3, "U+FFFD
   * Substitution of Maximal Subparts"), as in Rust's standard library and in Python. Java's decoder
   * takes half a surrogate pair for one fault instead of three.
   */
  static String decodeLossy(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int point = codePoint(bytes, at);
      text.appendCodePoint(point < 0 ? 0xFFFD : point);
      at += point < 0 ? wrongBytes(bytes, at) : bytes(point);
    }
    return text.toString();
  }

  /**
   * Where the bytes end that more bytes cannot change: before the beginning of a character that is
   * sound so far and not whole, if they end with one.
   */
  static int wholeCharacters(byte[] bytes) {
    for (int at = bytes.length - 1; at >= Math.max(0, bytes.length - 3); at--) {
      if ((bytes[at] & 0xC0) != 0x80) {
        int there = bytes.length - at;
        return there < length(bytes[at] & 0xFF) && wrongBytes(bytes, at) == there
            ? at
            : bytes.length;
      }
    }
    return bytes.length;
  }

  /** Bytes of the character that a byte begins; 1 for those that begin none. */
  private static int length(int lead) {
    return lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }

  private static int wrongBytes(byte[] bytes, int at) {
    int lead = bytes[at] & 0xFF;
    int length = length(lead);
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    int sound = 1;
    while (sound < length && at + sound < bytes.length) {
      int next = bytes[at + sound] & 0xFF;
      if (next < least || next > most) {
        break;
      }
      sound++;
      least = 0x80;
      most = 0xBF;
    }
    return sound;
  }

  /** The code point that begins at a place, or -1 if what is there is not UTF-8. */
  static int codePoint(byte[] text, int at) {
    int first = text[at];
    if (first >= 0) {
      return first;
    }
    int more = first >= (byte) 0xF0 ? 3 : first >= (byte) 0xE0 ? 2 : 1;
    if (first < (byte) 0xC2 || first > (byte) 0xF4 || more >= text.length - at) {
      return -1;
    }
    int point = first & (0x3F >> more);
    for (int i = 1; i <= more; i++) {
      int next = text[at + i];
      if ((next & 0xC0) != 0x80) {
        return -1;
      }
      point = (point << 6) | (next & 0x3F);
    }
    boolean sound =
        switch (more) {
          case 2 -> point >= 0x800 && (point < 0xD800 || point > 0xDFFF);
          case 3 -> point >= 0x10000 && point <= Character.MAX_CODE_POINT;
          default -> true;
        };
    return sound ? point : -1;
  }

  /** How many bytes a code point takes; 1 for what is not UTF-8. */
  static int bytes(int point) {
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
}
