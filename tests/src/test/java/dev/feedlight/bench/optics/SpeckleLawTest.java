package dev.feedlight.bench.optics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.data.DataException;
import dev.feedlight.device.CameraResponse;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exponential law through a camera, against draws and against formulas. */
final class SpeckleLawTest {
  private static final int PIXELS = 40_000;

  private static CameraResponse camera(int bits, double offset) {
    return new CameraResponse(1, 0, 0, (float) offset, true, (1 << bits) - 1);
  }

  private static CameraResponse without() {
    return new CameraResponse(1, 0, 0, false, Float.POSITIVE_INFINITY);
  }

  private static float[] draws(double mean, CameraResponse camera) {
    Random random = new Random(3);
    float[] counts = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      double light = -mean * Math.log1p(-random.nextDouble());
      counts[i] =
          camera.quantised()
              ? (float) Math.min(Math.rint(light + camera.darkOffset()), camera.maxCount())
              : (float) light;
    }
    return counts;
  }

  private static double contrast(float[] counts, double offset) {
    double mean = 0;
    for (float count : counts) {
      mean += count / PIXELS;
    }
    double variance = 0;
    for (float count : counts) {
      variance += Math.pow(count - mean, 2) / PIXELS;
    }
    return Math.sqrt(variance) / (mean - offset);
  }

  @ParameterizedTest
  @CsvSource({"8,64,0", "8,200,0", "8,64,20.25", "2,1,0", "4,4,0.7", "12,1024,0", "1,0.5,0"})
  void drawsAreExpected(int bits, double mean, double offset) {
    CameraResponse camera = camera(bits, offset);
    float[] counts = draws(mean, camera);
    SpeckleLaw law = SpeckleLaw.of(counts, camera);
    double[] all = new double[(1 << bits)];
    Arrays.setAll(all, law::probability);
    assertThat(Arrays.stream(all).sum()).isCloseTo(1, within(1e-9));
    // The mean of M draws is off by mean / sqrt(M); cutting and coarse counts lose less than half
    // of what they know.
    assertThat(law.mean()).isCloseTo(mean, within(5 * 2 * mean / Math.sqrt(PIXELS)));
    assertThat(contrast(counts, offset))
        .isCloseTo(law.contrast(), within(5 * law.contrastError(PIXELS)));
    long full = 0;
    for (float count : counts) {
      full += count >= camera.maxCount() ? 1 : 0;
    }
    double share = law.saturated();
    assertThat((double) full / PIXELS)
        .isCloseTo(share, within(5 * Math.sqrt(share * (1 - share) / PIXELS) + 1e-9));
  }

  @Test
  void withoutACameraItIsTheExponentialLaw() {
    float[] counts = draws(7, without());
    SpeckleLaw law = SpeckleLaw.of(counts, without());
    assertThat(law.contrast()).isCloseTo(1, within(1e-12));
    assertThat(law.contrastError(PIXELS)).isCloseTo(1 / Math.sqrt(PIXELS), within(1e-12));
    assertThat(law.saturated()).isZero();
    assertThat(contrast(counts, 0)).isCloseTo(1, within(5 / Math.sqrt(PIXELS)));
  }

  /** E min(I, a) = 1 - e^-a, E min(I, a)^2 = 2 (1 - (1 + a) e^-a) at mean 1. */
  @Test
  void cuttingOffLowersTheContrastByTheFormula() {
    SpeckleLaw law = new SpeckleLaw(16_384, camera(16, 0));
    double a = 65_535 / 16_384.0;
    double mean = -Math.expm1(-a);
    double square = 2 * (1 - (1 + a) * Math.exp(-a));
    assertThat(law.contrast())
        .isCloseTo(Math.sqrt(square - mean * mean) / mean, within(1e-4)); // rounding to counts
  }

  @Test
  void noiseRaisesTheContrast() {
    SpeckleLaw quiet = new SpeckleLaw(64, camera(8, 0));
    SpeckleLaw noisy = new SpeckleLaw(64, new CameraResponse(1, 4, 0.5f, true, 255));
    assertThat(noisy.contrast()).isGreaterThan(quiet.contrast() + 0.003);
  }

  @Test
  void aFrameWithoutContrastIsRefused() {
    float[] counts = new float[10];
    assertThatThrownBy(() -> SpeckleLaw.of(counts, camera(8, 0)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("all 10 pixels of the frame are dark");
    Arrays.fill(counts, 255);
    assertThatThrownBy(() -> SpeckleLaw.of(counts, camera(8, 0))).hasMessageContaining("saturated");
  }
}
