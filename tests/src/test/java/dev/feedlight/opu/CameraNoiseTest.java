package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Stream;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Noise: a normal law by table, keyed by projection, frame and pixel, its variance as stated. */
final class CameraNoiseTest {
  private static final int PIXELS = 20_000;
  private static final long KEY = 0x5EED;

  /** Counts are the bare deviates: no light, unit read noise, nothing rounded. */
  private static final CameraResponse DARK =
      new CameraResponse(1, 1, 0, false, Float.POSITIVE_INFINITY);

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private Sample dark(long key, long projection, int frame) {
    return Sample.of(lab.expose(new int[2 * PIXELS], DARK, key, projection, frame));
  }

  @Test
  void isNormal() {
    Sample z = dark(KEY, 3, 1);
    double draws = PIXELS;
    assertThat(z.mean()).isCloseTo(0, within(Sample.ERRORS / Math.sqrt(draws)));
    assertThat(z.variance()).isCloseTo(1, within(Sample.ERRORS * Math.sqrt(2 / draws)));
    // The table ends at 3.67, which takes 0.01 off the fourth moment.
    assertThat(z.kurtosis()).isCloseTo(3, within(0.02 + Sample.ERRORS * Math.sqrt(24 / draws)));
  }

  @Test
  void isIndependentBetweenFramesProjectionsPixelsAndKeys() {
    Sample z = dark(KEY, 3, 1);
    double[] shifted = new double[PIXELS];
    System.arraycopy(z.values(), 1, shifted, 0, PIXELS - 1);
    shifted[PIXELS - 1] = z.values()[0];
    Sample[] others = {
      dark(KEY, 3, 0),
      dark(KEY, 3, 2),
      dark(KEY, 3, 3),
      dark(KEY, 3, 4),
      dark(KEY, 3, 5),
      dark(KEY, 2, 1),
      dark(KEY, 4, 1),
      dark(KEY, 3 + (1L << 32), 1),
      dark(KEY + 1, 3, 1),
      new Sample(shifted)
    };
    for (int i = 0; i < others.length; i++) {
      assertThat(Math.abs(z.correlation(others[i])))
          .as("stream %d", i)
          .isLessThan(Sample.ERRORS / Math.sqrt(PIXELS));
    }
  }

  @Test
  void repeats() {
    assertThat(dark(KEY, 3, 1).values()).containsExactly(dark(KEY, 3, 1).values());
  }

  /** counts - s = sqrt(shot s + read^2) z, with the z of a dark frame. */
  @Test
  void varianceIsShotTimesSignalPlusReadSquared() {
    int[] field = new int[2 * PIXELS];
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      field[pixel] = pixel % 400;
    }
    float gain = 0.01f;
    float[] z = lab.expose(new int[2 * PIXELS], DARK, KEY, 9, 2);
    for (float[] noise : new float[][] {{0.6f, 0.11f}, {0.6f, 0}, {0, 0.11f}, {3, 2}}) {
      CameraResponse camera =
          new CameraResponse(gain, noise[0], noise[1], false, Float.POSITIVE_INFINITY);
      float[] counts = lab.expose(field, camera, KEY, 9, 2);
      for (int pixel = 0; pixel < PIXELS; pixel++) {
        double s = gain * Math.pow(field[pixel], 2);
        double expected = s + Math.sqrt(noise[1] * s + (double) noise[0] * noise[0]) * z[pixel];
        // Eight fp32 roundings of terms no larger than s plus the noise.
        double size = s + Math.abs(expected - s);
        assertThat((double) counts[pixel]).isCloseTo(expected, within(8 * 0x1p-24 * size));
      }
    }
  }

  @Test
  void ofDefaultCameraIsGivenInEightBitSteps() {
    for (int bits : new int[] {4, 8, 10, 12, 16}) {
      CameraResponse camera = Camera.defaults().withBits(bits).expose(1e6, Sensor.defaults());
      double steps = Math.scalb(1.0, bits) / 256;
      assertThat(camera.readNoise()).isEqualTo((float) (0.6 * steps));
      // var / LSB^2 = shot x signal / LSB: as the LSB shrinks, both numbers grow alike.
      assertThat(camera.shotNoise()).isEqualTo((float) (0.11 * steps));
      assertThat(camera.maxCount()).isEqualTo((float) (256 * steps - 1));
      assertThat(camera.gain()).isEqualTo((float) (64 * steps / 1e6));
    }
  }

  @Test
  void anchorFrameIsNumberFourOfProjectionZero() {
    OpuSettings settings = OpuSettings.defaults();
    int inputs = 40;
    int outputs = 90;
    EmulatedOpu unit = lab.unit(settings, inputs, outputs, 6);
    long key = Philox.deriveKey(6, Stream.CAMERA, 0);
    int[] field = lab.fields(TransmissionMatrix.STORED, inputs, outputs, 6, Patterns.ones(inputs));
    assertThat(lab.expose(field, unit.camera(), key, 0, 4)).containsExactly(unit.anchor());
    assertThat(Arrays.equals(lab.expose(field, unit.camera(), key, 0, 0), unit.anchor())).isFalse();
  }
}
