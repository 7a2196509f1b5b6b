package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The full set, where the environment variable FEEDLIGHT_DATA_DIR says where it is. */
@EnabledIfEnvironmentVariable(named = "FEEDLIGHT_DATA_DIR", matches = ".+")
final class FullFashionMnistTest {
  private final Split split = FashionMnist.load(Path.of(System.getenv("FEEDLIGHT_DATA_DIR")));

  @Test
  void hasItsSizesAndStandardization() {
    assertThat(split.training().size()).isEqualTo(60_000);
    assertThat(split.test().size()).isEqualTo(10_000);
    assertThat(FashionMnistTest.labelCounts(split.training())).containsOnly(6_000);
    assertThat(FashionMnistTest.labelCounts(split.test())).containsOnly(1_000);
    Standardization measured = ((ImageDataset) split.training()).standardization();
    assertThat(measured.mean()).isCloseTo(.2860, within(5e-5));
    assertThat(measured.standardDeviation()).isCloseTo(.3530, within(5e-5));
    double[] moments = FashionMnistTest.meanAndVariance(split.training());
    assertThat(moments[0]).isCloseTo(0, within(1e-6));
    assertThat(moments[1]).isCloseTo(1, within(1e-6));
  }

  @Test
  void embeddedSubsetIsTheFirstOfEachClass() {
    Split subset = FashionMnist.embedded();
    // Label by label and input by input; the maps differ, so inputs are compared as pixels.
    compare(split.training(), subset.training(), 750);
    compare(split.test(), subset.test(), 150);
  }

  private static void compare(Dataset full, Dataset subset, int perClass) {
    int[] seen = new int[FashionMnist.CLASSES];
    long next = 0;
    for (long i = 0; i < full.size(); i++) {
      int label = full.label(i);
      if (seen[label]++ < perClass) {
        assertThat(subset.label(next)).isEqualTo(label);
        assertThat(pixels(subset, next)).isEqualTo(pixels(full, i));
        next++;
      }
    }
    assertThat(next).isEqualTo(subset.size());
  }

  private static int[] pixels(Dataset data, long index) {
    float[] input = new float[data.inputs()];
    data.input(index, MemorySegment.ofArray(input), 0);
    Standardization map = ((ImageDataset) data).standardization();
    int[] pixels = new int[input.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (int) Math.round((input[i] * map.standardDeviation() + map.mean()) * 255);
    }
    return pixels;
  }
}
