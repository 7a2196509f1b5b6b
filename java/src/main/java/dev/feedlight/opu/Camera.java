package dev.feedlight.opu;

import dev.feedlight.device.CameraResponse;

/**
 * The camera behind the medium. Noise is given in steps of an 8-bit camera (1/256 of full scale),
 * so that changing the number of bits leaves the optics alone.
 *
 * @param bits resolution, 1 to 16
 * @param quantised whether counts are rounded to integers; off: a camera of infinite resolution
 * @param saturates whether counts end at full scale; off: a well without a bottom
 * @param meanAnchorLevel where exposure puts the mean of the anchor frame, as a fraction of full
 *     scale
 * @param readNoise standard deviation in the dark, in 8-bit steps; 0 is off
 * @param shotNoise variance per 8-bit step of signal, in 8-bit steps; 0 is off
 */
public record Camera(
    int bits,
    boolean quantised,
    boolean saturates,
    double meanAnchorLevel,
    double readNoise,
    double shotNoise) {
  /** Bits of LightOn's cameras (its driver). */
  public static final int DEFAULT_BITS = 8;

  /**
   * Mean of the anchor frame, 64 of 256 (ours): by simulation the best compromise between
   * quantisation of dark pixels and saturation of bright ones.
   */
  public static final double DEFAULT_MEAN_ANCHOR_LEVEL = 0.25;

  /** Read noise of a real unit, 0.6 steps rms in the dark (72 pixel pairs of a published run). */
  public static final double DEFAULT_READ_NOISE = 0.6;

  /** Shot noise: variance 0.11 per step, from 1.6 steps rms in bright pixels of the same run. */
  public static final double DEFAULT_SHOT_NOISE = 0.11;

  /** Checks the ranges. */
  public Camera {
    if (bits < 1 || bits > 16) {
      throw new IllegalArgumentException("camera bits must lie in 1 to 16, not " + bits);
    }
    if (!(meanAnchorLevel > 0 && meanAnchorLevel <= 1)) {
      throw new IllegalArgumentException(
          "mean anchor level must lie in (0, 1] of full scale, not " + meanAnchorLevel);
    }
    if (!(readNoise >= 0 && readNoise < 256) || !(shotNoise >= 0 && shotNoise < 256)) {
      throw new IllegalArgumentException(
          "camera noise must lie in [0, 256) steps: read " + readNoise + ", shot " + shotNoise);
    }
  }

  /**
   * 8 bits with the noise of a real unit.
   *
   * @return the default camera
   */
  public static Camera defaults() {
    return new Camera(
        DEFAULT_BITS,
        true,
        true,
        DEFAULT_MEAN_ANCHOR_LEVEL,
        DEFAULT_READ_NOISE,
        DEFAULT_SHOT_NOISE);
  }

  /**
   * Every imperfection off: the read-out equals the formula in exact integers.
   *
   * @return a camera that does not exist
   */
  public static Camera ideal() {
    return new Camera(DEFAULT_BITS, false, false, DEFAULT_MEAN_ANCHOR_LEVEL, 0, 0);
  }

  /**
   * The same camera with another resolution.
   *
   * @param newBits 1 to 16
   * @return a copy
   */
  public Camera withBits(int newBits) {
    return new Camera(newBits, quantised, saturates, meanAnchorLevel, readNoise, shotNoise);
  }

  /**
   * The same camera with other noise.
   *
   * @param newReadNoise 8-bit steps, 0 is off
   * @param newShotNoise variance per step, 0 is off
   * @return a copy
   */
  public Camera withNoise(double newReadNoise, double newShotNoise) {
    return new Camera(bits, quantised, saturates, meanAnchorLevel, newReadNoise, newShotNoise);
  }

  /**
   * The same camera with another exposure.
   *
   * @param level mean of the anchor, as a fraction of full scale
   * @return a copy
   */
  public Camera withMeanAnchorLevel(double level) {
    return new Camera(bits, quantised, saturates, level, readNoise, shotNoise);
  }

  /**
   * The same camera with or without a bottom to its wells.
   *
   * @param on whether counts end at full scale
   * @return a copy
   */
  public Camera withSaturation(boolean on) {
    return new Camera(bits, quantised, on, meanAnchorLevel, readNoise, shotNoise);
  }

  /**
   * Sets the exposure so that a frame has the wanted mean. For the anchor and all frames of linear
   * read-out one exposure holds: its identity needs that.
   *
   * @param meanIntensity mean of |T x|^2 over the pixels, positive
   * @param sensor the chip, which has the dark offset
   * @return the response, in counts of this camera
   */
  public CameraResponse expose(double meanIntensity, Sensor sensor) {
    double perEightBitStep = countsPerEightBitStep();
    return new CameraResponse(
        (float) (meanAnchorLevel * Math.scalb(1.0, bits) / meanIntensity),
        (float) (readNoise * perEightBitStep),
        (float) (shotNoise * perEightBitStep),
        (float) (sensor.darkOffset() * perEightBitStep),
        quantised,
        saturates ? (float) fullScale() : Float.POSITIVE_INFINITY);
  }

  /**
   * The largest count.
   *
   * @return 2^bits - 1
   */
  public double fullScale() {
    return Math.scalb(1.0, bits) - 1;
  }

  /**
   * What a hot pixel adds to a frame. A camera that saturates shows full scale, whatever the noise:
   * its deviation is below 256 steps, and its table ends at 3.67 of them.
   *
   * @return counts
   */
  float hotCounts() {
    return (float) (saturates ? 16 * fullScale() : fullScale());
  }

  /**
   * Counts of this camera per count of an 8-bit one at the same exposure.
   *
   * @return 2^(bits - 8)
   */
  double countsPerEightBitStep() {
    return Math.scalb(1.0, bits - 8);
  }
}
