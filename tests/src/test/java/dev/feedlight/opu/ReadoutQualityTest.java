package dev.feedlight.opu;

import static dev.feedlight.opu.ReadoutQuality.camera;
import static dev.feedlight.opu.ReadoutQuality.exposed;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What camera, exposure and floor do to the read-out. Means are over 32 vectors; where a bound is
 * claimed, it holds with {@link Sample#ERRORS} standard errors to spare.
 */
final class ReadoutQualityTest {
  private static final double DENSITY = 0.3;

  private final OpticsLab lab = new OpticsLab(2);
  private final ReadoutQuality quality = new ReadoutQuality(lab);

  @AfterEach
  void close() {
    lab.close();
  }

  private static double margin(Sample correlations) {
    return Sample.ERRORS * correlations.deviation() / Math.sqrt(correlations.size());
  }

  private static void assertAtLeast(double bound, Sample correlations) {
    assertThat(correlations.mean() - margin(correlations)).isGreaterThanOrEqualTo(bound);
  }

  private static void assertAtMost(double bound, Sample correlations) {
    assertThat(correlations.mean() + margin(correlations)).isLessThanOrEqualTo(bound);
  }

  @Test
  void defaultUnitReaches0985() {
    assertAtLeast(0.985, quality.correlations(Camera.defaults(), DENSITY));
  }

  @Test
  void fineCountsWithoutSaturationReadOutAlmostExactly() {
    Camera fine = new Camera(16, true, false, 0.25, 0, 0);
    assertAtLeast(0.99999, quality.correlations(fine, 1.0 / 256, DENSITY));
  }

  @Test
  void moreBitsNeverHurt() {
    for (boolean noisy : new boolean[] {false, true}) {
      double last = 0;
      for (int bits : new int[] {2, 4, 6, 8, 10, 12, 16}) {
        Sample correlations = quality.correlations(camera(bits, noisy), DENSITY);
        // The same vectors and noise each time: what is left of the error is the difference's.
        assertThat(correlations.mean()).as("%d bits", bits).isGreaterThan(last - 1e-4);
        last = correlations.mean();
      }
    }
  }

  @Test
  void withoutNoiseSaturationAndFloorAreWhatIsLeft() {
    Camera fine = camera(12, false);
    Camera bottomless = new Camera(12, true, false, fine.meanAnchorLevel(), 0, 0);
    assertAtLeast(0.994, quality.correlations(fine, DENSITY));
    assertAtLeast(0.996, quality.correlations(fine, 1.0 / 16, DENSITY));
    assertAtMost(0.999, quality.correlations(fine, 1.0 / 16, DENSITY));
    assertAtLeast(0.9995, quality.correlations(bottomless, 1.0 / 16, DENSITY));
  }

  /** The default camera on pixels whose anchor is above 5 % of full scale and not saturated. */
  @Test
  void selectedPixelsReach0993() {
    assertAtLeast(0.993, quality.correlations(Camera.defaults(), PixelSelection.bright(), DENSITY));
  }

  /**
   * 12 bits without noise: what selection leaves is saturation in frames other than the anchor. At
   * the default exposure that is 0.9995 to four decimals, over four media 0.9994 to 0.9995; with a
   * little less light nothing is left of it.
   */
  @Test
  void selectedPixelsOfAFineCameraReach09995() {
    Camera fine = camera(12, false);
    PixelSelection bright = PixelSelection.bright();
    Sample usual = quality.correlations(fine, bright, DENSITY);
    assertThat(usual.mean()).isGreaterThan(0.9995);
    assertAtLeast(0.9991, usual);
    assertAtLeast(
        0.9995, quality.correlations(fine.withMeanAnchorLevel(48.0 / 256), bright, DENSITY));
    PixelSelection more = new PixelSelection(1.7, 0.05);
    assertAtLeast(
        0.9999, quality.correlations(fine.withMeanAnchorLevel(32.0 / 256), more, DENSITY));
  }

  /**
   * All pixels reach it too, if the exposure is halved and the floor is one count. Dark pixels make
   * media differ: of eight, seven reach 0.9995 and one 0.9993.
   */
  @Test
  void allPixelsOfAFineCameraReach09995AtHalfTheExposure() {
    OpuSettings settings =
        OpuSettings.defaults()
            .withCamera(camera(12, false).withMeanAnchorLevel(32.0 / 256))
            .withReadout(new LinearReadout(1.0 / 16, true));
    assertAtLeast(0.9995, quality.correlations(settings, DENSITY));
    double sum = 0;
    for (long seed = 1; seed <= 4; seed++) {
      Sample medium = quality.correlations(settings, DENSITY, seed);
      assertAtLeast(0.999, medium);
      sum += medium.mean() / 4;
    }
    assertThat(sum).isGreaterThan(0.9995);
  }

  /** Defects in two of a hundred pixels cost a hundredth; selection does not see them. */
  @Test
  void selectionTakesCareOfDefects() {
    OpuSettings settings =
        OpuSettings.defaults().withSensor(Sensor.defaults().withDefects(0.01, 0.01));
    LinearReadout bright = LinearReadout.defaults().withSelection(PixelSelection.bright());
    assertAtMost(0.983, quality.correlations(settings, DENSITY));
    assertAtLeast(0.993, quality.correlations(settings.withReadout(bright), DENSITY));
  }

  /** Why the floor exists: a dark pixel divided by almost nothing drowns all others. */
  @Test
  void dividingByDarkPixelsFails() {
    assertAtMost(0.5, quality.correlations(camera(8, true), 1e-6, DENSITY));
    assertAtMost(0.5, quality.correlations(camera(8, false), 1e-6, DENSITY));
  }

  /** With the floor off, pixels whose anchor reads 0 give 0: safe, and worse than the floor. */
  @Test
  void leavingDarkPixelsOutIsWorseThanTheFloor() {
    Sample without = quality.correlations(Camera.defaults(), 0, DENSITY);
    Sample with = quality.correlations(Camera.defaults(), DENSITY);
    assertAtLeast(0.98, without);
    assertThat(with.mean() - without.mean()).isGreaterThan(margin(with));
  }

  @Test
  void exposureTooLowOrTooHighHurts() {
    double[] levels = {10, 25, 40, 64};
    for (int i = 1; i < levels.length; i++) {
      assertBetter(levels[i], levels[i - 1], DENSITY);
      assertBetter(levels[i], levels[i - 1], 0.05);
    }
    assertBetter(64, 85, DENSITY);
    assertBetter(85, 128, DENSITY);
    assertBetter(128, 200, DENSITY);
  }

  private void assertBetter(double level, double other, double density) {
    Sample better = quality.correlations(exposed(level), density);
    Sample worse = quality.correlations(exposed(other), density);
    assertThat(better.mean() - worse.mean())
        .as("anchor at %s against %s, density %s", level, other, density)
        .isGreaterThan(margin(better));
  }

  @Test
  void sparserVectorsReadOutWorse() {
    Sample sparse = quality.correlations(Camera.defaults(), 0.05);
    Sample dense = quality.correlations(Camera.defaults(), 0.62);
    assertAtMost(0.97, sparse);
    assertAtLeast(0.95, sparse);
    assertAtLeast(0.99, dense);
  }
}
