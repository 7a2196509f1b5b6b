package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.TransmissionBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Inputs that several mirrors show together. */
final class MacropixelTest {
  private static final long SEED = 81;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private static Medium.Request request(int inputs, int mirrors, int outputs) {
    return new Medium.Request(
        TransmissionMatrix.PROCEDURAL, Drift.NONE, inputs, mirrors, outputs, SEED);
  }

  /** Sums of integers below 2^24 are exact in fp32. */
  @ParameterizedTest
  @CsvSource({"1, 2", "13, 37", "64, 8", "100, 64", "20, 513"})
  void fieldIsThatOfAllItsMirrors(int inputs, int mirrors) {
    int outputs = 70;
    byte[] pattern = Patterns.ternary(3, inputs, 0.6, 1);
    byte[] spread = new byte[pattern.length * mirrors];
    for (int i = 0; i < spread.length; i++) {
      spread[i] = pattern[i / mirrors];
    }
    float[] fields = lab.realFields(request(inputs, mirrors, outputs), outputs, pattern, 0);
    int[] exact =
        lab.fields(TransmissionMatrix.PROCEDURAL, inputs * mirrors, outputs, SEED, spread);
    for (int i = 0; i < fields.length; i++) {
      assertThat(fields[i]).isEqualTo((float) exact[i]);
    }
  }

  @ParameterizedTest
  @CsvSource({"2", "37", "200"})
  void varianceOfEntriesIsThatOfAMirrorTimesMirrors(int mirrors) {
    Sample entries = Sample.of(lab.entries(request(50, mirrors, 400), 400));
    double expected = mirrors * Math.pow(TransmissionBytes.SCALE, 2) / 2;
    assertThat(entries.variance())
        .isCloseTo(expected, within(Sample.ERRORS * expected * Math.sqrt(2.0 / entries.size())));
  }

  @Test
  void mirrorsAreSharedOut() {
    Dmd dmd = new Dmd(1000, true);
    assertThat(dmd.mirrorsPerInput(13)).isEqualTo(76);
    assertThat(dmd.unusedMirrors(13)).isEqualTo(12);
    assertThat(dmd.mirrorsPerInput(1000)).isEqualTo(1);
    assertThat(dmd.mirrorsPerInput(501)).isEqualTo(1);
    assertThat(dmd.unusedMirrors(501)).isEqualTo(499);
    assertThat(dmd.withMacropixels(false).mirrorsPerInput(13)).isEqualTo(1);
    assertThat(dmd.withMacropixels(false).unusedMirrors(13)).isEqualTo(987);
    CalibrationReport report =
        lab.unit(OpuSettings.defaults().withDmd(dmd), 13, 50, SEED).calibration();
    assertThat(report.mirrorsPerInput()).isEqualTo(76);
    assertThat(report.unusedMirrors()).isEqualTo(12);
  }

  /** In units of one entry's variance nothing has changed: E y^2 = 1 for one input. */
  @ParameterizedTest
  @EnumSource(
      value = TransmissionMatrix.class,
      names = {"PROCEDURAL", "STORED"})
  void projectionsHaveTheirUsualStatistics(TransmissionMatrix matrix) {
    int inputs = 64;
    int outputs = 2048;
    byte[] unitVectors = new byte[inputs * inputs];
    for (int i = 0; i < inputs; i++) {
      unitVectors[i * (inputs + 1)] = 1;
    }
    OpuSettings settings =
        OpuSettings.ideal()
            .withMatrix(matrix)
            .withDmd(new Dmd(64 * 25 + 7, true))
            .withReadout(new LinearReadout(0, true));
    Sample y = Sample.of(lab.project(settings, inputs, outputs, SEED, unitVectors));
    assertThat(y.variance())
        .isCloseTo(1 - 1.0 / inputs, within(Sample.ERRORS * Math.sqrt(2.0 / y.size())));
    assertThat(y.kurtosis()).isCloseTo(3, within(Sample.ERRORS * Math.sqrt(24.0 / y.size())));
    EmulatedOpu unit = lab.unit(settings, inputs, outputs, SEED);
    Sample light = Sample.of(unit.intensity(Patterns.firstOnes(20, inputs)));
    // Counts per unit of |T x|^2, entries of T having variance 1: 20 inputs are 20.
    double mean = light.mean() / unit.calibration().gain();
    assertThat(mean).isCloseTo(20, within(20 * Sample.ERRORS / Math.sqrt(outputs)));
  }

  /** Media differ among each other by 0.0007 (four of each kind). */
  @Test
  void readsOutAsWellAsSingleMirrors() {
    ReadoutQuality quality = new ReadoutQuality(lab);
    OpuSettings settings = OpuSettings.defaults();
    Sample single = quality.correlations(settings, 0.3);
    Dmd dmd = new Dmd(ReadoutQuality.INPUTS * 20L, true);
    Sample many = quality.correlations(settings.withDmd(dmd), 0.3);
    assertThat(many.mean()).isCloseTo(single.mean(), within(Sample.ERRORS * Math.sqrt(2) * 0.0007));
  }

  @Test
  void theUnitOf2020SpreadsItsInputs() {
    OpuSettings unit = OpuPreset.named("lighton-2020").settings();
    assertThat(lab.unit(unit, 900, 10, SEED).calibration().mirrorsPerInput()).isEqualTo(1155);
  }

  @Test
  void floatsHaveNoMirrorsToAddUp() {
    OpuSettings settings =
        OpuSettings.defaults()
            .withMatrix(TransmissionMatrix.GAUSSIAN32)
            .withDmd(new Dmd(100, true));
    assertThatThrownBy(() -> lab.unit(settings, 50, 10, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("macropixels", "gaussian32");
    // One mirror per input is no macropixel.
    assertThat(lab.project(settings, 51, 10, SEED, new byte[51])).hasSize(10);
  }
}
