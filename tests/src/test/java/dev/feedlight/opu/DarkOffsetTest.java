package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a camera shows without light: it is taken out of the anchor, and it costs range. */
final class DarkOffsetTest {
  private static final int INPUTS = 100;
  private static final int OUTPUTS = 10_000;
  private static final long SEED = 51;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private EmulatedOpu unit(double offset, Camera camera) {
    Sensor sensor = Sensor.defaults().withDarkOffset(offset);
    return lab.unit(
        OpuSettings.defaults().withSensor(sensor).withCamera(camera), INPUTS, OUTPUTS, SEED);
  }

  @ParameterizedTest
  @ValueSource(doubles = {5, 10.25, 200})
  void aDarkFrameShowsIt(double offset) {
    for (int bits : new int[] {8, 12}) {
      Camera camera = Camera.defaults().withBits(bits);
      Sample dark = Sample.of(unit(offset, camera).intensity(new byte[INPUTS]));
      double steps = Math.scalb(1.0, bits - 8);
      // Read noise of 0.6 steps smooths the rounding, of which 1/12 is left, and 1e-3 of a bias.
      double deviation = Math.sqrt(0.36 * steps * steps + 1.0 / 12);
      assertThat(dark.mean())
          .as("%d bits", bits)
          .isCloseTo(offset * steps, within(1e-3 + Sample.ERRORS * deviation / Math.sqrt(OUTPUTS)));
    }
  }

  @Test
  void theAnchorIsFreeOfIt() {
    Camera camera = Camera.defaults().withNoise(0, 0).withSaturation(false);
    float[] without = unit(0, camera).anchor();
    float[] with = unit(10, camera).anchor();
    int others = 0;
    for (int i = 0; i < OUTPUTS; i++) {
      assertThat(with[i]).isCloseTo(without[i], within(1f));
      others += with[i] != without[i] ? 1 : 0;
    }
    // Only where the sum with 10 is rounded to another half: 1e-5 of the pixels.
    assertThat(others).isLessThanOrEqualTo(3);
  }

  /**
   * It cancels in the four frames, and the anchor is free of it. What differs: noise in the dark is
   * no longer cut off at 0. Seen where nothing saturates, on the same vectors and noise.
   */
  @Test
  void itDoesNotBiasTheReadOut() {
    ReadoutQuality quality = new ReadoutQuality(lab);
    OpuSettings unit = OpuSettings.defaults().withCamera(Camera.defaults().withSaturation(false));
    OpuSettings dark = unit.withSensor(Sensor.defaults().withDarkOffset(10));
    Sample without = quality.correlations(unit, 0.3);
    Sample with = quality.correlations(dark, 0.3);
    double error = without.deviation() / Math.sqrt(without.size());
    assertThat(with.mean()).isCloseTo(without.mean(), within(error));
  }

  /** Full scale stays where it is: what the dark takes is missing for light. */
  @Test
  void itCostsRange() {
    ReadoutQuality quality = new ReadoutQuality(lab);
    Sample last = null;
    for (double offset : new double[] {0, 10, 64, 128, 192}) {
      OpuSettings dark =
          OpuSettings.defaults().withSensor(Sensor.defaults().withDarkOffset(offset));
      Sample found = quality.correlations(dark, 0.3);
      if (last != null) {
        assertThat(found.mean()).as("offset %s", offset).isLessThan(last.mean());
      }
      last = found;
    }
    assertThat(last.mean()).isBetween(0.85, 0.92);
  }
}
