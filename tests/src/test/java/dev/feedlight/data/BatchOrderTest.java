package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of an epoch is a permutation, fair between permutations, and the same everywhere. */
final class BatchOrderTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 9, 10, 15, 16, 17, 127, 1_000, 7_500, 60_000, 65_537})
  void visitsEveryExampleOnce(long size) {
    BatchOrder order = new BatchOrder(3, 1, size);
    BitSet seen = new BitSet();
    for (long position = 0; position < size; position++) {
      long example = order.example(position);
      assertThat(example).isBetween(0L, size - 1);
      seen.set((int) example);
    }
    assertThat(seen.cardinality()).isEqualTo((int) size);
  }

  @Test
  void allPermutationsOfFewExamplesAreEquallyFrequent() {
    // Chi square with 23 and 119 degrees of freedom; the bounds lie beyond a chance of 1e-6.
    assertThat(chiSquare(4, 24)).isBetween(3.0, 70.0);
    assertThat(chiSquare(5, 120)).isBetween(60.0, 210.0);
  }

  @Test
  void allPlacesOfTwoNeighboursAreEquallyFrequent() {
    // 16 x 16 cells of 100 expected; 255 degrees of freedom, standard deviation 22.6, five allowed.
    for (long size : new long[] {1_000, 1_040, 60_000}) {
      int[] counts = new int[256];
      long[] pair = new long[2];
      for (int epoch = 0; epoch < 25_600; epoch++) {
        new BatchOrder(2, epoch, size).examples(size / 3, pair);
        counts[(int) (16 * pair[0] / size * 16 + 16 * pair[1] / size)]++;
      }
      double chiSquare = 0;
      for (int i = 0; i < 256; i++) {
        double expected = 25_600.0 * cell(i / 16, size) * cell(i % 16, size);
        chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
      }
      assertThat(chiSquare).as("size %d", size).isBetween(142.0, 368.0);
    }
  }

  /** The share of the examples that fall into one of 16 cells. */
  private static double cell(int i, long size) {
    return (Math.ceilDiv((i + 1) * size, 16) - Math.ceilDiv(i * size, 16)) / (double) size;
  }

  private static double chiSquare(int size, int permutations) {
    int epochs = 200 * permutations;
    Map<String, Integer> counts = new HashMap<>();
    long[] order = new long[size];
    for (int epoch = 0; epoch < epochs; epoch++) {
      new BatchOrder(1, epoch, size).examples(0, order);
      counts.merge(Arrays.toString(order), 1, Integer::sum);
    }
    assertThat(counts).hasSize(permutations);
    return counts.values().stream().mapToDouble(n -> (n - 200.0) * (n - 200.0) / 200).sum();
  }

  @Test
  void bothParitiesOccurWhereTheRectangleIsFull() {
    int odd = 0;
    long[] order = new long[9];
    for (int epoch = 0; epoch < 1_000; epoch++) {
      new BatchOrder(1, epoch, 9).examples(0, order);
      int inversions = 0;
      for (int i = 0; i < 9; i++) {
        for (int j = 0; j < i; j++) {
          inversions += order[j] > order[i] ? 1 : 0;
        }
      }
      odd += inversions & 1;
    }
    assertThat(odd).isBetween(420, 580); // five standard deviations
  }

  @Test
  void neighboursAreStrangers() {
    // Serial correlation and displacement of 60000 positions; standard error 1 / sqrt(60000).
    int size = 60_000;
    long[] order = new long[size];
    new BatchOrder(8, 2, size).examples(0, order);
    double serial = 0;
    double displacement = 0;
    for (int i = 0; i < size; i++) {
      double here = centred(order[i], size);
      serial += here * centred(order[(i + 1) % size], size) / size;
      displacement += here * centred(i, size) / size;
    }
    assertThat(Math.abs(serial)).isLessThan(0.0204);
    assertThat(Math.abs(displacement)).isLessThan(0.0204);
  }

  private static double centred(long value, int size) {
    return (value - (size - 1) / 2.0) / (size / Math.sqrt(12));
  }

  @Test
  void batchesContinueWhereverTrainingResumes() {
    BatchOrder order = new BatchOrder(3, 1, 1_000);
    long[] whole = new long[1_000];
    order.examples(0, whole);
    long[] batch = new long[96];
    new BatchOrder(3, 1, 1_000).examples(480, batch);
    assertThat(batch).isEqualTo(Arrays.copyOfRange(whole, 480, 576));
    assertThat(order.example(999)).isEqualTo(whole[999]);
  }

  @Test
  void seedsAndEpochsHaveOrdersOfTheirOwn() {
    long[] base = new long[100];
    long[] other = new long[100];
    new BatchOrder(3, 1, 100).examples(0, base);
    for (BatchOrder order :
        new BatchOrder[] {
          new BatchOrder(4, 1, 100),
          new BatchOrder(3, 2, 100),
          new BatchOrder(3, 1 + (1L << 32), 100),
          new BatchOrder(3 + (1L << 32), 1, 100)
        }) {
      order.examples(0, other);
      assertThat(other).isNotEqualTo(base);
    }
  }

  @Test
  void sizesBeyond32BitsWork() {
    for (long size : new long[] {3_000_000_019L, (1L << 40) + 1, BatchOrder.MAX_SIZE}) {
      BatchOrder order = new BatchOrder(7, 0, size);
      BitSet halves = new BitSet();
      long[] examples = new long[64];
      order.examples(size - 64, examples);
      assertThat(examples).doesNotHaveDuplicates();
      for (long example : examples) {
        assertThat(example).isBetween(0L, size - 1);
        halves.set(example < size / 2 ? 0 : 1);
      }
      assertThat(halves.cardinality()).isEqualTo(2);
    }
  }

  @Test
  void theOrderIsFrozen() {
    long[] order = new long[10];
    new BatchOrder(1, 0, 10).examples(0, order);
    // From an implementation of its own in Python: runs must be repeatable across releases.
    assertThat(order).containsExactly(6, 8, 9, 3, 0, 1, 4, 2, 7, 5);
    long[] last = new long[6];
    new BatchOrder(1, 3, 60_000).examples(59_994, last);
    assertThat(last).containsExactly(514, 2380, 16983, 46815, 32344, 46453);
  }

  @Test
  void refusesSizesAndPositionsOutOfRange() {
    assertThatThrownBy(() -> new BatchOrder(1, 0, 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("0 examples");
    assertThatThrownBy(() -> new BatchOrder(1, 0, BatchOrder.MAX_SIZE + 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(String.valueOf(BatchOrder.MAX_SIZE));
    BatchOrder order = new BatchOrder(1, 0, 10);
    assertThatThrownBy(() -> order.example(10)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> order.examples(8, new long[3]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
