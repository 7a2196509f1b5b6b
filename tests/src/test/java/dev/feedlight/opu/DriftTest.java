package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A medium that changes, as a function of the projection number alone. */
final class DriftTest {
  private static final int INPUTS = 150;
  private static final int OUTPUTS = 4000;
  private static final long SEED = 12;
  private static final Drift DRIFT = new Drift(1000, 0);

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private static Medium.Request medium(TransmissionMatrix matrix) {
    return new Medium.Request(matrix, DRIFT, INPUTS, 1, OUTPUTS, SEED);
  }

  @ParameterizedTest
  @EnumSource(names = {"PROCEDURAL", "STORED", "GAUSSIAN32"})
  void fieldsForgetExponentially(TransmissionMatrix matrix) {
    byte[] pattern = Patterns.ternary(1, INPUTS, 0.5, 1);
    float[] start = lab.realFields(medium(matrix), OUTPUTS, pattern, 0);
    Sample fresh = Sample.of(start);
    for (long projection : new long[] {1, 100, 500, 1000, 3000, 100_000}) {
      Sample later = Sample.of(lab.realFields(medium(matrix), OUTPUTS, pattern, projection));
      double expected = Math.exp(-projection / 1000.0);
      // Sampling error of a correlation of 2 x 4000 pairs; the power stays.
      double error = Sample.ERRORS * (1 - expected * expected) / Math.sqrt(2.0 * OUTPUTS);
      assertThat(later.correlation(fresh))
          .as("projection %d", projection)
          .isCloseTo(expected, within(error + 1e-6));
      assertThat(later.variance() / fresh.variance())
          .isCloseTo(1, within(Sample.ERRORS * Math.sqrt(2.0 / OUTPUTS)));
    }
  }

  /**
   * A projection forgets faster than the medium: its phase is that of the anchor, which drifts too.
   * Two complex normal fields of correlation c have phases with E cos = (pi / 4) c F(1/2, 1/2; 2;
   * c^2), so projections correlate by c E cos, once the mean of the real matrix is out.
   */
  @ParameterizedTest
  @ValueSource(longs = {10, 100, 300, 1000, 2000})
  void projectionsForgetTheirPhasesToo(long projection) {
    byte[] ternary = Patterns.ternary(1, INPUTS, 0.5, 1);
    OpuSettings settings =
        OpuSettings.ideal().withDrift(DRIFT).withReadout(new LinearReadout(0, true));
    EmulatedOpu unit = lab.unit(settings, INPUTS, OUTPUTS, SEED);
    Sample fresh = Sample.of(lab.projectAt(unit, 0, ternary));
    Sample later = Sample.of(lab.projectAt(unit, projection, ternary));
    double c = Math.exp(-projection / 1000.0);
    double expected = c * Math.PI / 4 * c * hypergeometric(c * c);
    assertThat(later.correlation(fresh))
        .isCloseTo(expected, within(Sample.ERRORS / Math.sqrt(OUTPUTS)));
    assertThat(expected).isLessThan(c);
    assertThat(later.variance() / fresh.variance())
        .isCloseTo(1, within(Sample.ERRORS * Math.sqrt(4.0 / OUTPUTS)));
  }

  /** F(1/2, 1/2; 2; z), by its series: terms fall as z^n / n^2. */
  private static double hypergeometric(double z) {
    double term = 1;
    double sum = 0;
    for (int n = 0; n < 100_000; n++) {
      sum += term;
      term *= (n + 0.5) * (n + 0.5) / ((n + 2.0) * (n + 1)) * z;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, 100})
  void whatCameBeforeDoesNotMatter(long recalibration) {
    OpuSettings settings = OpuSettings.defaults().withDrift(new Drift(50, recalibration));
    byte[] ternary = Patterns.ternary(3, INPUTS, 0.3, 1);
    int outputs = 300;
    long[] moments = {0, 6, 7, 20, 99, 100, 101, 3};
    float[][] fresh = new float[moments.length][];
    for (int i = 0; i < moments.length; i++) {
      EmulatedOpu unit = lab.unit(settings, INPUTS, outputs, SEED);
      fresh[i] = lab.projectAt(unit, moments[i], ternary);
    }
    EmulatedOpu unit = lab.unit(settings, INPUTS, outputs, SEED);
    for (int next : new int[] {5, 0, 7, 2, 0, 1, 6, 4, 3, 0}) {
      assertThat(lab.projectAt(unit, moments[next], ternary))
          .as("projection %d", moments[next])
          .containsExactly(fresh[next]);
    }
  }

  /**
   * Calibration and recalibration at projection 0 see the same anchor, whatever the camera. Fields
   * of so many mirrors have squares beyond 2^24, which fp32 rounds and integers do not.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstAnchorIsOneOfMany(boolean ideal) {
    OpuSettings unit = ideal ? OpuSettings.ideal() : OpuSettings.defaults();
    EmulatedOpu drifting = lab.unit(unit.withDrift(new Drift(50, 10)), 20_000, 1000, SEED);
    float[] first = drifting.anchor();
    drifting.advance(10);
    assertThat(drifting.anchor()).isNotEqualTo(first);
    drifting.advance(9);
    assertThat(drifting.anchor()).containsExactly(first);
  }

  /**
   * An old anchor divides by the wrong numbers; a new one brings the quality back. Both at
   * projection 500, where the medium has correlation 0.61 with that of the beginning.
   */
  @Test
  void recalibrationRestoresTheReadOut() {
    byte[] ternary = Patterns.ternary(ReadoutQuality.VECTORS, INPUTS, 0.3, 1);
    double young = quality(new Drift(1000, 0), 0, ternary);
    double old = quality(new Drift(1000, 0), 500, ternary);
    double renewed = quality(new Drift(1000, 250), 500, ternary);
    double late = quality(new Drift(1000, 250), 549, ternary);
    // Media differ by less than 0.001 in quality (four of them); the anchor of 49 projections ago
    // has correlation 0.95.
    assertThat(renewed).isCloseTo(young, within(0.004));
    assertThat(old).isLessThan(young - 0.05);
    assertThat(late).isBetween(old, renewed);
  }

  private double quality(Drift drift, long projection, byte[] ternary) {
    OpuSettings exact =
        OpuSettings.ideal().withDrift(drift).withReadout(new LinearReadout(0, true));
    OpuSettings settings = OpuSettings.defaults().withDrift(drift);
    int outputs = 2000;
    float[] expected = lab.projectAt(lab.unit(exact, INPUTS, outputs, SEED), projection, ternary);
    float[] found = lab.projectAt(lab.unit(settings, INPUTS, outputs, SEED), projection, ternary);
    return Sample.of(found).correlation(Sample.of(expected));
  }

  @Test
  void withoutDriftRecalibrationIsNothing() {
    byte[] ternary = Patterns.ternary(3, INPUTS, 0.3, 1);
    EmulatedOpu still = lab.unit(OpuSettings.defaults(), INPUTS, 300, SEED);
    Drift never = new Drift(Double.POSITIVE_INFINITY, 2);
    EmulatedOpu recalibrated = lab.unit(OpuSettings.defaults().withDrift(never), INPUTS, 300, SEED);
    for (int i = 0; i < 3; i++) {
      assertThat(recalibrated.project(ternary)).containsExactly(still.project(ternary));
    }
    assertThat(recalibrated.anchor()).containsExactly(still.anchor());
    assertThat(recalibrated.log().frames()).isEqualTo(still.log().frames());
  }

  /** A drifting medium that is young is the medium without drift, up to fp32 fields. */
  @Test
  void atItsBeginningItIsTheMediumThatStays() {
    byte[] ternary = Patterns.ternary(2, INPUTS, 0.3, 1);
    float[] still = lab.project(OpuSettings.ideal(), INPUTS, 300, SEED, ternary);
    EmulatedOpu drifting =
        lab.unit(OpuSettings.ideal().withDrift(new Drift(1e9, 0)), INPUTS, 300, SEED);
    float[] young = lab.projectAt(drifting, 0, ternary);
    for (int i = 0; i < still.length; i++) {
      // Integers below 2^24 are exact in fp32; products and their sum are rounded, and they may
      // cancel: 16 roundings of a projection of size sqrt(45) = 6.7.
      assertThat(young[i]).isCloseTo(still[i], within((float) (16 * 0x1p-24 * 5 * 6.7)));
    }
  }

  @Test
  void directUseDriftsAndCountsCalibrations() {
    byte[] ternary = Patterns.ternary(1, INPUTS, 0.3, 1);
    OpuSettings settings = OpuSettings.defaults().withDrift(new Drift(20, 4));
    EmulatedOpu unit = lab.unit(settings, INPUTS, 100, SEED);
    EmulatedOpu other = lab.unit(settings, INPUTS, 100, SEED);
    for (int projection = 0; projection < 10; projection++) {
      assertThat(unit.project(ternary)).containsExactly(lab.projectAt(other, projection, ternary));
    }
    // Ten projections of four frames; anchors at 0, 4 and 8.
    assertThat(unit.log().frames()).isEqualTo(43);
  }
}
