package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.opu.BinaryThreshold.Threshold;
import dev.feedlight.tensor.ShapeException;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From numbers to mirrors, and from projected planes back. */
final class EncoderTest {
  private static final float[] ROWS = {0, 1, -2, 4, 0.5f, 3, 1, 1, 7, 0.25f, 1, -2};

  @Test
  void thresholdIsStrict() {
    Encoding encoding = BinaryThreshold.at(1).fit(4);
    assertThat(encoding.binary(ROWS)).containsExactly(0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0);
    assertThat(encoding.planes()).isEqualTo(1);
    assertThat(encoding.patterns()).isEqualTo(1);
    assertThat(encoding.weight(0)).isEqualTo(1);
    assertThat(encoding.ternary(ROWS)).containsExactly(encoding.binary(ROWS));
    assertThat(BinaryThreshold.at(1).fit(ROWS, 4).binary(ROWS))
        .containsExactly(encoding.binary(ROWS));
  }

  @Test
  void meanAndMedianAreThoseOfEachColumn() {
    // Columns: 0, 0.5, 7; 1, 3, 0.25; -2, 1, 1; 4, 1, -2. Means 2.5, 1.42, 0, 1; medians 0.5, 1, 1,
    // 1.
    assertThat(BinaryThreshold.aboveMean().fit(ROWS, 4).binary(ROWS))
        .containsExactly(0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0);
    assertThat(BinaryThreshold.aboveMedian().fit(ROWS, 4).binary(ROWS))
        .containsExactly(0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0);
    // Four rows of three: the median of an even number lies halfway.
    float[] column = {1, 2, 4, 8};
    Encoding even = BinaryThreshold.aboveMedian().fit(column, 1);
    assertThat(even.binary(new float[] {2.9f, 3, 3.1f})).containsExactly(0, 0, 1);
  }

  @Test
  void planesAreBitsWithASign() {
    Encoding encoding = BitPlanes.signed(3).upTo(7).fit(2);
    assertThat(encoding.ternary(new float[] {5, -6, 0.4f, -0.6f}))
        .containsExactly(1, 0, 0, -1, 1, -1, 0, -1, 0, 0, 0, 0);
    assertThat(encoding.binary(new float[] {5, -6}))
        .containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1);
    assertThat(encoding.planes()).isEqualTo(3);
    assertThat(encoding.patterns()).isEqualTo(6);
    assertThat(encoding.weight(2)).isEqualTo(4);
    Encoding unsigned = BitPlanes.unsigned(3).upTo(7).fit(2);
    assertThat(unsigned.patterns()).isEqualTo(3);
    assertThat(unsigned.binary(new float[] {5, 6})).containsExactly(1, 0, 0, 1, 1, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6, 8, 16})
  void roundingErrsByHalfAStep(int bits) {
    float[] rows = new float[700];
    Random random = new Random(bits);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    Encoding encoding = BitPlanes.signed(bits).fit(rows, 70);
    float[] quantised = encoding.quantised(rows);
    float largest = 0;
    for (float value : rows) {
      largest = Math.max(largest, Math.abs(value));
    }
    double step = largest / (Math.scalb(1.0, bits) - 1);
    for (int i = 0; i < rows.length; i++) {
      // Weights and the sum are rounded to fp32.
      assertThat((double) quantised[i])
          .isCloseTo(rows[i], within(step / 2 + 2 * 0x1p-24 * largest));
    }
  }

  @Test
  void numbersBeyondTheScaleCountAsItsEnd() {
    Encoding encoding = BitPlanes.signed(4).fit(new float[] {1, -3}, 2);
    assertThat(encoding.quantised(new float[] {1e30f, -3.5f})).containsExactly(3, -3);
  }

  @Test
  void decodingIsTheWeightedSumOfPlanes() {
    Encoding encoding = BitPlanes.signed(2).upTo(3).fit(5);
    // Two rows, two planes, three outputs.
    float[] projected = {1, 2, 3, 10, 20, 30, -1, 0, 1, 0.5f, 0, -0.5f};
    assertThat(encoding.decode(projected, 3)).containsExactly(21, 42, 63, 0, 0, 0);
  }

  static Stream<Arguments> refusals() {
    float nan = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    Encoding encoding = BitPlanes.unsigned(3).upTo(1).fit(4);
    BinaryThreshold mean = BinaryThreshold.aboveMean();
    return Stream.of(
        bad("bits 0", () -> BitPlanes.signed(0), "0"),
        bad("bits 17", () -> BitPlanes.unsigned(17), "17"),
        bad("largest 0", () -> BitPlanes.signed(3).upTo(0), "0.0"),
        bad("largest below 0", () -> BitPlanes.signed(3).upTo(-2), "-2.0"),
        bad("largest NaN", () -> BitPlanes.signed(3).upTo(nan), "NaN"),
        bad("largest infinite", () -> BitPlanes.signed(3).upTo(inf), "Infinity"),
        bad("steps too small", () -> BitPlanes.signed(6).upTo(1e-38f).fit(1), "1.0E-38 / 63"),
        bad("nothing to scale to", () -> BitPlanes.signed(3).fit(new float[8], 4), "all 8"),
        bad("threshold NaN", () -> new Threshold.At(nan), "NaN"),
        bad("threshold infinite", () -> BinaryThreshold.at(inf), "Infinity"),
        bad(
            "NaN in data",
            () -> mean.fit(new float[] {1, 2, 3, nan}, 2),
            "entry 1 of row 1",
            "NaN"),
        bad("infinite data", () -> BitPlanes.signed(3).fit(new float[] {1, -inf}, 2), "entry 1"),
        bad("NaN in rows", () -> encoding.ternary(new float[] {0, nan, 0, 0}), "entry 1 of row 0"),
        bad("sign in data", () -> BitPlanes.unsigned(3).fit(new float[] {1, -4}, 1), "row 1", "-4"),
        bad("sign in rows", () -> encoding.ternary(new float[] {0, 0, 0, -1}), "entry 3 of row 0"),
        bad("no row", () -> encoding.ternary(new float[0]), "0 entries", "4"),
        bad("half a row", () -> encoding.binary(new float[6]), "6 entries", "4"),
        bad("half a row of data", () -> mean.fit(new float[6], 4), "6 entries", "4"),
        bad("no width", () -> mean.fit(new float[6], 0), "0"),
        bad("half a row of planes", () -> encoding.decode(new float[10], 2), "10", "3 planes of 2"),
        bad("no output", () -> encoding.decode(new float[6], 0), "planes of 0"));
  }

  private static Arguments bad(String what, ThrowingCallable call, String... numbers) {
    return Arguments.of(what, call, numbers);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void badInputIsRefused(String what, ThrowingCallable call, String[] numbers) {
    assertThatThrownBy(call)
        .as(what)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(numbers);
  }

  @Test
  void lengthsAreAboutShapes() {
    Encoding encoding = BinaryThreshold.at(0).fit(4);
    assertThatThrownBy(() -> encoding.ternary(new float[5])).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> encoding.decode(new float[5], 4)).isInstanceOf(ShapeException.class);
  }

  @Test
  void whatIsLearntNeedsData() {
    assertThatThrownBy(() -> BinaryThreshold.aboveMedian().fit(4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("MEDIAN", "fit(rows, inputs)");
    assertThatThrownBy(() -> BitPlanes.signed(6).fit(4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("6 bit planes", "upTo");
  }
}
