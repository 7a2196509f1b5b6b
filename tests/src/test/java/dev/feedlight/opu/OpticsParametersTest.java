package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.tensor.ShapeException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranges of chip, selection, drift and mirrors: see OpuBadInputTest for the others. */
final class OpticsParametersTest {
  static Stream<Arguments> parameters() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    Sensor sensor = Sensor.defaults();
    return Stream.of(
        bad("no pixel", () -> sensor.withPixels(0), "0"),
        bad("pixels below 0", () -> sensor.withPixels(-5), "-5"),
        bad("dark offset below 0", () -> sensor.withDarkOffset(-1), "-1.0"),
        bad("dark offset of full scale", () -> sensor.withDarkOffset(256), "256.0"),
        bad("dark offset NaN", () -> sensor.withDarkOffset(nan), "NaN"),
        bad("hot below 0", () -> sensor.withDefects(-0.1, 0), "-0.1"),
        bad("dead below 0", () -> sensor.withDefects(0, -0.1), "-0.1"),
        bad("more defects than pixels", () -> sensor.withDefects(0.6, 0.5), "0.6 and 0.5"),
        bad("hot NaN", () -> sensor.withDefects(nan, 0), "NaN"),
        bad("dead NaN", () -> sensor.withDefects(0, nan), "NaN"),
        bad("oversampling below 1", () -> new PixelSelection(0.99, 0), "0.99"),
        bad("oversampling NaN", () -> new PixelSelection(nan, 0), "NaN"),
        bad("oversampling infinite", () -> new PixelSelection(inf, 0), "Infinity"),
        bad("level below 0", () -> new PixelSelection(2, -0.1), "-0.1"),
        bad("level of full scale", () -> new PixelSelection(2, 1), "1.0"),
        bad("level NaN", () -> new PixelSelection(2, nan), "NaN"),
        bad("drift at once", () -> new Drift(0, 0), "0.0"),
        bad("drift backwards", () -> new Drift(-3, 0), "-3.0"),
        bad("drift NaN", () -> new Drift(nan, 0), "NaN"),
        bad("recalibration below 0", () -> new Drift(10, -1), "-1"),
        bad("no mirrors", () -> new Dmd(0, true), "0"),
        bad("mirrors below 0", () -> new Dmd(-7, true), "-7"),
        bad("dark response below 0", () -> response(-1), "-1.0"),
        bad("dark response NaN", () -> response(Float.NaN), "NaN"),
        bad("dark response infinite", () -> response(Float.POSITIVE_INFINITY), "Infinity"));
  }

  private static CameraResponse response(float darkOffset) {
    return new CameraResponse(1, 0, 0, darkOffset, true, 255);
  }

  private static Arguments bad(String what, ThrowingCallable call, String number) {
    return Arguments.of(what, call, number);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parameters")
  void haveRanges(String what, ThrowingCallable call, String number) {
    assertThatThrownBy(call)
        .as(what)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(number);
  }

  @Test
  void edgesAreAllowed() {
    assertThat(Sensor.defaults().withDefects(0.5, 0.5).hasDefects()).isTrue();
    assertThat(Sensor.defaults().hasDefects()).isFalse();
    assertThat(new PixelSelection(1, 0).selects()).isFalse();
    assertThat(PixelSelection.bright().selects()).isTrue();
    assertThat(PixelSelection.bright().region(2040)).isEqualTo(2856);
    assertThat(Drift.NONE.drifts()).isFalse();
    assertThat(new Drift(1e-3, 0).drifts()).isTrue();
    assertThat(response(3).ideal()).isFalse();
  }

  /** Long after, the medium is the other one: weights are 0 and 1, and stay. */
  @Test
  void driftEnds() {
    Drift drift = new Drift(10, 0);
    assertThat(drift.weights(0)).containsExactly(1, 0);
    assertThat(drift.weights(Long.MAX_VALUE)).containsExactly(0, 1);
    assertThat(drift.correlation(10)).isEqualTo(Math.exp(-1));
  }

  @Test
  void vectorsFitTheMirrors() {
    Dmd dmd = new Dmd(100, true);
    dmd.require(100);
    for (long inputs : new long[] {0, -1, 101}) {
      assertThatThrownBy(() -> dmd.require(inputs))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll(String.valueOf(inputs), "100");
    }
    assertThatThrownBy(() -> Sensor.defaults().withPixels(10).require(11))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("11", "10");
  }
}
