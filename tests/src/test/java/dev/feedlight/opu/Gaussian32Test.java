package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A matrix of normal deviates in fp32, for those who want no table of bytes. */
final class Gaussian32Test {
  private static final long SEED = 71;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private float[] entries(int inputs, int outputs, long seed) {
    return lab.entries(
        new Medium.Request(TransmissionMatrix.GAUSSIAN32, Drift.NONE, inputs, 1, outputs, seed),
        outputs);
  }

  @Test
  void entriesAreNormal() {
    int inputs = 257;
    int outputs = 500;
    float[] entries = entries(inputs, outputs, SEED);
    double draws = entries.length;
    Sample all = Sample.of(entries);
    assertThat(all.mean()).isCloseTo(0, within(Sample.ERRORS * Math.sqrt(0.5 / draws)));
    assertThat(all.variance()).isCloseTo(0.5, within(Sample.ERRORS * 0.5 * Math.sqrt(2 / draws)));
    assertThat(all.kurtosis()).isCloseTo(3, within(Sample.ERRORS * Math.sqrt(24 / draws)));
    // Kolmogorov: sqrt(draws) D exceeds 1.95 with probability 0.001.
    double distance = all.distance(value -> normal(value * Math.sqrt(2)));
    assertThat(distance).isLessThan(1.95 / Math.sqrt(draws));

    int half = entries.length / 2;
    Sample real = Sample.of(entries, 0, half);
    Sample imaginary = Sample.of(entries, half, entries.length);
    double bound = Sample.ERRORS / Math.sqrt(half);
    assertThat(real.correlation(imaginary)).isCloseTo(0, within(bound));
    Sample shifted = Sample.of(entries, 1, half + 1);
    assertThat(real.correlation(shifted)).isCloseTo(0, within(bound));
    double power = 0;
    for (float value : entries) {
      power += (double) value * value / half;
    }
    // |T|^2 is exponential of mean 1.
    assertThat(power).isCloseTo(1, within(bound));
    Sample other = Sample.of(entries(inputs, outputs, SEED + 1));
    assertThat(all.correlation(other)).isCloseTo(0, within(bound));
  }

  /** The normal law, by the series of Abramowitz and Stegun 26.2.11. */
  private static double normal(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= x * x / (2 * n + 1);
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  @Test
  void moreOfThemChangeNothing() {
    int inputs = 77;
    int outputs = 90;
    float[] few = entries(inputs, outputs, SEED);
    for (int[] shape : new int[][] {{77, 91}, {78, 90}, {200, 300}}) {
      float[] many = entries(shape[0], shape[1], SEED);
      for (int row = 0; row < 2 * outputs; row++) {
        int from = (row < outputs ? row : row - outputs + shape[1]) * shape[0];
        assertThat(Arrays.copyOfRange(many, from, from + inputs))
            .containsExactly(Arrays.copyOfRange(few, row * inputs, (row + 1) * inputs));
      }
    }
  }

  /** Fields are sums of entries, by products in fp32. */
  @Test
  void fieldsAreSumsOfEntries() {
    int inputs = 333;
    int outputs = 130;
    float[] entries = entries(inputs, outputs, SEED);
    byte[] patterns = Patterns.ternary(3, inputs, 0.5, 1);
    float[] fields =
        lab.realFields(
            new Medium.Request(TransmissionMatrix.GAUSSIAN32, Drift.NONE, inputs, 1, outputs, SEED),
            outputs,
            patterns,
            0);
    for (int i = 0; i < fields.length; i++) {
      int vector = i / (2 * outputs);
      int row = i % (2 * outputs);
      double expected = 0;
      double terms = 0;
      for (int j = 0; j < inputs; j++) {
        double term = (double) entries[row * inputs + j] * patterns[vector * inputs + j];
        expected += term;
        terms += Math.abs(term);
      }
      // A sum of n terms in any order; P and N apart.
      assertThat((double) fields[i]).isCloseTo(expected, within(inputs * 0x1p-24 * terms));
    }
  }

  /** The optics behind do not care: media differ among each other by 0.0007 (four of each kind). */
  @Test
  void readsOutAsWellAsBytes() {
    ReadoutQuality quality = new ReadoutQuality(lab);
    Sample bytes = quality.correlations(OpuSettings.defaults(), 0.3);
    Sample gaussian =
        quality.correlations(OpuSettings.defaults().withMatrix(TransmissionMatrix.GAUSSIAN32), 0.3);
    assertThat(gaussian.mean())
        .isCloseTo(bytes.mean(), within(Sample.ERRORS * Math.sqrt(2) * 0.0007));
    assertThat(gaussian.mean()).isGreaterThan(0.985);
  }
}
