package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.data.DataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Parts are made of whole passages. */
final class TextSplitTest {
  private static TextCorpus corpus(int passages) {
    return new TextCorpus(
        "c", IntStream.range(0, passages).mapToObj(i -> "passage " + i + "\n").toList());
  }

  @Test
  void everyPassageIsInOnePartAndPartsKeepTheOrder() {
    TextCorpus corpus = corpus(1000);
    TextSplit split = TextSplit.of(corpus, 7);
    // A twentieth of the text, and at most the passage more that it ends in.
    double share = TextSplit.DEFAULT_SHARE * corpus.characters();
    for (TextCorpus part : List.of(split.validation(), split.test())) {
      assertThat((double) part.characters()).isBetween(share, share + "passage 999\n".length());
    }
    List<String> all = new ArrayList<>(split.training().passages());
    all.addAll(split.validation().passages());
    all.addAll(split.test().passages());
    assertThat(all).containsExactlyInAnyOrderElementsOf(corpus.passages());
    for (TextCorpus part : List.of(split.training(), split.validation(), split.test())) {
      assertThat(part.passages())
          .isSortedAccordingTo(
              (a, b) -> corpus.passages().indexOf(a) - corpus.passages().indexOf(b));
    }
    assertThat(split.test().name()).isEqualTo("c, test");
  }

  @Test
  void theSeedDecides() {
    assertThat(TextSplit.of(corpus(500), 3)).isEqualTo(TextSplit.of(corpus(500), 3));
    assertThat(TextSplit.of(corpus(500), 3).test().passages())
        .isNotEqualTo(TextSplit.of(corpus(500), 4).test().passages());
    // Written down, so that held-out text stays held out in later versions.
    assertThat(TextSplit.of(corpus(20), 1, .1, .1))
        .satisfies(
            split -> {
              assertThat(split.validation().passages()).containsExactly(FROZEN_VALIDATION);
              assertThat(split.test().passages()).containsExactly(FROZEN_TEST);
            });
  }

  private static final String[] FROZEN_VALIDATION = {"passage 7\n", "passage 18\n"};
  private static final String[] FROZEN_TEST = {"passage 6\n", "passage 19\n"};

  @Test
  void equalPassagesGoTheSameWay() {
    List<String> passages = new ArrayList<>(corpus(40).passages());
    passages.addAll(corpus(40).passages());
    for (long seed = 0; seed < 20; seed++) {
      TextSplit split = TextSplit.of(new TextCorpus("c", passages), seed);
      Set<String> training = new HashSet<>(split.training().passages());
      assertThat(split.test().passages()).hasSizeBetween(4, 6).noneMatch(training::contains);
      assertThat(split.validation().passages())
          .hasSizeBetween(4, 6)
          .noneMatch(training::contains)
          .doesNotContainAnyElementsOf(split.test().passages());
    }
  }

  @Test
  void noPartIsEmpty() {
    for (int passages = 3; passages < 12; passages++) {
      for (double share : new double[] {1e-9, .05, .3, .499}) {
        TextSplit split = TextSplit.of(corpus(passages), passages, share, share);
        assertThat(split.training().passages()).isNotEmpty();
        assertThat(split.validation().passages()).isNotEmpty();
        assertThat(split.test().passages()).isNotEmpty();
      }
    }
    assertThatThrownBy(() -> TextSplit.of(corpus(2), 0))
        .isInstanceOf(ShortTextException.class)
        .hasMessageContainingAll("c has 2 different passages", "need 3");
    for (double share : new double[] {0, -1, .5, Double.NaN}) {
      assertThatThrownBy(() -> TextSplit.of(corpus(9), 0, share, share))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("less than 1 together");
    }
  }

  /** No long utterance of what is held out is learned. */
  static void assertNothingLeaks(TextSplit split) {
    Set<String> learned = new HashSet<>();
    split.training().passages().forEach(passage -> passage.lines().forEach(learned::add));
    for (TextCorpus part : List.of(split.validation(), split.test())) {
      assertThat(part.passages().stream().flatMap(String::lines))
          .filteredOn(line -> line.length() >= Conversations.TELLING + 30) // and a name
          .isNotEmpty()
          .noneMatch(learned::contains);
    }
  }

  @Test
  void nothingLeaksOutOfThePlay() {
    for (long seed = 0; seed < 3; seed++) {
      assertNothingLeaks(TextSplit.of(Shakespeare.embedded(), seed));
    }
  }
}
