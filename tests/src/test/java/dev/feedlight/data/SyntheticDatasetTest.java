package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Synthetic data is a function of seed, example and feature, with the moments it promises. */
final class SyntheticDatasetTest {
  @Test
  void inputsAndTargetsAreStandardAndNearlyNormal() {
    Dataset data = SyntheticDataset.regression(1_000, 999, 999, 5);
    double[] moments = new double[5];
    double crossed = 0;
    for (long i = 0; i < data.size(); i++) {
      float[] input = input(data, i);
      float[] target = target(data, i);
      for (int j = 0; j < input.length; j++) {
        double product = 1;
        for (int power = 0; power < moments.length; power++) {
          moments[power] += product / 999_000;
          product *= input[j];
        }
        crossed += input[j] * (double) target[j] / 999_000;
      }
    }
    // Standard errors at n = 999000: 0.001 for mean and correlation, 0.0013 for the variance, 0.007
    // for the fourth moment; five of each are allowed.
    assertThat(moments[1]).isCloseTo(0, within(0.005));
    assertThat(moments[2]).isCloseTo(1, within(0.0065));
    assertThat(moments[3]).isCloseTo(0, within(0.015));
    assertThat(moments[4]).isCloseTo(2.7, within(0.035));
    assertThat(crossed).isCloseTo(0, within(0.005));
  }

  @Test
  void labelsAreUniform() {
    Dataset data = SyntheticDataset.classification(70_000, 1, 7, 11);
    // 10000 expected of each, standard deviation 93; five of them are allowed.
    for (int count : FashionMnistTest.labelCounts(data)) {
      assertThat(count).isBetween(9_535, 10_465);
    }
  }

  @Test
  void valuesDependOnSeedAndExampleAlone() {
    Dataset small = SyntheticDataset.regression(10, 13, 3, 1);
    Dataset large = SyntheticDataset.regression(Long.MAX_VALUE, 1_000, 100, 1);
    for (long i = 0; i < 10; i++) {
      assertThat(input(large, i)).startsWith(input(small, i));
      assertThat(target(large, i)).startsWith(target(small, i));
      assertThat(input(small, i)).isEqualTo(input(small, i));
    }
    assertThat(input(SyntheticDataset.regression(10, 13, 3, 2), 0)).isNotEqualTo(input(small, 0));
    assertThat(input(large, 1)).isNotEqualTo(input(large, 0));
    assertThat(input(large, 1L << 32)).isNotEqualTo(input(large, 0));
    assertThat(input(large, Long.MAX_VALUE - 1)).hasSize(1_000);
  }

  @Test
  void valuesAreFrozen() {
    // From an implementation of its own in Python: runs must be repeatable across releases.
    float[] input = input(SyntheticDataset.regression(10, 8, 8, 1), 7);
    float scale = (float) (1 / Math.sqrt(21845));
    int[] sums = IntStream.range(0, 8).map(i -> Math.round(input[i] / scale)).toArray();
    assertThat(sums).containsExactly(-72, -115, 134, 241, -208, -16, 61, 19);
    assertThat(
            IntStream.range(0, 8).map(i -> SyntheticDataset.classification(10, 8, 10, 1).label(i)))
        .containsExactly(0, 4, 8, 0, 9, 3, 9, 9);
  }

  @Test
  void writesNothingElse() {
    float[] around = new float[10];
    SyntheticDataset.regression(1, 6, 1, 1).input(0, MemorySegment.ofArray(around), 8);
    for (int outside : new int[] {0, 1, 8, 9}) {
      assertThat(around[outside]).isZero();
    }
    assertThatThrownBy(
            () ->
                SyntheticDataset.regression(1, 6, 1, 1).input(0, MemorySegment.ofArray(around), 20))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesNumbersBelowOneAndTheWrongTask() {
    assertThatThrownBy(() -> SyntheticDataset.regression(0, 2, 3, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("0 examples, 2 inputs and 3 outputs");
    assertThatThrownBy(() -> SyntheticDataset.classification(1, 0, 3, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("0 inputs");
    assertThatThrownBy(() -> SyntheticDataset.classification(1, 2, -3, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("-3 outputs");
    assertThatThrownBy(() -> SyntheticDataset.regression(1, 2, 3, 1).label(0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> target(SyntheticDataset.classification(1, 2, 3, 1), 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> input(SyntheticDataset.regression(5, 2, 3, 1), 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static float[] input(Dataset data, long index) {
    float[] values = new float[Math.min(data.inputs(), 1_000)];
    data.input(index, MemorySegment.ofArray(values), 0);
    return values;
  }

  private static float[] target(Dataset data, long index) {
    float[] values = new float[data.outputs()];
    data.target(index, MemorySegment.ofArray(values), 0);
    return values;
  }
}
