package dev.feedlight.opu;

/**
 * An optical processing unit: multiplies by a huge fixed random matrix. {@link #intensity} is the
 * physics, {@link #project} the service.
 */
public interface Opu {
  /**
   * Entries of a vector to project.
   *
   * @return number of inputs
   */
  long inputs();

  /**
   * Entries of a projection.
   *
   * @return number of outputs
   */
  long outputs();

  /**
   * Shows binary patterns and returns what the camera sees, at the exposure of the calibration.
   *
   * @param frames one byte per mirror, 0 or 1; a whole number of frames, one after the other
   * @return camera counts, one per pixel and frame
   * @throws IllegalArgumentException if an entry is neither 0 nor 1 or the length does not fit
   */
  float[] intensity(byte[] frames);

  /**
   * Projects ternary vectors: {@code y = Re(e^(-i phi) T t)} with one fixed phase per pixel, in
   * units in which the entries of the real matrix have variance 1.
   *
   * @param ternary -1, 0 or 1 per entry; a whole number of vectors, one after the other
   * @return one number per output and vector
   * @throws IllegalArgumentException if an entry is none of the three or the length does not fit
   */
  float[] project(byte[] ternary);

  /**
   * What was shown so far.
   *
   * @return the log
   */
  FrameLog log();
}
