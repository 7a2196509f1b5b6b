package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.feedlight.selftest.Comparison;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparison itself, where comparisons go wrong: NaN, infinities, -0, nothing at all. */
final class ComparisonTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, true",
    "1, 1.5, 0.5, true",
    "1, 1.5, 0.25, false",
    "-1, 1, 1.9, false",
    "0, -0, 0, true",
    "NaN, NaN, 0, true",
    "NaN, 1, 1e30, false",
    "1, NaN, 1e30, false",
    "Infinity, NaN, 1e30, false",
    "Infinity, Infinity, 0, true",
    "-Infinity, -Infinity, 0, true",
    "Infinity, -Infinity, 1e30, false",
    "Infinity, 1e300, 1e308, false",
    "1e300, Infinity, 1e308, false",
    "1, 2, NaN, false",
    "1, 2, Infinity, false",
    "1, NaN, Infinity, false",
    "1, Infinity, Infinity, false",
    "1, NaN, NaN, false",
    "1, 2, -1, false",
    "1, 1, NaN, true",
  })
  void absoluteError(double expected, double actual, double bound, boolean passes) {
    Comparison comparison = Comparison.of(new double[] {expected}, new double[] {actual}, bound);

    assertThat(comparison.passed()).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 0",
    "1, 1.0000001, 1",
    "0, -0, 1",
    "-0, 0, 1",
    "-0, -0, 0",
    "0, 1.4e-45, 1",
    "-1.4e-45, 1.4e-45, 3",
    "NaN, NaN, 0",
    "NaN, 1, NaN",
    "1, NaN, NaN",
    "Infinity, Infinity, 0",
    "Infinity, 3.4028235e38, 1",
    "-Infinity, Infinity, 4278190081",
  })
  void bits(float expected, float actual, double unitsInTheLastPlace) {
    Comparison comparison = Comparison.ofBits(new float[] {expected}, new float[] {actual});

    assertThat(comparison.error()).isEqualTo(Double.valueOf(unitsInTheLastPlace));
    assertThat(comparison.passed()).isEqualTo(unitsInTheLastPlace == 0);
  }

  @Test
  void nanOfAnyPayloadAgree() {
    float other = Float.intBitsToFloat(0x7FC0BEEF);

    assertThat(Comparison.ofBits(new float[] {Float.NaN}, new float[] {other}).passed()).isTrue();
  }

  @Test
  void integersDifferByOne() {
    int[] expected = {Integer.MIN_VALUE, 3, Integer.MAX_VALUE};
    int[] actual = {Integer.MIN_VALUE, 3, Integer.MAX_VALUE - 1};

    assertThat(Comparison.ofIntegers(expected, expected.clone()).passed()).isTrue();
    Comparison comparison = Comparison.ofIntegers(expected, actual);
    assertThat(comparison.passed()).isFalse();
    assertThat(comparison.index()).isEqualTo(2);
    assertThat(comparison.error()).isEqualTo(1);
  }

  @Test
  void theWorstElementIsReported() {
    double[] expected = {1, 2, 3, 4};
    double[] actual = {1.5, 2.25, 3, 4.125};
    double[] bounds = {1, 1, 1, 0.25};

    Comparison ratio = Comparison.of(expected, actual, bounds);
    assertThat(ratio.passed()).isTrue();
    assertThat(ratio.index()).isZero();
    assertThat(ratio.error()).isEqualTo(0.5);

    bounds[1] = 0.125;
    Comparison failed = Comparison.of(expected, actual, bounds);
    assertThat(failed.passed()).isFalse();
    assertThat(failed.index()).isEqualTo(1);
    assertThat(failed.expected()).isEqualTo(2);
    assertThat(failed.actual()).isEqualTo(2.25);
    assertThat(failed.bound()).isEqualTo(0.125);
  }

  @Test
  void nanIsWorseThanAnyNumber() {
    double[] expected = {1, 1, 1};
    double[] actual = {1e9, Double.NaN, -1e9};

    assertThat(Comparison.of(expected, actual, 1).index()).isEqualTo(1);
    assertThat(Comparison.of(actual, expected, 1).index()).isEqualTo(1);
  }

  @Test
  void nothingAndDifferentLengthsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Comparison.of(new double[0], new double[0], 1))
        .withMessageContaining("empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Comparison.ofBits(new float[0], new float[0]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Comparison.ofIntegers(new int[] {1, 2}, new int[] {1}))
        .withMessage("1 values found, 2 expected");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Comparison.of(new double[2], new double[2], new double[1]))
        .withMessage("1 bounds for 2 values");
  }
}
