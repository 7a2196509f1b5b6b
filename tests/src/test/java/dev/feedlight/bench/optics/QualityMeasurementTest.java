package dev.feedlight.bench.optics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.opu.EmulatedOpu;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.PixelSelection;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the maps are made of. */
final class QualityMeasurementTest {
  private static final int INPUTS = 256;
  private static final int OUTPUTS = 1000;
  private static final long SEED = 5;

  private final Device device = CpuDevice.open(1);
  private final ReadoutQuality quality = new ReadoutQuality(device, INPUTS, OUTPUTS, 3, SEED);

  @AfterEach
  void close() {
    device.close();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  @Test
  void knobsAct() {
    ReadoutQuality.Correlations usual = quality.measure(QualitySetting.DEFAULT);
    assertThat(usual.all()).hasSize(3);
    // 0.985 for 2040 pixels of 1016 inputs; fewer vectors and pixels say it less exactly.
    assertThat(mean(usual.all())).isBetween(0.97, 0.995);
    assertThat(mean(usual.selected())).isGreaterThan(mean(usual.all()));
    // e^-0.2 - e^-4 of an exponential law, in 1400 pixels.
    assertThat(usual.share()).isCloseTo(0.80, within(5 * Math.sqrt(0.8 * 0.2 / 1400)));
    assertThat(mean(quality.measure(QualitySetting.DEFAULT.with(QualityKnob.BITS, 2)).all()))
        .isLessThan(mean(usual.all()) - 0.1);
    assertThat(mean(quality.measure(QualitySetting.DEFAULT.with(QualityKnob.DENSITY, 0.02)).all()))
        .isLessThan(mean(usual.all()) - 0.02);
    assertThat(mean(quality.measure(QualitySetting.DEFAULT.with(QualityKnob.NOISE, 8)).all()))
        .isLessThan(mean(usual.all()) - 0.1);
    assertThat(mean(quality.measure(QualitySetting.DEFAULT.with(QualityKnob.NOISE, 0)).all()))
        .isGreaterThan(mean(usual.all()));
    assertThat(
            mean(quality.measure(QualitySetting.DEFAULT.with(QualityKnob.MEAN_ANCHOR, 0.03)).all()))
        .isLessThan(mean(usual.all()) - 0.02);
  }

  @Test
  void tooFewSelectedPixelsSayNothing() {
    QualitySetting coarse =
        QualitySetting.DEFAULT.with(QualityKnob.BITS, 2).with(QualityKnob.MEAN_ANCHOR, 0.02);
    ReadoutQuality.Correlations found = quality.measure(coarse);
    assertThat(found.selected()).isEmpty();
    assertThat(found.share()).isLessThan(0.03);
    for (double correlation : found.all()) {
      assertThat(correlation).isBetween(-1.0, 1.0);
    }
  }

  @Test
  void aUnitWithoutLightSaysNothing() {
    ReadoutQuality.Correlations found =
        quality.measure(
            QualitySetting.DEFAULT.with(QualityKnob.BITS, 1).with(QualityKnob.MEAN_ANCHOR, 0.01));
    assertThat(found.all()).isEmpty();
    assertThat(found.selected()).isEmpty();
    assertThat(found.share()).isZero();
  }

  /** Selecting from a plain unit's pixels is what a unit with selection does. */
  @Test
  void selectedPixelsAreThoseOfAUnitThatSelects() {
    byte[] ternary = new byte[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      ternary[i] = (byte) (i % 3 - 1);
    }
    OpuSettings plain = OpuSettings.defaults();
    OpuSettings selecting =
        plain.withReadout(plain.readout().withSelection(PixelSelection.bright()));
    int region = Math.toIntExact(PixelSelection.bright().region(OUTPUTS));
    try (Scope scope = device.openScope("two units")) {
      EmulatedOpu whole = new EmulatedOpu(device, scope, plain, INPUTS, region, SEED);
      EmulatedOpu bright = new EmulatedOpu(device, scope, selecting, INPUTS, OUTPUTS, SEED);
      int[] numbers = new int[OUTPUTS];
      float[] anchor = whole.anchor();
      int found = 0;
      for (int i = 0; found < OUTPUTS; i++) {
        if (PixelSelection.bright().accepts(anchor[i], whole.camera().maxCount())) {
          numbers[found++] = i;
        }
      }
      assertThat(bright.pixels()).containsExactly(numbers);
      float[] all = whole.project(ternary);
      float[] some = bright.project(ternary);
      for (int i = 0; i < OUTPUTS; i++) {
        assertThat(some[i]).as("output %d", i).isEqualTo(all[numbers[i]]);
      }
    }
  }

  @Test
  void settingsNameAllKnobs() {
    assertThat(QualitySetting.DEFAULT.text())
        .isEqualTo("bits=8 mean_anchor=0.25 noise=1 density=0.3");
    assertThat(QualityFigures.text(0.99951)).isEqualTo("0.9995");
    assertThat(QualityFigures.text(1)).isEqualTo("0.9999");
    assertThat(QualityFigures.text(0.5)).isEqualTo("0.500");
  }

  @Test
  void everyPresetHoldsTheDefaultAndAscends() {
    for (QualityPreset preset :
        new QualityPreset[] {QualityPreset.QUICK, QualityPreset.FULL, QualityPreset.SMOKE}) {
      assertThat(preset.settings()).contains(QualitySetting.DEFAULT);
      for (QualityKnob knob : QualityKnob.values()) {
        assertThat(preset.values(knob)).isSorted().doesNotHaveDuplicates();
      }
    }
  }
}
