package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;
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

  /**
   * Letter, number, blank or symbol: a tokenizer whose merges join e, 1 and ! with the first byte
   * of any other character shows by its tokens which of them is in one word with it. Both libraries
   * know the characters of Unicode 16.
   */
  @Test
  @EnabledOnJre(JRE.JAVA_25)
  void everyCharacterIsOfTheSameKind(@TempDir Path folder) throws IOException {
    List<byte[]> tokens = new ArrayList<>();
    for (int place = 0; place < ByteAlphabet.SIZE; place++) {
      tokens.add(new byte[] {ByteAlphabet.inOrder(place)});
    }
    List<Merge> merges = new ArrayList<>();
    for (char c : new char[] {'e', '1', '!'}) {
      for (int lead = 0xC2; lead <= 0xF4; lead++) {
        merges.add(new Merge(ours.encode(c + "")[0], id(tokens, (byte) lead), tokens.size()));
        tokens.add(new byte[] {(byte) c, (byte) lead});
      }
    }
    BytePairTokenizer telling = new BytePairTokenizer(tokens, merges);
    try (HuggingFaceTokenizer reader = open(telling, folder)) {
      StringBuilder text = new StringBuilder();
      for (int point = 0x80; point <= Character.MAX_CODE_POINT; point += step(point)) {
        if (Character.getType(point) != Character.SURROGATE) {
          for (char c : new char[] {'e', '1', '!'}) {
            text.append(c).appendCodePoint(point);
          }
          text.append(' ');
        }
        if (text.length() > 400) { // each call costs more than what it encodes
          assertThat(Arrays.stream(telling.encode(text.toString())).asLongStream().toArray())
              .as("up to %X", point)
              .isEqualTo(reader.encode(text.toString(), false, false).getIds());
          text.setLength(0);
        }
      }
    }
  }

  /** All below the ideographs, then ever fewer. */
  private static int step(int point) {
    return point < 0x3400 ? 1 : point < 0x20000 ? 7 : 61;
  }

  private static int id(List<byte[]> tokens, byte value) {
    for (int id = 0; id < ByteAlphabet.SIZE; id++) {
      if (tokens.get(id)[0] == value) {
        return id;
      }
    }
    throw new AssertionError("no token for byte " + value);
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
