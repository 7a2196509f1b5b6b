package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.data.DataException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Training, encoding and decoding. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BytePairTokenizerTest {
  private static final int PAPER = 1016;

  private final String play = Texts.play();
  private final BytePairTokenizer tokenizer = BytePairTokenizer.train(corpus(play), PAPER);

  private static TextCorpus corpus(String... passages) {
    return new TextCorpus("test", List.of(passages));
  }

  private static String name(BytePairTokenizer tokenizer, int id) {
    return new String(tokenizer.token(id), StandardCharsets.UTF_8);
  }

  @Test
  void trainsWhatHuggingFaceTrains() {
    BytePairTokenizer theirs =
        BytePairTokenizer.read(Texts.resource("trained.json"), "trained.json");
    assertThat(tokenizer.vocabulary()).isEqualTo(PAPER);
    assertThat(tokenizer.merges()).isEqualTo(theirs.merges());
    assertThat(tokenizer.sha256()).isEqualTo(theirs.sha256());
  }

  @Test
  void bytesComeFirstInTheOrderOfTheirCharacters() {
    BytePairTokenizer bytes = BytePairTokenizer.train(corpus("x"), 256);
    assertThat(name(bytes, 0)).isEqualTo("!");
    assertThat(name(bytes, 93)).isEqualTo("~");
    assertThat(bytes.token(94)).containsExactly(0xA1);
    assertThat(bytes.token(188)).containsExactly(0);
    assertThat(name(bytes, 220)).isEqualTo(" ");
    assertThat(bytes.token(255)).containsExactly(0xAD);
    assertThat(bytes.encode("!~ ")).containsExactly(0, 93, 220);
  }

  @Test
  void theMostFrequentPairIsMergedFirstAndTiesGoToTheLowerNumbers() {
    // ab is there three times; then "ab"+"c", (256, 66), ties with " "+"ab", (220, 256), and after
    // that "ab"+"c" with " ab"+"c", (257, 66).
    BytePairTokenizer trained = BytePairTokenizer.train(corpus("abc abc ab"), 259);
    assertThat(name(trained, 256)).isEqualTo("ab");
    assertThat(name(trained, 257)).isEqualTo(" ab");
    assertThat(name(trained, 258)).isEqualTo("abc");
    assertThat(trained.encode("abc abc")).containsExactly(258, 257, 66);
  }

  @Test
  void overlappingPairsAreMergedFromTheLeft() {
    BytePairTokenizer trained = BytePairTokenizer.train(corpus("aaaaa"), 257);
    int a = trained.encode("a")[0];
    assertThat(trained.encode("aaaaa")).containsExactly(256, 256, a);
  }

  @Test
  void theSameTextGivesTheSameTokenizerHoweverItIsCut() {
    // Words do not reach over line ends here, so passages of whole paragraphs count the same.
    String[] halves = {play.substring(0, play.indexOf("\n\nAll:") + 2), ""};
    halves[1] = play.substring(halves[0].length());
    BytePairTokenizer again = BytePairTokenizer.train(corpus(halves[1], halves[0]), 400);
    assertThat(again.merges()).isEqualTo(tokenizer.merges().subList(0, 400 - 256));
  }

  @Test
  void anyBytesComeBack() {
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      assertThat(tokenizer.decodeBytes(tokenizer.encode(bytes)))
          .as("seed " + seed)
          .isEqualTo(bytes);
      String text = Texts.random(random);
      assertThat(tokenizer.decode(tokenizer.encode(text))).as("seed " + seed).isEqualTo(text);
    }
    assertThat(tokenizer.decode(tokenizer.encode(play))).isEqualTo(play);
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.decode()).isEmpty();
  }

  @Test
  void tokensSaveRoom() {
    // A tokenizer that merged nothing would have one token a byte.
    assertThat((double) play.length() / tokenizer.encode(play).length).isGreaterThan(2.2);
  }

  @Test
  void passagesAreEncodedOneAfterTheOther() {
    int[] together = tokenizer.encode(corpus("To be", " or not"));
    int[] one = tokenizer.encode("To be");
    int[] two = tokenizer.encode(" or not");
    assertThat(together).startsWith(one).endsWith(two).hasSize(one.length + two.length);
  }

  @Test
  @Timeout(20)
  void aWordOfAMillionLettersTakesNoLongerThanAnyText() {
    int[] ids = tokenizer.encode("th".repeat(500_000));
    assertThat(tokenizer.decode(ids)).isEqualTo("th".repeat(500_000));
  }

  @Test
  void aTokenCutsThroughACharacter() {
    int[] ids = tokenizer.encode("\uD83D\uDE00");
    assertThat(ids).hasSize(4);
    assertThat(tokenizer.decode(ids[0], ids[1])).isEqualTo("\uFFFD");
  }

  @Test
  void refusesWhatItCannotDo() {
    assertThatThrownBy(() -> BytePairTokenizer.train(corpus("x"), 255))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContainingAll("256", "255");
    assertThatThrownBy(() -> BytePairTokenizer.train(corpus("abc"), 300))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContainingAll("258", "300", "at most 258");
    assertThatThrownBy(() -> tokenizer.encode("ab\uD83Dc"))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("D83D", "character 2");
    assertThatThrownBy(() -> tokenizer.decode(0, PAPER))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tokenizer.decode(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(tokenizer.requireVocabulary(PAPER, "t.json")).isSameAs(tokenizer);
    assertThatThrownBy(() -> tokenizer.requireVocabulary(2000, "t.json"))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContainingAll("t.json has 1016 tokens", "2000 are needed");
  }

  @Test
  void writesWhatItReads(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("made/tokenizer.json");
    tokenizer.write(file);
    BytePairTokenizer read = BytePairTokenizer.read(file);
    assertThat(read.sha256()).isEqualTo(tokenizer.sha256());
    assertThat(read.encode(play)).isEqualTo(tokenizer.encode(play));
    read.write(folder.resolve("again.json"));
    assertThat(folder.resolve("again.json")).hasSameBinaryContentAs(file);
    try (Stream<Path> left = Files.list(file.getParent())) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void trainingIsAMatterOfSeconds() {
    long start = System.nanoTime();
    BytePairTokenizer.train(corpus(play), PAPER);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }
}
