package dev.feedlight.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.data.DataException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Draws follow the softmax, the temperature and the limit. */
final class SamplingTest {
  private static final float[] LOGITS = {0.5f, -1, 2, 2, -30, 1};
  private static final int DRAWS = 20_000;

  private static double[] frequencies(Sampling sampling) {
    double[] frequencies = new double[LOGITS.length];
    for (int i = 0; i < DRAWS; i++) {
      frequencies[sampling.draw(LOGITS, i)] += 1.0 / DRAWS;
    }
    return frequencies;
  }

  private static void follow(Sampling sampling, int... allowed) {
    double[] expected = new double[LOGITS.length];
    double total = 0;
    for (int token : allowed) {
      expected[token] = Math.exp(LOGITS[token] / sampling.temperature());
      total += expected[token];
    }
    double[] frequencies = frequencies(sampling);
    for (int token = 0; token < LOGITS.length; token++) {
      double p = expected[token] / total;
      // Five deviations of a binomial frequency; nothing at all where p is 0.
      double bound = 5 * Math.sqrt(p * (1 - p) / DRAWS);
      assertThat(Math.abs(frequencies[token] - p))
          .as("token %d", token)
          .isLessThanOrEqualTo(bound + 1e-9);
    }
  }

  @Test
  void frequenciesAreProbabilities() {
    follow(new Sampling(1, 0, 1), 0, 1, 2, 3, 4, 5);
    follow(new Sampling(0.5, 0, 2), 0, 1, 2, 3, 4, 5);
    follow(new Sampling(3, 0, 3), 0, 1, 2, 3, 4, 5);
  }

  @Test
  void onlyTheMostProbableAreDrawn() {
    follow(new Sampling(1, 3, 4), 2, 3, 5);
    follow(new Sampling(1, 4, 5), 0, 2, 3, 5);
    // Of two equal ones the lower.
    follow(new Sampling(1, 1, 6), 2);
    follow(new Sampling(2, 100, 7), 0, 1, 2, 3, 4, 5);
  }

  @Test
  void withoutTemperatureTheFirstLargestIsTaken() {
    assertThat(frequencies(new Sampling(0, 0, 1))[2]).isCloseTo(1, within(1e-9));
    assertThat(new Sampling(1e-300, 0, 1).draw(LOGITS, 0)).isIn(2, 3);
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  @Test
  void aDrawIsAFunctionOfSeedAndNumber() {
    int[] first = IntStream.range(0, 50).map(i -> new Sampling(1, 0, 9).draw(LOGITS, i)).toArray();
    int[] again = IntStream.range(0, 50).map(i -> new Sampling(1, 0, 9).draw(LOGITS, i)).toArray();
    int[] other = IntStream.range(0, 50).map(i -> new Sampling(1, 0, 10).draw(LOGITS, i)).toArray();
    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
    assertThat(first).containsAnyOf(0, 5).contains(2, 3);
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    assertThatThrownBy(() -> new Sampling(-0.5, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a temperature must be finite and 0 or more, not -0.5");
    assertThatThrownBy(() -> new Sampling(Double.NaN, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sampling(1, -1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("top-k must be 0, for all, or more, not -1");
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new Sampling(0, 0, 1).draw(new float[] {1, wrong}, 0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("the logit of token 1 is " + wrong);
    }
  }
}
