package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.TransmissionBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With every imperfection off, a projection is the formula: exact integers, then fp32 steps. */
final class IdealProjectionTest {
  private static final long SEED = 3;

  /**
   * Two conversions to fp32, gain twice, root, quotient, unit and its own rounding: eight
   * roundings, the two below the root by half, so 7; half a rounding more for the double arithmetic
   * here and terms of second order. The gain itself cancels.
   */
  private static final double ROUNDINGS = 7.5 * 0x1p-24;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "37, 70", "128, 64", "1000, 17", "4100, 5"})
  void equalsTheFormulaInExactIntegers(int inputs, int outputs) {
    byte[] ternary =
        Patterns.concatenated(
            Patterns.ternary(3, inputs, 0.4, inputs),
            Patterns.concatenated(Patterns.ones(inputs), new byte[inputs]));
    int vectors = ternary.length / inputs;
    EmulatedOpu unit = lab.unit(OpuSettings.ideal(), inputs, outputs, SEED);
    float[] y = unit.project(ternary);
    float gain = unit.camera().gain();
    float toUnit = (float) (Math.sqrt(2.0 / gain) / TransmissionBytes.SCALE);
    ExactMedium medium = new ExactMedium(SEED, inputs);
    for (int pixel = 0; pixel < outputs; pixel++) {
      long anchor = medium.anchor(pixel).intensity();
      for (int vector = 0; vector < vectors; vector++) {
        long sum = medium.fourFrames(pixel, ternary, vector * inputs);
        assertThat(sum % 2).isZero();
        long half = sum / 2;
        float root = (float) Math.sqrt((float) anchor * gain);
        float expected = (float) half * gain / root * toUnit;
        float found = y[vector * outputs + pixel];
        assertThat(found).as("vector %d, pixel %d", vector, pixel).isEqualTo(expected);
        double formula = sum / (2 * Math.sqrt((double) anchor)) * Math.sqrt(2);
        formula /= TransmissionBytes.SCALE;
        assertThat((double) found).isCloseTo(formula, within(ROUNDINGS * Math.abs(formula)));
      }
    }
  }

  /** y = sqrt 2 Re(e^(-i arg T1) T t): the real matrix whose entries have variance 1. */
  @Test
  void isTheRealPartOfTheRotatedField() {
    int inputs = 53;
    int outputs = 66;
    byte[] ternary = Patterns.ternary(4, inputs, 0.5, 1);
    float[] y = lab.project(OpuSettings.ideal(), inputs, outputs, SEED, ternary);
    ExactMedium medium = new ExactMedium(SEED, inputs);
    for (int pixel = 0; pixel < outputs; pixel++) {
      ExactMedium.Field anchor = medium.anchor(pixel);
      for (int vector = 0; vector < 4; vector++) {
        ExactMedium.Field field = medium.field(pixel, ternary, vector * inputs);
        double real =
            (anchor.real() * field.real() + anchor.imaginary() * field.imaginary()) / anchor.abs();
        double expected = Math.sqrt(2) * real / TransmissionBytes.SCALE;
        assertThat((double) y[vector * outputs + pixel])
            .isCloseTo(expected, within(ROUNDINGS * Math.abs(expected)));
      }
    }
  }

  @Test
  void isLinear() {
    int inputs = 90;
    int outputs = 130;
    byte[] a = Patterns.ternary(1, inputs, 0.5, 21);
    byte[] b = Patterns.ternary(1, inputs, 0.5, 22);
    byte[] sum = new byte[inputs];
    byte[] opposite = new byte[inputs];
    for (int i = 0; i < inputs; i++) {
      b[i] = a[i] != 0 ? 0 : b[i];
      sum[i] = (byte) (a[i] + b[i]);
      opposite[i] = (byte) -a[i];
    }
    for (boolean removeBias : new boolean[] {false, true}) {
      OpuSettings settings = OpuSettings.ideal().withReadout(new LinearReadout(0, removeBias));
      EmulatedOpu unit = lab.unit(settings, inputs, outputs, SEED);
      float[] ya = unit.project(a);
      float[] yb = unit.project(b);
      float[] ySum = unit.project(sum);
      float[] yOpposite = unit.project(opposite);
      // The bias is as large as these terms; three products, each rounded as above.
      double terms = removeBias ? 4 : 1;
      for (int i = 0; i < outputs; i++) {
        double size = Math.abs(ya[i]) + Math.abs(yb[i]) + (removeBias ? 0.1 * inputs : 0);
        assertThat((double) ySum[i])
            .isCloseTo((double) ya[i] + yb[i], within(2 * terms * ROUNDINGS * size));
        assertThat(yOpposite[i]).isEqualTo(-ya[i]);
      }
    }
  }
}
