package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.data.BatchOrder;
import dev.feedlight.data.DataException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Windows over a row of tokens. */
final class TokenWindowsTest {
  private static TokenWindows windows(int tokens, int context, int stride) {
    return new TokenWindows("w", IntStream.range(0, tokens).toArray(), tokens, context, stride);
  }

  /** Paper: 1.2e6 tokens, context 24, two epochs, 20 hours at 800 projections a second. */
  @Test
  void strideOneGivesThePapersProjections() {
    TokenWindows paper = new TokenWindows("paper", new int[1_200_000], 1016, 24, 1);
    assertThat(paper.size()).isEqualTo(1_200_000 - 24);
    assertThat((double) paper.projections(2)).isCloseTo(5.76e7, within(.005e7));
    assertThat(paper.projections(2) / (20 * 3600.0)).isCloseTo(800, within(.5));
    // Windows side by side would miss it by the context.
    assertThat(new TokenWindows("sparse", new int[1_200_000], 1016, 24, 24).projections(2))
        .isLessThan(2_400_001);
  }

  @Test
  void targetsAreTheTokensAfter() {
    TokenWindows windows = windows(7, 3, 1);
    assertThat(windows.size()).isEqualTo(4);
    int[] inputs = new int[12];
    int[] targets = new int[12];
    windows.consecutive(0, inputs, targets);
    assertThat(inputs).containsExactly(0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5);
    assertThat(targets).containsExactly(1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6);
  }

  @Test
  void otherStridesTakeEveryWholeWindow() {
    for (int tokens = 4; tokens < 30; tokens++) {
      for (int stride = 1; stride < 8; stride++) {
        TokenWindows windows = windows(tokens, 3, stride);
        int[] inputs = new int[3];
        int[] targets = new int[3];
        windows.consecutive(windows.size() - 1, inputs, targets);
        assertThat(targets[2]).isLessThan(tokens).isGreaterThanOrEqualTo(tokens - stride);
        assertThat(inputs[0]).isEqualTo((windows.size() - 1) * stride);
      }
    }
  }

  @Test
  void anEpochHasEveryWindowOnceAndCanBeEnteredAnywhere() {
    TokenWindows windows = windows(1000, 24, 1);
    BatchOrder order = new BatchOrder(5, 2, windows.size());
    int batch = 8;
    int[] seen = new int[(int) windows.size()];
    for (long position = 0; position < windows.size(); position += batch) {
      int[] inputs = new int[batch * 24];
      int[] targets = new int[batch * 24];
      windows.ordered(order, position, inputs, targets);
      for (int row = 0; row < batch; row++) {
        seen[inputs[row * 24]]++;
        assertThat(targets[row * 24]).isEqualTo(inputs[row * 24] + 1);
      }
      int[] again = new int[24];
      windows.ordered(new BatchOrder(5, 2, windows.size()), position + 3, again, new int[24]);
      assertThat(again).isEqualTo(Arrays.copyOfRange(inputs, 3 * 24, 4 * 24));
    }
    assertThat(seen).containsOnly(1);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> windows(24, 24, 1))
        .isInstanceOf(ShortTextException.class)
        .hasMessageContainingAll("w has 24 tokens", "context of 24 needs 25");
    assertThatThrownBy(() -> new TokenWindows("w", new int[0], 9, 1, 1))
        .isInstanceOf(ShortTextException.class);
    assertThatThrownBy(() -> windows(9, 0, 1)).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> windows(9, 1, 0)).isInstanceOf(DataException.class);
    for (int wrong : new int[] {-1, 9}) {
      assertThatThrownBy(() -> new TokenWindows("w", new int[] {0, 1, wrong}, 9, 1, 1))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("token 2 is " + wrong, "vocabulary of 9");
    }
    TokenWindows windows = windows(10, 2, 1);
    assertThatThrownBy(() -> windows.consecutive(7, new int[4], new int[4]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> windows.consecutive(0, new int[3], new int[3]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> windows.consecutive(0, new int[4], new int[2]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> windows.ordered(new BatchOrder(0, 0, 7), 0, new int[4], new int[4]))
        .withMessageContainingAll("7", "8");
  }

  @Test
  void theDigestTellsWindowsApart() {
    String digest = windows(5000, 24, 1).sha256();
    assertThat(windows(5000, 24, 1).sha256()).isEqualTo(digest);
    assertThat(windows(5000, 23, 1).sha256()).isNotEqualTo(digest);
    assertThat(windows(5000, 24, 2).sha256()).isNotEqualTo(digest);
    int[] other = IntStream.range(0, 5000).toArray();
    other[4999] = 0;
    assertThat(new TokenWindows("w", other, 5000, 24, 1).sha256()).isNotEqualTo(digest);
  }
}
