package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.learn.SignalScale;
import dev.feedlight.tensor.ShapeException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets a typed exception with the numbers in it, before anything is changed. */
final class OpuBadInputTest {
  private final OpticsLab lab = new OpticsLab(1);
  private final EmulatedOpu unit = lab.unit(OpuSettings.defaults(), 10, 20, 1);

  @AfterEach
  void close() {
    lab.close();
  }

  /** Refused, and neither the log nor the noise has moved on. */
  private void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
    assertThat(unit.log().frames()).isEqualTo(1);
    assertThat(unit.log().density()).isZero();
    byte[] ternary = Patterns.ternary(1, 10, 0.5, 1);
    assertThat(unit.project(ternary))
        .containsExactly(lab.project(OpuSettings.defaults(), 10, 20, 1, ternary));
  }

  @ParameterizedTest
  @ValueSource(bytes = {2, -1, 127, -128})
  void framesAreZeroOrOne(byte value) {
    byte[] frames = new byte[20];
    frames[13] = value;
    assertRefused(() -> unit.intensity(frames), "entry 13", String.valueOf(value));
  }

  @ParameterizedTest
  @ValueSource(bytes = {2, -2, 127, -128})
  void ternaryVectorsAreTernary(byte value) {
    byte[] vectors = new byte[20];
    Arrays.fill(vectors, (byte) 1);
    vectors[17] = value;
    assertRefused(() -> unit.project(vectors), "entry 17", String.valueOf(value));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 11, 25})
  void lengthsAreWholeVectors(int length) {
    assertRefused(() -> unit.project(new byte[length]), String.valueOf(length), "10");
    assertThatThrownBy(() -> unit.intensity(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(String.valueOf(length), "10");
  }

  @Test
  void pixelsBeyondAnArrayAreRefusedBeforeTheyAreAllocated() {
    assertThatThrownBy(() -> lab.unit(OpuSettings.defaults(), 10, 1_200_000_000, 1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("1200000000", "2219520");
    assertThatThrownBy(() -> lab.unit(OpuSettings.ideal(), 10, 1_200_000_000, 1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("2 x 1200000000", "2400000000", "Java array");
  }

  @Test
  void resultsBeyondAnArrayAreRefused() {
    // 100 000 vectors of one entry onto 30 000 pixels: small going in, 3e9 counts coming out.
    EmulatedOpu wide = lab.unit(OpuSettings.defaults(), 1, 30_000, 1);
    byte[] many = new byte[100_000];
    assertThatThrownBy(() -> wide.intensity(many))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("100000 x 30000", "3000000000");
    assertThatThrownBy(() -> wide.project(many))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("100000 x 30000", "3000000000");
    assertThat(wide.log().frames()).isEqualTo(1);
  }

  @Test
  void vectorsFitTheMirrors() {
    OpuSettings d = OpuSettings.defaults();
    OpuSettings small = d.withDmd(new Dmd(100));
    assertThat(lab.project(small, 100, 3, 1, new byte[100])).hasSize(3);
    assertThatThrownBy(() -> lab.project(small, 101, 3, 1, new byte[101]))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("101", "100");
    assertThatThrownBy(() -> lab.unit(d, 912 * 1140 + 1, 3, 1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("1039681", "1039680");
    assertThatThrownBy(() -> lab.unit(d, 0, 3, 1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("0");
  }

  @Test
  void thereIsAPixel() {
    for (TransmissionMatrix matrix : TransmissionMatrix.values()) {
      OpuSettings settings = OpuSettings.defaults().withMatrix(matrix);
      assertThatThrownBy(() -> lab.unit(settings, 5, 0, 1))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("0 x 5");
    }
  }

  static Stream<Arguments> parameters() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    Camera camera = Camera.defaults();
    return Stream.of(
        bad("camera bits 0", () -> camera.withBits(0), "0"),
        bad("camera bits 17", () -> camera.withBits(17), "17"),
        bad("exposure 0", () -> new Camera(8, true, true, 0, 0, 0), "0.0"),
        bad("exposure below 0", () -> new Camera(8, true, true, -1, 0, 0), "-1.0"),
        bad("exposure above full scale", () -> new Camera(8, true, true, 1.5, 0, 0), "1.5"),
        bad("exposure NaN", () -> new Camera(8, true, true, nan, 0, 0), "NaN"),
        bad("read noise below 0", () -> camera.withNoise(-0.5, 0), "-0.5"),
        bad("read noise NaN", () -> camera.withNoise(nan, 0), "NaN"),
        bad("read noise infinite", () -> camera.withNoise(inf, 0), "Infinity"),
        bad("shot noise below 0", () -> camera.withNoise(0, -0.25), "-0.25"),
        bad("shot noise NaN", () -> camera.withNoise(0, nan), "NaN"),
        bad("shot noise above full scale", () -> camera.withNoise(0, 256), "256"),
        bad("a dark anchor", () -> camera.expose(0, Sensor.defaults()), "Infinity"),
        bad("an anchor that is NaN", () -> camera.expose(nan, Sensor.defaults()), "NaN"),
        bad("floor below 0", () -> new LinearReadout(-1, true), "-1.0"),
        bad("floor NaN", () -> new LinearReadout(nan, true), "NaN"),
        bad("floor infinite", () -> new LinearReadout(inf, true), "Infinity"),
        bad("no mirrors", () -> new Dmd(0), "0"),
        bad("gain NaN", () -> new CameraResponse(Float.NaN, 0, 0, true, 255), "NaN"),
        bad("gain 0", () -> new CameraResponse(0, 0, 0, true, 255), "0.0"),
        bad("noise NaN", () -> new CameraResponse(1, Float.NaN, 0, true, 255), "NaN"),
        bad("full scale NaN", () -> new CameraResponse(1, 0, 0, true, Float.NaN), "NaN"),
        bad("unit NaN", () -> new ReadOut(0, true, Float.NaN), "NaN"),
        bad("unit 0", () -> new ReadOut(0, true, 0), "0.0"),
        bad("kernel floor NaN", () -> new ReadOut(Float.NaN, true, 1), "NaN"),
        bad("signal gain 0", () -> new SignalScale.ErrorNorm(0), "0.0"),
        bad("signal gain NaN", () -> new SignalScale.Calibrated(Float.NaN), "NaN"),
        bad("threshold below 0", () -> new TernaryRule.Absolute(-1), "-1.0"),
        bad("threshold NaN", () -> new TernaryRule.RelativeToRms(Float.NaN), "NaN"),
        bad("fraction 1", () -> new TernaryRule.RelativeToMax(1), "1.0"),
        bad("fraction NaN", () -> new TernaryRule.RelativeToMax(Float.NaN), "NaN"));
  }

  private static Arguments bad(String what, ThrowingCallable call, String number) {
    return Arguments.of(what, call, number);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parameters")
  void parametersHaveRanges(String what, ThrowingCallable call, String number) {
    assertThatThrownBy(call)
        .as(what)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(number);
  }
}
