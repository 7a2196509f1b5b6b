package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.TransmissionBytes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What calibration reports, against the anchor that the unit shows; and what it refuses. */
final class CalibrationReportTest {
  private static final int INPUTS = 90;
  private static final int OUTPUTS = 1000;
  private static final long SEED = 14;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void numbersAreThoseOfTheRegion() {
    Sensor flawed = Sensor.defaults().withDarkOffset(6).withDefects(0.02, 0.03);
    Dmd dmd = new Dmd(1000, true);
    OpuSettings whole = OpuSettings.defaults().withSensor(flawed).withDmd(dmd);
    OpuSettings settings =
        whole.withReadout(LinearReadout.defaults().withSelection(new PixelSelection(1.5, 0.05)));
    CalibrationReport report = lab.unit(settings, INPUTS, OUTPUTS, SEED).calibration();
    EmulatedOpu region = lab.unit(whole, INPUTS, 1500, SEED);
    float[] anchor = region.anchor();
    long dark = 0;
    long saturated = 0;
    long accepted = 0;
    double sum = 0;
    for (float count : anchor) {
      dark += count <= 1 ? 1 : 0;
      saturated += count >= 255 - 6 ? 1 : 0;
      accepted += count > 0.05 * (255 - 6) && count < 255 - 6 ? 1 : 0;
      sum += count;
    }
    assertThat(report.inputs()).isEqualTo(INPUTS);
    assertThat(report.outputs()).isEqualTo(OUTPUTS);
    assertThat(report.mirrorsPerInput()).isEqualTo(11);
    assertThat(report.unusedMirrors()).isEqualTo(10);
    assertThat(report.region()).isEqualTo(1500);
    assertThat(report.darkPixels()).isEqualTo(dark);
    assertThat(report.saturatedPixels()).isEqualTo(saturated);
    assertThat(report.acceptedPixels()).isEqualTo(accepted);
    assertThat(report.meanAnchor()).isCloseTo(sum / 1500, within(1e-9));
    assertThat(report.fullScale()).isEqualTo(255);
    // Every hot pixel is saturated, every dead one dark.
    assertThat(report.hotPixels()).isBetween(1L, saturated);
    assertThat(report.deadPixels()).isBetween(1L, dark);
    assertThat(report.hotPixels() + report.deadPixels()).isBetween(30L, 130L);
    // Anchors have a mean of 64 counts before defects, of 90 entries of T each.
    double perEntry = region.camera().gain() * Math.pow(TransmissionBytes.SCALE, 2) * 11;
    assertThat(report.gain()).isCloseTo(perEntry, within(1e-9 * perEntry));
    assertThat(report.gain())
        .isCloseTo(64.0 / INPUTS, within(64.0 / INPUTS * Sample.ERRORS / Math.sqrt(1500)));
    assertThat(report.toString())
        .contains("90 inputs of 11 mirrors each, 10 unused", "1,000 of a region of 1,500")
        .contains(report.hotPixels() + " hot, " + report.deadPixels() + " dead");
  }

  @Test
  void anIdealUnitHasNothingToReport() {
    CalibrationReport report = lab.unit(OpuSettings.ideal(), INPUTS, OUTPUTS, SEED).calibration();
    assertThat(report.mirrorsPerInput()).isEqualTo(1);
    assertThat(report.region()).isEqualTo(OUTPUTS);
    assertThat(report.acceptedPixels()).isEqualTo(OUTPUTS);
    assertThat(report.saturatedPixels() + report.darkPixels()).isZero();
    assertThat(report.hotPixels() + report.deadPixels()).isZero();
    assertThat(report.fullScale()).isInfinite();
    assertThat(report.meanAnchor()).isCloseTo(64, within(64 * 3 * 0x1p-24));
    assertThat(report.toString()).contains("full scale off");
  }

  private void assertRefused(OpuSettings settings, String... parts) {
    ThrowingCallable call = () -> lab.unit(settings, INPUTS, 30, SEED);
    assertThatThrownBy(call)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void anAnchorThatIsAllDarkIsRefused() {
    Camera dim = Camera.defaults().withNoise(0, 0).withMeanAnchorLevel(1e-4);
    OpuSettings settings = OpuSettings.defaults().withCamera(dim);
    assertRefused(settings, "all 30 pixels", "dark at", "1.0E-4", "8 bits", "more light");
    // What the message says helps, helps.
    lab.unit(settings.withCamera(dim.withMeanAnchorLevel(0.01)), INPUTS, 30, SEED);
    lab.unit(settings.withCamera(dim.withBits(16)), INPUTS, 30, SEED);
  }

  @Test
  void anAnchorThatIsAllSaturatedIsRefused() {
    Camera bright = Camera.defaults().withMeanAnchorLevel(1);
    Sensor offset = Sensor.defaults().withDarkOffset(254);
    OpuSettings settings = OpuSettings.defaults().withCamera(bright).withSensor(offset);
    assertRefused(settings, "all 30 pixels", "saturated", "offset 254.0", "smaller dark offset");
    // Nothing is left above an offset of full scale: still not a lack of light.
    assertRefused(
        settings.withSensor(offset.withDarkOffset(255)), "saturated", "smaller dark offset");
    lab.unit(settings.withSensor(offset.withDarkOffset(100)), INPUTS, 30, SEED);
  }

  @Test
  void onlyDefectsAreAllDarkOrAllSaturated() {
    Sensor sensor = Sensor.defaults();
    OpuSettings noisy = OpuSettings.defaults();
    OpuSettings quiet = noisy.withCamera(Camera.defaults().withNoise(0, 0));
    assertRefused(quiet.withSensor(sensor.withDefects(0, 1)), "dark");
    assertRefused(noisy.withSensor(sensor.withDefects(1, 0)), "saturated");
  }
}
