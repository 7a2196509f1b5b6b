package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.getInt;
import static dev.feedlight.device.cpu.CpuAddress.setFloat;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.ReadOut;
import dev.feedlight.tensor.Philox;

/**
 * The camera and the read-out, pixel by pixel, in the order of {@link CameraResponse} and {@link
 * ReadOut}. Intensities are exact in 64 bits and rounded once. Where the anchor bias stays, it is
 * removed with weight 0.
 */
final class PlainCamera {
  private PlainCamera() {}

  static void expose(
      long counts,
      long real,
      long imaginary,
      long firstPixel,
      long pixels,
      CameraResponse camera,
      long noiseKey,
      long projection,
      int frame) {
    int[] words = new int[PlainRandom.WORDS];
    for (long i = 0; i < pixels; i++) {
      if (camera.noisy()) {
        noise(words, noiseKey, firstPixel + i, projection, frame >> 2);
      }
      float intensity = intensity(getInt(real, i), getInt(imaginary, i));
      setFloat(counts, i, counts(camera, intensity, words[frame & 3]));
    }
  }

  private static void noise(int[] words, long key, long pixel, long projection, int frames) {
    Philox.block(key, (int) pixel, (int) projection, (int) (projection >>> 32), frames, words);
  }

  private static float intensity(long real, long imaginary) {
    return (float) (real * real + imaginary * imaginary);
  }

  private static float counts(CameraResponse camera, float intensity, int word) {
    float s = intensity * camera.gain();
    if (camera.noisy()) {
      float dark = camera.readNoise() * camera.readNoise();
      float deviation = (float) Math.sqrt(camera.shotNoise() * s + dark);
      s = s + deviation * PlainRandom.normal(word);
    }
    if (camera.quantised()) {
      s = (float) Math.rint(s);
      s = s > 0 ? s : 0;
    }
    return s < camera.maxCount() ? s : camera.maxCount();
  }

  static void readOut(
      long signal,
      long positiveReal,
      long positiveImaginary,
      long negativeReal,
      long negativeImaginary,
      long anchorReal,
      long anchorImaginary,
      long anchorCounts,
      long firstPixel,
      long pixels,
      float imbalance,
      float rowScale,
      CameraResponse camera,
      ReadOut readOut,
      long noiseKey,
      long projection) {
    int[] words = new int[PlainRandom.WORDS];
    float bias = readOut.removeAnchorBias() ? imbalance : 0;
    for (long i = 0; i < pixels; i++) {
      long ar = getInt(anchorReal, i);
      long ai = getInt(anchorImaginary, i);
      long pr = getInt(positiveReal, i);
      long pi = getInt(positiveImaginary, i);
      long nr = getInt(negativeReal, i);
      long ni = getInt(negativeImaginary, i);
      float y;
      float d;
      if (camera.ideal()) {
        // (I(P) - I(1-P) - I(N) + I(1-N)) / 2, exact
        long difference = ar * (pr - nr) + ai * (pi - ni);
        d = root(intensity(ar, ai) * camera.gain(), readOut.anchorFloor());
        y = d == 0 ? 0 : (float) difference * camera.gain() / d;
      } else {
        if (camera.noisy()) {
          noise(words, noiseKey, firstPixel + i, projection, 0);
        }
        float sum = counts(camera, intensity(pr, pi), words[0]);
        sum = sum - counts(camera, intensity(ar - pr, ai - pi), words[1]);
        sum = sum - counts(camera, intensity(nr, ni), words[2]);
        sum = sum + counts(camera, intensity(ar - nr, ai - ni), words[3]);
        d = root(getFloat(anchorCounts, i), readOut.anchorFloor());
        y = d == 0 ? 0 : sum / (2 * d);
      }
      setFloat(signal, i, (y - bias * d) * readOut.unit() * rowScale);
    }
  }

  private static float root(float anchor, float floor) {
    return (float) Math.sqrt(anchor > floor ? anchor : floor);
  }
}
