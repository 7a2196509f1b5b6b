package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The fp32 functions against double precision, at every 9973rd float; limits and NaN. */
final class LoopsMathTest {
  private static final int STEP = 9973; // prime, so that all mantissas occur

  @FunctionalInterface
  private interface FloatFunction {
    float at(float x);
  }

  /** Checks |f - exact| <= relative |exact| + absolute for |x| in [1e-30, limit], both signs. */
  private static void within(
      FloatFunction f, DoubleUnaryOperator exact, float limit, double relative, double absolute) {
    int last = Float.floatToRawIntBits(limit);
    for (int bits = Float.floatToRawIntBits(1e-30f); bits <= last; bits += STEP) {
      for (float x : new float[] {Float.intBitsToFloat(bits), -Float.intBitsToFloat(bits)}) {
        double expected = exact.applyAsDouble(x);
        double error = Math.abs(f.at(x) - expected);
        double tolerance = relative * Math.abs(expected) + absolute;
        if (!(error <= tolerance)) {
          throw new AssertionError("at " + x + ": " + f.at(x) + " instead of " + expected);
        }
      }
    }
  }

  @Test
  void tanh() {
    within(LoopsMath::tanh, Math::tanh, 100, 4e-7, 0);
    assertThat(LoopsMath.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(LoopsMath.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
    assertThat(LoopsMath.tanh(-0f)).isEqualTo(-0f);
    assertThat(LoopsMath.tanh(Float.MIN_VALUE)).isEqualTo(Float.MIN_VALUE);
    assertThat(LoopsMath.tanh(Float.NaN)).isNaN();
  }

  @Test
  void exp() {
    within(x -> LoopsMath.expOfNegative(-Math.abs(x)), x -> Math.exp(-Math.abs(x)), 87, 2e-7, 0);
    assertThat(LoopsMath.expOfNegative(0)).isEqualTo(1f);
    assertThat(LoopsMath.expOfNegative(-88)).isZero();
    assertThat(LoopsMath.expOfNegative(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(LoopsMath.expOfNegative(Float.NaN)).isNaN();
  }

  @Test
  void sigmoid() {
    within(LoopsMath::sigmoid, x -> 1 / (1 + Math.exp(-x)), 100, 4e-7, 2e-38);
    assertThat(LoopsMath.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(LoopsMath.sigmoid(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(LoopsMath.sigmoid(-0f)).isEqualTo(0.5f);
    assertThat(LoopsMath.sigmoid(Float.NaN)).isNaN();
  }

  @Test
  void gelu() {
    within(LoopsMath::gelu, x -> x * normalDistribution(x), 100, 4e-7, 1e-6);
    assertThat(LoopsMath.gelu(Float.POSITIVE_INFINITY)).isInfinite();
    assertThat(LoopsMath.gelu(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(LoopsMath.gelu(Float.NaN)).isNaN();
  }

  @Test
  void geluGradient() {
    within(
        LoopsMath::geluGradient,
        x -> normalDistribution(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI),
        100,
        0,
        1e-6);
    assertThat(LoopsMath.geluGradient(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(LoopsMath.geluGradient(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(LoopsMath.geluGradient(0)).isEqualTo(0.5f);
    assertThat(LoopsMath.geluGradient(Float.NaN)).isNaN();
  }

  /** Series for the middle, continued fraction for the tails; good to 1e-15. */
  private static double normalDistribution(double z) {
    double size = Math.abs(z);
    double density = Math.exp(-size * size / 2) / Math.sqrt(2 * Math.PI);
    double tail;
    if (size < 4) {
      double sum = 0;
      double term = size;
      for (int k = 1; k < 200; k++) {
        sum += term;
        term *= size * size / (2 * k + 1);
      }
      tail = 0.5 - density * sum;
    } else {
      double fraction = size;
      for (int k = 60; k > 0; k--) {
        fraction = size + k / fraction;
      }
      tail = density / fraction;
    }
    return z < 0 ? tail : 1 - tail;
  }
}
