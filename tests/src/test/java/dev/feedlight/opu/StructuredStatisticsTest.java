package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.reference.StructuredField;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the structured transmission matrix has in common with one of independent normal entries, at
 * N = 2^14. The N pixels of one pattern are taken for N draws; every bound is {@link Sample#ERRORS}
 * standard errors of N draws.
 */
final class StructuredStatisticsTest {
  private static final int SIZE = 1 << 14;
  private static final int KEYS = 4;

  /** Kolmogorov: sqrt(N) D exceeds 1.95 with probability 0.001. */
  private static final double KOLMOGOROV = 1.95 / Math.sqrt(SIZE);

  /** Lit mirrors: the first ones, side by side, where the structure would show most. */
  private static int[] ones(int first, int lit) {
    int[] pattern = new int[SIZE];
    Arrays.fill(pattern, first, first + lit, 1);
    return pattern;
  }

  private static Sample intensity(StructuredField field) {
    double[] values = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = Math.pow(field.real()[i], 2) + Math.pow(field.imaginary()[i], 2);
    }
    return new Sample(values);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 16, 64, 1000, SIZE})
  void fieldsAreComplexNormal(int lit) {
    for (int key = 0; key < KEYS; key++) {
      StructuredField field = StructuredField.of(key, ones(0, lit), SIZE);
      Sample real = Sample.of(field.real());
      Sample imaginary = Sample.of(field.imaginary());
      for (Sample part : new Sample[] {real, imaginary}) {
        assertThat(part.distanceFromNormal(Math.sqrt(lit / 2.0))).isLessThan(KOLMOGOROV);
        assertThat(part.mean()).isCloseTo(0, within(Sample.ERRORS * Math.sqrt(lit / 2.0 / SIZE)));
        assertThat(part.variance() / (lit / 2.0))
            .isCloseTo(1, within(Sample.ERRORS * Math.sqrt(2.0 / SIZE)));
        assertThat(part.kurtosis()).isCloseTo(3, within(Sample.ERRORS * Math.sqrt(24.0 / SIZE)));
      }
      // Over all pixels nothing is left to chance but the means, whose product is about 1 / N: the
      // spectra of the two parts do not overlap.
      assertThat(real.correlation(imaginary)).isCloseTo(0, within(1e-3));
      int half = SIZE / 2;
      assertThat(
              Sample.of(field.real(), 0, half).correlation(Sample.of(field.imaginary(), 0, half)))
          .isCloseTo(0, within(Sample.ERRORS / Math.sqrt(half)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16, 1000})
  void intensityIsExponentialAndItsMeanTheNumberOfMirrors(int lit) {
    for (int key = 0; key < KEYS; key++) {
      Sample intensity = intensity(StructuredField.of(key, ones(0, lit), SIZE));
      // The columns of the whole matrix are orthogonal, so this is no statistical statement; at
      // this size fp32 is exact.
      assertThat(intensity.mean()).isCloseTo(lit, within(1e-9 * lit));
      assertThat(intensity.deviation() / intensity.mean())
          .isCloseTo(1, within(Sample.ERRORS / Math.sqrt(SIZE)));
      assertThat(intensity.distanceFromExponential(lit)).isLessThan(KOLMOGOROV);
    }
  }

  /** E[|x.w|^2 |y.w|^2] = |x|^2 |y|^2 + (x.y)^2: the kernel of degree 2 of an OPU. */
  @ParameterizedTest
  @CsvSource({"1, 0", "1, 1", "64, 0", "64, 32", "64, 64"})
  void kernelOfDegreeTwo(int lit, int common) {
    for (int key = 0; key < KEYS; key++) {
      Sample x = intensity(StructuredField.of(key, ones(0, lit), SIZE));
      Sample y = intensity(StructuredField.of(key, ones(lit - common, lit), SIZE));
      double mean = 0;
      for (int pixel = 0; pixel < SIZE; pixel++) {
        mean += x.values()[pixel] * y.values()[pixel] / SIZE;
      }
      double product = (double) lit * lit;
      double r = Math.pow((double) common / lit, 2);
      // Laguerre expansion for two exponentials of correlation r: E[I^2 J^2] = 4 + 16 r + 4 r^2.
      double deviation = product * Math.sqrt(4 + 16 * r + 4 * r * r - Math.pow(1 + r, 2));
      assertThat(mean)
          .isCloseTo(
              product + Math.pow(common, 2), within(Sample.ERRORS * deviation / Math.sqrt(SIZE)));
    }
  }

  /** Pixels a power of two apart are those that butterflies connect. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 128, 1 << 13})
  void pixelsAreNotCorrelated(int distance) {
    for (int key = 0; key < KEYS; key++) {
      double[] values = intensity(StructuredField.of(key, ones(0, 64), SIZE)).values();
      double[] near = new double[SIZE / 2];
      double[] far = new double[SIZE / 2];
      int pairs = 0;
      for (int i = 0; i < SIZE; i++) {
        if ((i & distance) == 0) {
          near[pairs] = values[i];
          far[pairs++] = values[i + distance];
        }
      }
      assertThat(new Sample(near).correlation(new Sample(far)))
          .isCloseTo(0, within(Sample.ERRORS / Math.sqrt(pairs)));
    }
  }
}
