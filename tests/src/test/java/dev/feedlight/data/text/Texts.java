package dev.feedlight.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;

/** Texts for tests: the play in the jar, and random ones. */
final class Texts {
  /** Pieces that random texts are made of: what tokenizers stumble over. */
  private static final List<String> PIECES =
      List.of(
          " ",
          "  ",
          "\n",
          "\r\n",
          "\t",
          "\u00A0",
          "\u0085",
          "\u2003",
          "\u3000",
          "\u200B",
          "\uFEFF",
          "\u0000",
          "'s",
          "'S",
          "'ll",
          "'re",
          "'",
          "''ve",
          "don't",
          "word",
          " Word",
          "ÄÖü",
          "e\u0301",
          "नमस्ते",
          "你好",
          "\u202Eabc",
          "½²Ⅷ",
          "123",
          " 4",
          "٣",
          "...",
          " ---",
          "#$%",
          "_",
          "\uD83D\uDE00",
          "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
          "\uD83C\uDDE9\uD83C\uDDEA",
          "\uDBFF\uDFFF",
          "\uFFFD",
          "aaaaaaaaa");

  private Texts() {}

  /** The play as it is in the jar. */
  static String play() {
    try (InputStream in = Shakespeare.class.getResourceAsStream("tinyshakespeare/input.txt.gz")) {
      return new String(new GZIPInputStream(in).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file beside the tests. */
  static byte[] resource(String name) {
    try (InputStream in = Texts.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text of pieces, and of characters that Unicode had in 2010 already. */
  static String random(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(1 + random.nextInt(40));
    for (int i = 0; i < pieces; i++) {
      if (random.nextInt(3) > 0) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      } else {
        text.appendCodePoint(codePoint(random));
      }
    }
    return text.toString();
  }

  private static int codePoint(SplittableRandom random) {
    int most = random.nextBoolean() ? 0x3000 : 0x20000;
    int point = random.nextInt(most);
    return Character.getType(point) == Character.SURROGATE ? '?' : point;
  }
}
