package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real corpus, or pairs of it, where the environment variable FEEDLIGHT_CORNELL says where it
 * is, as {@code --data-dir} would.
 */
@EnabledIfEnvironmentVariable(named = "FEEDLIGHT_CORNELL", matches = ".+")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealCornellTest {
  private TextSplit split;
  private BytePairTokenizer tokenizer;

  @BeforeAll
  void load() throws IOException {
    long start = System.nanoTime();
    TextCorpus corpus = CornellDialogues.load(Path.of(System.getenv("FEEDLIGHT_CORNELL")));
    long read = System.nanoTime();
    split = TextSplit.of(corpus, 1);
    tokenizer = BytePairTokenizer.train(split.training(), 1016);
    long trained = System.nanoTime();
    int[] tokens = tokenizer.encode(split.training());
    long encoded = System.nanoTime();
    int longest = corpus.passages().stream().mapToInt(String::length).max().orElseThrow();
    System.out.printf(
        "%s: %d passages, %d characters (longest passage %d); read %d ms, tokenizer %d ms, %d"
            + " tokens %d ms%n",
        corpus.name(),
        corpus.passages().size(),
        corpus.characters(),
        longest,
        (read - start) / 1_000_000,
        (trained - read) / 1_000_000,
        tokens.length,
        (encoded - trained) / 1_000_000);
    assertThat(Duration.ofNanos(encoded - start)).isLessThan(Duration.ofSeconds(60));
    // One group that held most of it would leave nothing to divide.
    assertThat(longest).isLessThan((int) (corpus.characters() / 50));
  }

  @Test
  void nothingLeaks() {
    TextSplitTest.assertNothingLeaks(split);
  }

  @Test
  void windowsAndLinesAreThere() {
    int[] tokens = tokenizer.encode(split.test());
    TokenWindows windows = new TokenWindows("Cornell, test", tokens, 1016, 24, 1);
    assertThat(windows.size()).isEqualTo(tokens.length - 24);
    Unigrams unigrams = Unigrams.of(tokens, 1016);
    System.out.printf(
        "%d held-out tokens, unigram entropy %.3f nats, uniform %.3f%n",
        tokens.length, unigrams.entropyNats(), unigrams.uniformNats());
    assertThat(unigrams.entropyNats()).isBetween(5.0, 6.5);
    assertThat(tokenizer.decode(tokens)).isEqualTo(String.join("", split.test().passages()));
  }

  @Test
  void huggingFaceHasTheSameTokens(@TempDir Path folder) throws Exception {
    try (HuggingFaceTokenizer theirs = HuggingFaceTest.open(tokenizer, folder)) {
      for (String passage : split.test().passages()) {
        assertThat(Arrays.stream(tokenizer.encode(passage)).asLongStream().toArray())
            .isEqualTo(theirs.encode(passage, false, false).getIds());
      }
    }
  }
}
