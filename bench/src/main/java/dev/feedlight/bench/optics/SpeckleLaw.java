package dev.feedlight.bench.optics;

import dev.feedlight.data.DataException;
import dev.feedlight.device.CameraResponse;

/**
 * The counts that a camera makes of speckle: light of an exponential law, which a dark offset is
 * added to, rounded to counts and cut off at full scale. Camera noise is left out of the law; it is
 * in {@link #contrast}.
 *
 * @param mean of the light, in counts
 * @param camera the response
 */
record SpeckleLaw(double mean, CameraResponse camera) {
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** Halvings of the uncertainty; 1e-13 of the interval is left. */
  private static final int STEPS = 62;

  /**
   * The law whose mean makes a frame most likely. Where nothing is cut off this is the frame's
   * mean; otherwise cut-off counts say how much is missing.
   *
   * @throws DataException if the whole frame is dark or saturated
   */
  static SpeckleLaw of(float[] counts, CameraResponse camera) {
    double sum = 0;
    boolean dark = true;
    boolean full = true;
    for (float count : counts) {
      sum += count - camera.darkOffset();
      dark &= count <= camera.darkOffset();
      full &= count >= camera.maxCount();
    }
    if (dark || full) {
      throw new DataException(
          "all "
              + counts.length
              + " pixels of the frame are "
              + (dark ? "dark" : "saturated")
              + ": no law can be found; another --mean-anchor or --bits would help");
    }
    double frameMean = sum / counts.length;
    if (!camera.quantised()) {
      return new SpeckleLaw(frameMean, camera);
    }
    long[] frequencies = frequencies(counts, camera);
    double low = Math.log(1e-3);
    double high = Math.log(1e3 * camera.maxCount());
    for (int step = 0; step < STEPS; step++) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (likelihood(frequencies, camera, left) < likelihood(frequencies, camera, right)) {
        low = left;
      } else {
        high = right;
      }
    }
    return new SpeckleLaw(Math.exp((low + high) / 2), camera);
  }

  /** How often each count occurs. */
  static long[] frequencies(float[] counts, CameraResponse camera) {
    long[] frequencies = new long[(int) camera.maxCount() + 1];
    for (float count : counts) {
      frequencies[(int) count]++;
    }
    return frequencies;
  }

  private static double likelihood(long[] frequencies, CameraResponse camera, double logMean) {
    SpeckleLaw law = new SpeckleLaw(Math.exp(logMean), camera);
    double sum = 0;
    for (int count = 0; count < frequencies.length; count++) {
      if (frequencies[count] > 0) {
        // Noise may reach counts that the law does not.
        sum += frequencies[count] * Math.log(Math.max(law.probability(count), Double.MIN_NORMAL));
      }
    }
    return sum;
  }

  /** Probability of a count of a quantised camera. */
  double probability(int count) {
    double from = count == 0 ? 0 : count - 0.5;
    double to = count >= camera.maxCount() ? Double.POSITIVE_INFINITY : count + 0.5;
    return probability(from, to);
  }

  /** Probability of counts between two bounds, before they are rounded or cut off. */
  double probability(double from, double to) {
    return above(from) - above(to);
  }

  private double above(double count) {
    return Math.exp(-Math.max(0, count - camera.darkOffset()) / mean);
  }

  /** Share of pixels at full scale. */
  double saturated() {
    double full = camera.maxCount();
    return Double.isInfinite(full) ? 0 : above(camera.quantised() ? full - 0.5 : full);
  }

  /**
   * Expected standard deviation of a frame over its mean: 1 for the law itself, less where it is
   * cut off; camera noise adds its variance where it is not.
   */
  double contrast() {
    Moments moments = moments();
    double cut = saturated();
    double light = moments.mean - (cut == 0 ? 0 : cut * (camera.maxCount() - camera.darkOffset()));
    double noise = (1 - cut) * Math.pow(camera.readNoise(), 2) + camera.shotNoise() * light;
    return Math.sqrt(moments.second + noise) / moments.mean;
  }

  /**
   * Standard error of the measured contrast: by the delta method, from the law's moments; 1 over
   * the root of the number for the law itself.
   *
   * @param pixels independent ones
   */
  double contrastError(long pixels) {
    Moments m = moments();
    double contrast = Math.sqrt(m.second) / m.mean;
    double relative =
        (m.fourth - m.second * m.second) / (4 * m.second * m.second)
            + m.second / (m.mean * m.mean)
            - m.third / (m.second * m.mean);
    return contrast * Math.sqrt(relative / pixels);
  }

  /** Mean above the dark offset, and central moments. */
  private record Moments(double mean, double second, double third, double fourth) {}

  private Moments moments() {
    if (!camera.quantised()) {
      return new Moments(mean, Math.pow(mean, 2), 2 * Math.pow(mean, 3), 9 * Math.pow(mean, 4));
    }
    double average = 0;
    for (int count = 0; count <= camera.maxCount(); count++) {
      average += probability(count) * count;
    }
    double[] central = new double[5];
    for (int count = 0; count <= camera.maxCount(); count++) {
      for (int order = 2; order < central.length; order++) {
        central[order] += probability(count) * Math.pow(count - average, order);
      }
    }
    return new Moments(average - camera.darkOffset(), central[2], central[3], central[4]);
  }
}
