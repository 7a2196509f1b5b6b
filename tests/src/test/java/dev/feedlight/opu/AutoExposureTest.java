package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Raw frames: each exposed by itself, or all as the anchor was. */
final class AutoExposureTest {
  private static final int INPUTS = 400;
  private static final int OUTPUTS = 10_000;
  private static final long SEED = 61;

  /** Standard error of a mean of exponential counts, as a fraction of it. */
  private static final double ERROR = 1 / Math.sqrt(OUTPUTS);

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private EmulatedOpu bottomless(double level) {
    Camera camera = new Camera(8, false, false, level, 0, 0);
    return lab.unit(OpuSettings.defaults().withCamera(camera), INPUTS, OUTPUTS, SEED);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.25})
  void everyFrameHasTheMeanOfTheAnchor(double level) {
    EmulatedOpu unit = bottomless(level);
    for (int lit : new int[] {1, 10, 100, 399, 400}) {
      Sample frame = Sample.of(unit.autoExposed(Patterns.firstOnes(lit, INPUTS)));
      assertThat(frame.mean())
          .as("%d mirrors", lit)
          .isCloseTo(256 * level, within(256 * level * Sample.ERRORS * ERROR));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100, 399})
  void atTheCalibratedExposureLightIsProportionalToMirrors(int lit) {
    Sample frame = Sample.of(bottomless(0.25).intensity(Patterns.firstOnes(lit, INPUTS)));
    // The anchor's mean, which is 64 by definition, has its own speckle.
    double expected = 64.0 * lit / INPUTS;
    assertThat(frame.mean())
        .isCloseTo(expected, within(expected * Sample.ERRORS * Math.sqrt(2) * ERROR));
  }

  /** With 8 bits, a few mirrors of many leave no light at the anchor's exposure. */
  @Test
  void fewMirrorsAreSeenOnlyByThemselves() {
    EmulatedOpu unit = lab.unit(OpuSettings.defaults(), INPUTS, OUTPUTS, SEED);
    byte[] one = Patterns.firstOnes(1, INPUTS);
    assertThat(Sample.of(unit.intensity(one)).mean()).isLessThan(1);
    // Saturation takes e^-4 of the mean, 1.8 %.
    assertThat(Sample.of(unit.autoExposed(one)).mean()).isBetween(60.0, 64.0);
  }

  @Test
  void aDarkFrameStaysDark() {
    EmulatedOpu unit = bottomless(0.25);
    assertThat(unit.autoExposed(new byte[INPUTS])).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(
      value = TransmissionMatrix.class,
      names = {"PROCEDURAL", "STORED", "GAUSSIAN32"})
  void framesDoNotMindTheirBatch(TransmissionMatrix matrix) {
    OpuSettings settings = OpuSettings.defaults().withMatrix(matrix);
    int outputs = 130;
    EmulatedOpu unit = lab.unit(settings, INPUTS, outputs, SEED);
    EmulatedOpu other = lab.unit(settings, INPUTS, outputs, SEED);
    byte[] frames = Patterns.binary(4, INPUTS, 0.3, 1);
    float[] whole = unit.autoExposed(frames);
    for (int i = 0; i < 4; i++) {
      float[] one = other.autoExposed(Arrays.copyOfRange(frames, i * INPUTS, (i + 1) * INPUTS));
      assertThat(one).containsExactly(Arrays.copyOfRange(whole, i * outputs, (i + 1) * outputs));
    }
    assertThat(unit.log().frames()).isEqualTo(5);
  }
}
