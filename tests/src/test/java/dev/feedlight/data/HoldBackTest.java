package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples that are kept back are not learned from, and none gets lost. */
final class HoldBackTest {
  private static final int INPUTS = 5;

  private final Split split =
      new Split(
          SyntheticDataset.classification(103, INPUTS, 3, 1),
          SyntheticDataset.classification(10, INPUTS, 3, 2));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 7, 34, 50, 51})
  void partsAreTheWhole(long examples) {
    Split parts = split.holdBack(examples);
    assertThat(parts.test().size()).isEqualTo(examples);
    assertThat(parts.training().size()).isEqualTo(103 - examples);
    Set<String> seen = new HashSet<>();
    for (Dataset part : new Dataset[] {parts.training(), parts.test()}) {
      for (long i = 0; i < part.size(); i++) {
        assertThat(seen.add(example(part, i))).isTrue();
      }
    }
    for (long i = 0; i < 103; i++) {
      assertThat(seen).contains(example(split.training(), i));
    }
  }

  @Test
  void everyClassOfTheSubsetIsKeptBack() {
    Dataset kept = FashionMnist.embedded().holdBack(1500).test();
    int[] counts = new int[10];
    for (long i = 0; i < kept.size(); i++) {
      counts[kept.label(i)]++;
    }
    // 150 of each would be even; the order of the set is random.
    assertThat(Arrays.stream(counts).boxed()).allMatch(n -> n > 100 && n < 200);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 52, 103})
  void tooManyOrNoneAreRefused(long examples) {
    assertThatThrownBy(() -> split.holdBack(examples))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(String.valueOf(examples), "103", "1 to 51");
  }

  @Test
  void indicesAreChecked() {
    Dataset kept = split.holdBack(7).test();
    assertThatThrownBy(() -> kept.label(7)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> kept.label(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static String example(Dataset data, long index) {
    float[] input = new float[INPUTS];
    data.input(index, MemorySegment.ofArray(input), 0);
    return Arrays.toString(input) + data.label(index);
  }
}
