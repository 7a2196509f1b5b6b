package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.getInt;
import static dev.feedlight.device.cpu.CpuAddress.setFloat;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.ReadOut;
import dev.feedlight.tensor.Philox;

/**
 * The camera and the read-out, pixel by pixel, in the order of {@link CameraResponse} and {@link
 * ReadOut}. Intensities of integer fields are exact in 64 bits and rounded once. Where the anchor
 * bias stays, it is removed with weight 0.
 */
final class PlainCamera {
  private PlainCamera() {}

  static void expose(
      long counts,
      long real,
      long imaginary,
      long firstPixel,
      long pixels,
      CameraSetup setup,
      long projection,
      int frame) {
    int[] words = new int[PlainRandom.WORDS];
    for (long i = 0; i < pixels; i++) {
      if (setup.camera().noisy()) {
        noise(words, setup, firstPixel + i, projection, frame >> 2);
      }
      float intensity =
          setup.floatFields()
              ? intensity(getFloat(real, i), getFloat(imaginary, i))
              : intensity((long) getInt(real, i), getInt(imaginary, i));
      setFloat(counts, i, counts(setup, firstPixel + i, intensity, words[frame & 3]));
    }
  }

  private static void noise(
      int[] words, CameraSetup setup, long output, long projection, int frames) {
    int pixel = setup.pixel(output);
    Philox.block(
        setup.noiseKey(), pixel, (int) projection, (int) (projection >>> 32), frames, words);
  }

  private static float intensity(long real, long imaginary) {
    return (float) (real * real + imaginary * imaginary);
  }

  private static float intensity(float real, float imaginary) {
    return real * real + imaginary * imaginary;
  }

  private static float counts(CameraSetup setup, long output, float intensity, int word) {
    CameraResponse camera = setup.camera();
    float s = intensity * camera.gain();
    if (setup.varies()) {
      s = s * getFloat(setup.sensitivity(), output);
    }
    if (camera.noisy()) {
      float dark = camera.readNoise() * camera.readNoise();
      float deviation = (float) Math.sqrt(camera.shotNoise() * s + dark);
      s = s + deviation * PlainRandom.normal(word);
    }
    if (camera.darkOffset() != 0) {
      s = s + camera.darkOffset();
    }
    if (setup.varies()) {
      s = s + getFloat(setup.offset(), output);
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
      CameraSetup setup,
      ReadOut readOut,
      long projection) {
    int[] words = new int[PlainRandom.WORDS];
    float[] frames = new float[LIGHTS];
    float bias = readOut.removeAnchorBias() ? imbalance : 0;
    float gain = setup.camera().gain();
    for (long i = 0; i < pixels; i++) {
      if (setup.floatFields()) {
        light(
            frames,
            getFloat(positiveReal, i),
            getFloat(positiveImaginary, i),
            getFloat(negativeReal, i),
            getFloat(negativeImaginary, i),
            getFloat(anchorReal, i),
            getFloat(anchorImaginary, i));
      } else {
        light(
            frames,
            (long) getInt(positiveReal, i),
            getInt(positiveImaginary, i),
            getInt(negativeReal, i),
            getInt(negativeImaginary, i),
            getInt(anchorReal, i),
            getInt(anchorImaginary, i));
      }
      float y;
      float d;
      if (setup.ideal()) {
        d = root(frames[ANCHOR] * gain, readOut.anchorFloor());
        y = d == 0 ? 0 : frames[PRODUCT] * gain / d;
      } else {
        if (setup.camera().noisy()) {
          noise(words, setup, firstPixel + i, projection, 0);
        }
        float sum = counts(setup, firstPixel + i, frames[0], words[0]);
        sum = sum - counts(setup, firstPixel + i, frames[1], words[1]);
        sum = sum - counts(setup, firstPixel + i, frames[2], words[2]);
        sum = sum + counts(setup, firstPixel + i, frames[3], words[3]);
        d = root(getFloat(anchorCounts, i), readOut.anchorFloor());
        y = d == 0 ? 0 : sum / (2 * d);
      }
      setFloat(signal, i, (y - bias * d) * readOut.unit() * rowScale);
    }
  }

  /** After the intensities of the four frames: that of the anchor. */
  private static final int ANCHOR = 4;

  /** Re(conj(anchor) (P - N)) = (I(P) - I(1-P) - I(N) + I(1-N)) / 2. */
  private static final int PRODUCT = 5;

  private static final int LIGHTS = 6;

  private static void light(float[] frames, long pr, long pi, long nr, long ni, long ar, long ai) {
    frames[0] = intensity(pr, pi);
    frames[1] = intensity(ar - pr, ai - pi);
    frames[2] = intensity(nr, ni);
    frames[3] = intensity(ar - nr, ai - ni);
    frames[ANCHOR] = intensity(ar, ai);
    frames[PRODUCT] = (float) (ar * (pr - nr) + ai * (pi - ni));
  }

  private static void light(
      float[] frames, float pr, float pi, float nr, float ni, float ar, float ai) {
    frames[0] = intensity(pr, pi);
    frames[1] = intensity(ar - pr, ai - pi);
    frames[2] = intensity(nr, ni);
    frames[3] = intensity(ar - nr, ai - ni);
    frames[ANCHOR] = intensity(ar, ai);
    frames[PRODUCT] = ar * (pr - nr) + ai * (pi - ni);
  }

  private static float root(float anchor, float floor) {
    return (float) Math.sqrt(anchor > floor ? anchor : floor);
  }
}
