package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.data.DataException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The lines beside a loss curve. */
final class UnigramsTest {
  @Test
  void entropyOfKnownFrequencies() {
    // 1/2, 1/4, 1/4: one and a half bits.
    Unigrams unigrams = Unigrams.of(new int[] {3, 0, 3, 7}, 8);
    assertThat(unigrams.entropyNats()).isCloseTo(1.5 * Math.log(2), within(1e-15));
    assertThat(unigrams.count(3)).isEqualTo(2);
    assertThat(unigrams.count(1)).isZero();
    assertThat(Unigrams.of(new int[] {4, 4}, 1016).entropyNats()).isZero();
  }

  @Test
  void uniformIsTheMost() {
    Unigrams all = Unigrams.of(IntStream.range(0, 1016).toArray(), 1016);
    assertThat(all.uniformNats()).isCloseTo(6.924, within(5e-4));
    assertThat(all.entropyNats()).isCloseTo(all.uniformNats(), within(1e-12));
  }

  @Test
  void thePlayIsFarFromUniform() {
    TextSplit split = TextSplit.of(Shakespeare.embedded(), 1);
    BytePairTokenizer tokenizer = BytePairTokenizer.train(split.training(), 1016);
    Unigrams test = Unigrams.of(tokenizer.encode(split.test()), 1016);
    assertThat(test.entropyNats()).isBetween(5.0, 6.5);
  }

  @Test
  void refusesWhatHasNoFrequencies() {
    assertThatThrownBy(() -> Unigrams.of(new int[0], 5)).isInstanceOf(ShortTextException.class);
    assertThatThrownBy(() -> Unigrams.of(new int[] {5}, 5))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("token 0 is 5", "vocabulary of 5");
  }
}
