package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.data.MissingFilesException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plain text, and the one in the jar. */
final class TextFileTest {
  @TempDir private Path base;

  @Test
  void passagesAreWholeLinesAndPutTogetherTheText() throws Exception {
    String play = Texts.play();
    TextCorpus corpus = TextFile.load(Files.writeString(base.resolve("play.txt"), play));
    assertThat(corpus.name()).isEqualTo("play.txt");
    assertThat(String.join("", corpus.passages())).isEqualTo(play);
    assertThat(corpus.passages()).hasSizeBetween(200, 300).allMatch(p -> p.endsWith("\n"));
    assertThat(corpus.passages()).allMatch(p -> p.length() < 4096 + 80);
    assertThat(corpus.characters()).isEqualTo(1_115_394);

    String shortText = "one\ntwo\n\nthree\nno end";
    assertThat(TextFile.corpus(shortText, "s").passages())
        .containsExactly("one\n", "two\n", "\n", "three\n", "no end");
  }

  @ParameterizedTest
  @CsvSource({
    "41FF42, 1, FF", // never a byte of UTF-8
    "4142C3, 2, C3", // breaks off
    "C3A441C328, 3, C3", // no second byte
    "C080, 0, C0", // overlong
    "61EDA080, 1, ED", // half a surrogate pair
    "616263F4908080, 3, F4" // beyond Unicode
  })
  void bytesThatAreNotUtf8AreNamed(String hex, long position, String value) throws Exception {
    Path file = Files.write(base.resolve("a.txt"), HexFormat.of().parseHex(hex));
    assertThatThrownBy(() -> TextFile.load(file))
        .isInstanceOf(NotUtf8Exception.class)
        .hasMessageContainingAll(file.toString(), "byte " + position + " ", " is " + value + ",")
        .extracting(e -> ((NotUtf8Exception) e).position())
        .isEqualTo(position);
  }

  @Test
  void emptyAndMissingFilesAreRefused() throws Exception {
    Path empty = Files.createFile(base.resolve("empty.txt"));
    assertThatThrownBy(() -> TextFile.load(empty))
        .isInstanceOf(ShortTextException.class)
        .hasMessage("empty.txt has no text");
    assertThatThrownBy(() -> TextFile.load(base.resolve("none.txt")))
        .isInstanceOf(MissingFilesException.class)
        .hasMessageContaining("none.txt");
  }

  @Test
  void thePlayIsInTheJarAsDialogue() {
    TextCorpus corpus = Shakespeare.embedded();
    assertThat(corpus.name()).isEqualTo("Shakespeare");
    assertThat(corpus.passages().getFirst())
        .startsWith(
            """
            First Citizen: Before we proceed any further, hear me speak.
            All: Speak, speak.
            First Citizen: You are all resolved rather to die than to famish?
            """);
    assertThat(corpus.passages()).hasSizeBetween(150, 300);
    long longest = corpus.passages().stream().mapToLong(String::length).max().orElseThrow();
    assertThat(longest).isLessThan(corpus.characters() / 20);
    // Nothing is lost but line ends: every word of the text is said.
    String said = String.join("", corpus.passages());
    assertThat(said.replaceAll("\\s", "")).isEqualTo(Texts.play().replaceAll("\\s", ""));
    assertThat(said.getBytes(StandardCharsets.UTF_8)).hasSize(said.length());
  }
}
