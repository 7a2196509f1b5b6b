package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real matrix is what an ideal projection multiplies by. */
final class RealMatrixTest {
  private static final long SEED = 9;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  /** The last one needs two rounds of single mirrors. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "10, 48", "37, 70", "130, 5", "40, 80000"})
  void singleMirrorsProjectToItsColumns(int inputs, int outputs) {
    for (boolean removeBias : new boolean[] {false, true}) {
      OpuSettings settings = OpuSettings.ideal().withReadout(new LinearReadout(0, removeBias));
      EmulatedOpu unit = lab.unit(settings, inputs, outputs, SEED);
      float[] matrix = unit.realMatrix();
      assertThat(unit.log().frames()).isEqualTo(1);
      byte[] single = new byte[inputs];
      for (int column : new int[] {0, inputs / 2, inputs - 1}) {
        single[column] = 1;
        float[] y = unit.project(single);
        single[column] = 0;
        int wrong = 0;
        for (int pixel = 0; pixel < outputs; pixel++) {
          // Bias and product may cancel: each is at most the field of the anchor, sqrt(n) to three
          // deviations, divided by 1 or n; seven roundings each, and one of this matrix.
          double allowed = 16 * 0x1p-24 * (1 + Math.abs(y[pixel]) + 4 / Math.sqrt(inputs));
          double error = Math.abs(matrix[pixel * inputs + column] - (double) y[pixel]);
          wrong += error <= allowed ? 0 : 1;
        }
        assertThat(wrong).as("column %d, bias removed: %s", column, removeBias).isZero();
      }
    }
  }

  @Test
  void aProjectionIsItsProduct() {
    int inputs = 60;
    int outputs = 41;
    byte[] ternary = Patterns.ternary(1, inputs, 0.5, 3);
    OpuSettings settings = OpuSettings.ideal().withReadout(new LinearReadout(0, true));
    EmulatedOpu unit = lab.unit(settings, inputs, outputs, SEED);
    float[] matrix = unit.realMatrix();
    float[] y = unit.project(ternary);
    for (int pixel = 0; pixel < outputs; pixel++) {
      double product = 0;
      double size = 0;
      for (int i = 0; i < inputs; i++) {
        product += (double) matrix[pixel * inputs + i] * ternary[i];
        size += Math.abs(matrix[pixel * inputs + i]);
      }
      assertThat((double) y[pixel]).isCloseTo(product, within(16 * 0x1p-24 * size));
    }
  }

  /** Camera and noise do not enter, nor where T is kept. */
  @Test
  void isTheSameForEveryCamera() {
    OpuSettings noisy = OpuSettings.defaults();
    float[] matrix = lab.unit(noisy, 33, 20, SEED).realMatrix();
    OpuSettings exact = OpuSettings.ideal().withReadout(new LinearReadout(0, true));
    assertThat(lab.unit(exact, 33, 20, SEED).realMatrix()).isEqualTo(matrix);
    assertThat(lab.unit(noisy.withMatrix(TransmissionMatrix.STORED), 33, 20, SEED).realMatrix())
        .isEqualTo(matrix);
  }

  @Test
  void entriesHaveVarianceOne() {
    int inputs = 50;
    int outputs = 800;
    float[] matrix = lab.unit(OpuSettings.defaults(), inputs, outputs, SEED).realMatrix();
    double[] values = new double[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      values[i] = matrix[i];
    }
    Sample sample = new Sample(values);
    // 1 - 1/n without the mean of a row, which is taken out; sampling error of normal draws.
    double variance = 1 - 1.0 / inputs;
    assertThat(sample.mean()).isCloseTo(0, within(1e-6));
    assertThat(sample.variance())
        .isCloseTo(variance, within(Sample.ERRORS * Math.sqrt(2.0 / values.length)));
  }
}
