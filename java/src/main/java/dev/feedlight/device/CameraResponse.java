package dev.feedlight.device;

/**
 * The camera after exposure is set: from integer intensities to counts. In this order, each step
 * one correctly rounded fp32 operation:
 *
 * <pre>
 * s = float(I) * gain
 * s = s * response[0, pixel]                if the pixels differ, see PixelMap
 * s = s + sqrt(shot * s + read^2) * z       if shot or read is not 0; z from NormalTable
 * s = s + darkOffset                        if that is not 0
 * s = s + response[1, pixel]                if the pixels differ
 * s = rint(s)                               if quantised
 * s = min(max(s, 0), maxCount)              the lower bound only if quantised
 * </pre>
 *
 * The word that makes z is number {@code frame & 3} of the Philox block with counter (pixel,
 * projection low, projection high, frame >> 2).
 *
 * @param gain counts (LSB) per unit of intensity, positive
 * @param readNoise standard deviation of the noise in the dark, LSB
 * @param shotNoise variance per count of signal, LSB
 * @param darkOffset what a pixel shows without light, LSB
 * @param quantised whether counts are integers
 * @param maxCount saturation in LSB; positive infinity when saturation is off
 */
public record CameraResponse(
    float gain,
    float readNoise,
    float shotNoise,
    float darkOffset,
    boolean quantised,
    float maxCount) {
  /** Checks the ranges. */
  public CameraResponse {
    if (!(gain > 0) || Float.isInfinite(gain)) {
      throw new IllegalArgumentException("camera gain must be positive and finite, not " + gain);
    }
    if (!(readNoise >= 0 && shotNoise >= 0)
        || Float.isInfinite(readNoise)
        || Float.isInfinite(shotNoise)) {
      throw new IllegalArgumentException(
          "camera noise must be finite and at least 0: read " + readNoise + ", shot " + shotNoise);
    }
    if (!(darkOffset >= 0) || Float.isInfinite(darkOffset)) {
      throw new IllegalArgumentException(
          "camera dark offset must be finite and at least 0, not " + darkOffset);
    }
    if (!(maxCount > 0)) {
      throw new IllegalArgumentException("camera full scale must be positive, not " + maxCount);
    }
  }

  /**
   * A camera that is black without light.
   *
   * @param gain counts per unit of integer intensity
   * @param readNoise in the dark, LSB
   * @param shotNoise variance per count of signal, LSB
   * @param quantised whether counts are integers
   * @param maxCount saturation in LSB
   */
  public CameraResponse(
      float gain, float readNoise, float shotNoise, boolean quantised, float maxCount) {
    this(gain, readNoise, shotNoise, 0, quantised, maxCount);
  }

  /**
   * Whether any noise is on.
   *
   * @return true if read or shot noise is not 0
   */
  public boolean noisy() {
    return readNoise > 0 || shotNoise > 0;
  }

  /**
   * Whether every imperfection is off, so that the read-out is computed from exact integers.
   *
   * @return true if neither noise nor dark offset nor quantisation nor saturation is on
   */
  public boolean ideal() {
    return !noisy() && !quantised && darkOffset == 0 && Float.isInfinite(maxCount);
  }
}
