package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Words are those of the pattern that they stand for. */
final class WordsTest {
  /** GPT-2's, where {@code \s} is Unicode's white space. */
  private static final Pattern GPT2 =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static List<String> words(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Words words = new Words(bytes);
    List<String> found = new ArrayList<>();
    int end;
    for (int start = 0; start < bytes.length; start = end) {
      end = words.end(start);
      found.add(new String(bytes, start, end - start, StandardCharsets.UTF_8));
    }
    return found;
  }

  @Test
  void knownWords() {
    assertThat(words("Let's go,  they'll've 12x\n\n b "))
        .containsExactly(
            "Let", "'s", " go", ",", " ", " they", "'ll", "'ve", " 12", "x", "\n\n", " b", " ");
    assertThat(words("!'s \u00A0 a")).containsExactly("!'", "s", " \u00A0", " a");
    assertThat(words("")).isEmpty();
  }

  @Test
  void agreeWithThePattern() {
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      String text = Texts.random(random);
      assertThat(words(text))
          .as("seed %d, text %d", seed, i)
          .isEqualTo(GPT2.matcher(text).results().map(MatchResult::group).toList());
    }
    String play = Texts.play();
    assertThat(words(play))
        .isEqualTo(GPT2.matcher(play).results().map(MatchResult::group).toList());
  }

  @Test
  void everyCharacterIsWhatThePatternSaysThatItIs() {
    StringBuilder text = new StringBuilder();
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (Character.getType(point) != Character.SURROGATE) {
        // A letter, a number, a blank or a symbol: each is cut off from other neighbours.
        text.append("x").appendCodePoint(point).append("1!").appendCodePoint(point).append(' ');
      }
      if (point % 4096 == 4095) {
        assertThat(words(text.toString()))
            .as("up to %X", point)
            .isEqualTo(GPT2.matcher(text).results().map(MatchResult::group).toList());
        text.setLength(0);
      }
    }
  }

  @Test
  void bytesThatAreNotUtf8AreSymbols() {
    // Overlong, a surrogate, beyond Unicode, cut off, alone.
    for (String hex : List.of("C080", "EDA080", "F4908080", "E282", "F09F98", "80", "FF", "C1BF")) {
      byte[] wrong = HexFormat.of().parseHex(hex);
      byte[] text = new byte[wrong.length + 2];
      text[0] = 'a';
      System.arraycopy(wrong, 0, text, 1, wrong.length);
      text[text.length - 1] = 'b';
      Words words = new Words(text);
      assertThat(words.end(0)).as(hex).isEqualTo(1);
      assertThat(words.end(1)).as(hex).isEqualTo(text.length - 1);
    }
  }
}
