package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each imperfection of the camera alone does what its name says, and nothing else. */
final class CameraImperfectionTest {
  private static final int MIRRORS = 200;
  private static final int PIXELS = 3000;
  private static final long SEED = 8;

  private final OpticsLab lab = new OpticsLab(2);
  private final byte[] frames = Patterns.binary(4, MIRRORS, 0.9, 3);

  @AfterEach
  void close() {
    lab.close();
  }

  /** A camera that is exposed so that about e^-1 = 37 % of the anchor's pixels saturate. */
  private static Camera bright(boolean quantised, boolean saturates, double read, double shot) {
    return new Camera(8, quantised, saturates, 1, read, shot);
  }

  private float[] seen(Camera camera) {
    return lab.unit(OpuSettings.defaults().withCamera(camera), MIRRORS, PIXELS, SEED)
        .intensity(frames);
  }

  private static int fractions(float[] counts) {
    int found = 0;
    for (float count : counts) {
      found += count != Math.rint(count) ? 1 : 0;
    }
    return found;
  }

  private static float largest(float[] counts) {
    float max = Float.NEGATIVE_INFINITY;
    for (float count : counts) {
      max = Math.max(max, count);
    }
    return max;
  }

  private static float smallest(float[] counts) {
    float min = Float.POSITIVE_INFINITY;
    for (float count : counts) {
      min = Math.min(min, count);
    }
    return min;
  }

  @Test
  void countsAreIntegersFromZeroTo255() {
    float[] counts = seen(bright(true, true, 0.6, 0.11));
    assertThat(fractions(counts)).isZero();
    assertThat(smallest(counts)).isZero();
    assertThat(largest(counts)).isEqualTo(255);
    int saturated = 0;
    for (float count : counts) {
      saturated += count == 255 ? 1 : 0;
    }
    // Mean 0.9 of 256: P(I >= 254.5) = exp(-254.5 / 230.4) = 0.331; four frames share a medium, so
    // the error is that of one frame's pixels. The number of mirrors on varies by 2.4 %.
    double share = Math.exp(-254.5 / (0.9 * 256));
    double error = Math.sqrt(share * (1 - share) / PIXELS);
    assertThat((double) saturated / counts.length)
        .isCloseTo(share, within(Sample.ERRORS * error + 0.02));
  }

  @Test
  void otherResolutionsEndAtTheirFullScale() {
    for (int bits : new int[] {1, 4, 10, 12, 16}) {
      float[] counts = seen(bright(true, true, 0.6, 0.11).withBits(bits));
      assertThat(fractions(counts)).isZero();
      assertThat(largest(counts)).isEqualTo((1 << bits) - 1f);
    }
  }

  @Test
  void withoutSaturationCountsPassFullScale() {
    float[] off = seen(bright(true, false, 0.6, 0.11));
    float[] on = seen(bright(true, true, 0.6, 0.11));
    assertThat(largest(off)).isGreaterThan(1000);
    assertThat(fractions(off)).isZero();
    for (int i = 0; i < on.length; i++) {
      assertThat(on[i]).isEqualTo(Math.min(off[i], 255));
    }
  }

  @Test
  void withoutQuantisationCountsAreFractions() {
    float[] off = seen(bright(false, false, 0.6, 0.11));
    float[] on = seen(bright(true, false, 0.6, 0.11));
    assertThat(fractions(off)).isGreaterThan(off.length * 99 / 100);
    assertThat(smallest(off)).isNegative();
    for (int i = 0; i < on.length; i++) {
      assertThat(on[i]).isEqualTo(Math.max(0, (float) Math.rint(off[i])));
    }
  }

  @Test
  void withoutNoiseTheSameFrameLooksTheSame() {
    EmulatedOpu quiet =
        lab.unit(
            OpuSettings.defaults().withCamera(bright(true, true, 0, 0)), MIRRORS, PIXELS, SEED);
    assertThat(quiet.intensity(frames)).containsExactly(quiet.intensity(frames));
    EmulatedOpu noisy =
        lab.unit(
            OpuSettings.defaults().withCamera(bright(true, true, 0.6, 0)), MIRRORS, PIXELS, SEED);
    assertThat(noisy.intensity(frames)).isNotEqualTo(noisy.intensity(frames));
  }

  @Test
  void anchorIsExposedToTheLevelAskedFor() {
    for (double level : new double[] {0.04, 0.25, 0.5}) {
      Camera camera = new Camera(8, false, false, level, 0, 0);
      EmulatedOpu unit = lab.unit(OpuSettings.defaults().withCamera(camera), MIRRORS, PIXELS, SEED);
      // Not a draw but a definition: fp32 rounding of 3000 counts and of the gain.
      assertThat(Sample.of(unit.anchor()).mean())
          .isCloseTo(256 * level, within(256 * level * 3 * 0x1p-24));
    }
  }

  @Test
  void aBlackFrameShowsNoLight() {
    EmulatedOpu quiet =
        lab.unit(
            OpuSettings.defaults().withCamera(Camera.defaults().withNoise(0, 0)),
            MIRRORS,
            PIXELS,
            SEED);
    assertThat(quiet.intensity(new byte[MIRRORS])).containsOnly(0);
  }
}
