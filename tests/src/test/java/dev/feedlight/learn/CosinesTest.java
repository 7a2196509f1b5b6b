package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Cosines by hand. */
final class CosinesTest {
  /** Squares, a root and a quotient in double. */
  private static final double ROUNDING = 1e-15;

  @Test
  void areTakenRowByRow() {
    float[] a = {3, 0, 1, 1, 0, 2};
    float[] b = {5, 0, 1, 0, 3, -4};
    Cosines cosines = Cosines.ofRows(a, b, 3);
    double[] rows = {1, Math.sqrt(0.5), -0.8};
    double mean = (rows[0] + rows[1] + rows[2]) / 3;
    double variance = 0;
    for (double row : rows) {
      variance += (row - mean) * (row - mean) / 3;
    }
    assertThat(cosines.mean()).isCloseTo(mean, within(ROUNDING));
    assertThat(cosines.std()).isCloseTo(Math.sqrt(variance), within(ROUNDING));
    assertThat(cosines.normRatio()).isCloseTo(Math.sqrt(15.0 / 51), within(ROUNDING));
  }

  @Test
  void oneRowHasNoSpread() {
    assertThat(Cosines.ofRows(new float[] {1, 2}, new float[] {-2, -4}, 1).std()).isZero();
    assertThat(Cosines.ofRows(new float[] {1, 2}, new float[] {-2, -4}, 1).mean())
        .isCloseTo(-1, within(ROUNDING));
  }

  @Test
  void aNormBelowTheLeastCountsAsZero() {
    float[] direction = {1, 1};
    for (float[] small : new float[][] {{0, 0}, {0.9e-8f, 0}, {-6e-9f, -6e-9f}}) {
      assertThat(Cosines.ofRows(small, direction, 1).mean()).isZero();
      assertThat(Cosines.ofRows(direction, small, 1).mean()).isZero();
    }
    assertThat(Cosines.ofRows(new float[] {1.1e-8f, 1.1e-8f}, direction, 1).mean())
        .isCloseTo(1, within(ROUNDING));
  }

  @Test
  void aRowThatCountsAsZeroStaysInTheMean() {
    Cosines cosines = Cosines.ofRows(new float[] {1, 0, 0, 0}, new float[] {1, 0, 1, 0}, 2);
    assertThat(cosines.mean()).isEqualTo(0.5);
    assertThat(cosines.std()).isEqualTo(0.5);
  }

  @Test
  void aRatioToNothingIsNone() {
    assertThat(Cosines.ofRows(new float[] {1, 0}, new float[] {0.9e-8f, 0}, 1).normRatio()).isNaN();
    assertThat(Cosines.ofRows(new float[] {0, 0}, new float[] {1, 0}, 1).normRatio()).isZero();
  }

  @Test
  void whatIsNotFiniteIsNotHidden() {
    Cosines cosines = Cosines.ofRows(new float[] {1, Float.NaN}, new float[] {1, 1}, 1);
    assertThat(cosines.mean()).isNaN();
    assertThat(
            Cosines.ofRows(new float[] {1, Float.POSITIVE_INFINITY}, new float[] {1, 1}, 1).std())
        .isNaN();
  }
}
