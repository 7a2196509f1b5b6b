package dev.feedlight.device;

/**
 * The camera after exposure is set: from integer intensities to counts. In this order, each step
 * one correctly rounded fp32 operation:
 *
 * <pre>
 * s = float(I) * gain
 * s = s + sqrt(shot * s + read^2) * z       if shot or read is not 0; z from NormalTable
 * s = rint(s)                               if quantised
 * s = min(max(s, 0), maxCount)              the lower bound only if quantised
 * </pre>
 *
 * The word that makes z is number {@code frame & 3} of the Philox block with counter (pixel,
 * projection low, projection high, frame >> 2).
 *
 * @param gain counts (LSB) per unit of integer intensity, positive
 * @param readNoise standard deviation of the noise in the dark, LSB
 * @param shotNoise variance per count of signal, LSB
 * @param quantised whether counts are integers
 * @param maxCount saturation in LSB; positive infinity when saturation is off
 */
public record CameraResponse(
    float gain, float readNoise, float shotNoise, boolean quantised, float maxCount) {
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
    if (!(maxCount > 0)) {
      throw new IllegalArgumentException("camera full scale must be positive, not " + maxCount);
    }
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
   * @return true if neither noise nor quantisation nor saturation is on
   */
  public boolean ideal() {
    return !noisy() && !quantised && Float.isInfinite(maxCount);
  }
}
