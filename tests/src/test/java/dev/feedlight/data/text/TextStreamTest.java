package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Characters come out whole, and all together they are the text of all tokens. */
final class TextStreamTest {
  private final BytePairTokenizer tokenizer = tokenizer();

  private static BytePairTokenizer tokenizer() {
    try (InputStream in = TextStreamTest.class.getResourceAsStream("legacy.json")) {
      return BytePairTokenizer.read(in.readAllBytes(), "legacy.json");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private int[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    int[] tokens = tokenizer.encode(bytes);
    assertThat(tokens).hasSameSizeAs(values);
    return tokens;
  }

  @Test
  void aCharacterOfFourTokensWaitsForTheLast() {
    TextStream stream = new TextStream(tokenizer);
    int[] tokens = bytes(0xF0, 0x9F, 0x98, 0x80);
    assertThat(stream.append(tokens[0])).isEmpty();
    assertThat(stream.append(tokens[1])).isEmpty();
    assertThat(stream.append(tokens[2])).isEmpty();
    assertThat(stream.append(tokens[3])).isEqualTo("\uD83D\uDE00");
    assertThat(stream.end()).isEmpty();
  }

  @Test
  void whatCannotBecomeACharacterDoesNotWait() {
    TextStream stream = new TextStream(tokenizer);
    assertThat(stream.append(bytes(0xC0)[0])).isEqualTo("\uFFFD");
    assertThat(stream.append(bytes(0x80)[0])).isEqualTo("\uFFFD");
    assertThat(stream.append(bytes(0xED)[0])).isEmpty();
    // Half a surrogate pair.
    assertThat(stream.append(bytes(0xA0)[0])).isEqualTo("\uFFFD\uFFFD");
    assertThat(stream.append(bytes(0xE2)[0])).isEmpty();
    assertThat(stream.append(tokenizer.encode("a")[0])).isEqualTo("\uFFFDa");
    assertThat(stream.append(bytes(0xE2)[0])).isEmpty();
    assertThat(stream.end()).isEqualTo("\uFFFD");
    assertThat(stream.end()).isEmpty();
  }

  @Test
  void allTogetherIsTheTextOfAllTokens() {
    Random random = new Random(3);
    for (int round = 0; round < 2000; round++) {
      int[] tokens =
          round % 2 == 0
              ? random.ints(40, 0, tokenizer.vocabulary()).toArray()
              : tokenizer.encode(
                  random
                      .ints(12, 0x20, 0x11_0000)
                      .filter(point -> point < 0xD800 || point > 0xDFFF)
                      .collect(
                          StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                      .toString()
                      .getBytes(StandardCharsets.UTF_8));
      TextStream stream = new TextStream(tokenizer);
      StringBuilder text = new StringBuilder();
      for (int token : tokens) {
        text.append(stream.append(token));
      }
      assertThat(text.append(stream.end()).toString()).isEqualTo(tokenizer.decode(tokens));
    }
  }
}
