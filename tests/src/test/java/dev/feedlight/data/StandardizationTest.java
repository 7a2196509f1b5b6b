package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The map of pixels is affine, and refused where it would not give finite floats. */
final class StandardizationTest {
  @ParameterizedTest
  @CsvSource({
    "NaN, 1",
    "Infinity, 1",
    "-Infinity, 1",
    "0.5, 0",
    "0.5, -0.0",
    "0.5, -0.25",
    "0.5, NaN",
    "0.5, Infinity",
    "0.5, 1e-39", // 1 / 1e-39 is no float
    "1e300, 1"
  })
  void whatGivesNoFiniteFloatsIsRefused(double mean, double deviation) {
    assertThatThrownBy(() -> new Standardization(mean, deviation))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("mean " + mean, "deviation " + deviation);
  }

  @Test
  void theTableIsTheMap() {
    float[] table = new Standardization(0.25, 0.5).table();
    assertThat(table).hasSize(256);
    for (int value = 0; value < 256; value++) {
      // The map in double, rounded once: half a unit in the last place of values up to 2.
      assertThat((double) table[value]).isCloseTo((value / 255.0 - 0.25) * 2, within(1e-7));
    }
  }
}
