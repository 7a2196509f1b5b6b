package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Hugging Face's own library reads our file to the same numbers and the same text. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HuggingFaceTest {
  private static final int TEXTS = 3_000;

  private BytePairTokenizer ours;
  private HuggingFaceTokenizer theirs;

  /** Has their library read our file. */
  static HuggingFaceTokenizer open(BytePairTokenizer tokenizer, Path folder) throws IOException {
    // Its native library is in its jar: nothing is to be looked for in the network, nor another
    // library where there is a GPU.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("DJL_CACHE_DIR", folder.resolve("cache").toString());
    Path file = folder.resolve("tokenizer.json");
    tokenizer.write(file);
    // Without this it cuts texts at 512 tokens.
    return HuggingFaceTokenizer.builder().optTokenizerPath(file).optTruncation(false).build();
  }

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    ours = BytePairTokenizer.train(Shakespeare.embedded(), 1016);
    theirs = open(ours, folder);
  }

  @AfterAll
  void close() {
    theirs.close();
  }

  private int[] encoded(String text) {
    return Arrays.stream(theirs.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  private String decoded(int[] ids) {
    return theirs.decode(Arrays.stream(ids).asLongStream().toArray(), false);
  }

  @Test
  void theEmbeddedTextHasTheSameTokens() {
    for (String passage : Shakespeare.embedded().passages()) {
      assertThat(ours.encode(passage)).isEqualTo(encoded(passage));
    }
  }

  @Test
  void randomTextsHaveTheSameTokens() {
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < TEXTS; i++) {
      String text = Texts.random(random);
      int[] ids = ours.encode(text);
      assertThat(ids).as("seed %d, text %d: '%s'", seed, i, text).isEqualTo(encoded(text));
      assertThat(decoded(ids)).as("seed %d, text %d", seed, i).isEqualTo(text);
    }
  }

  /** The kinds of all characters, whose versions of Unicode may differ: here they do not. */
  @Test
  void everyCharacterHasTheSameTokens() {
    StringBuilder text = new StringBuilder();
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (Character.getType(point) != Character.SURROGATE) {
        String character = Character.toString(point);
        text.append("the").append(character).append("the 1").append(character).append("1 the");
      }
      if (point % 256 == 255) {
        int[] ids = ours.encode(text.toString());
        assertThat(ids).as("up to %X", point).isEqualTo(encoded(text.toString()));
        text.setLength(0);
      }
    }
  }

  /** Tokens that break off within a character among them. */
  @Test
  void randomTokensHaveTheSameText() {
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < TEXTS; i++) {
      int[] ids = random.ints(random.nextInt(20), 0, ours.vocabulary()).toArray();
      assertThat(ours.decode(ids)).as("seed %d, tokens %d", seed, i).isEqualTo(decoded(ids));
    }
  }
}
