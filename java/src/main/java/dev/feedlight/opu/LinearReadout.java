package dev.feedlight.opu;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.ReadOut;

/**
 * How camera frames become a linear projection, without holography (Ohana et al. 2023): four frames
 * and one anchor per calibration.
 *
 * @param anchorFloor smallest anchor that is divided by, in counts or in 8-bit steps, whichever is
 *     larger: a coarse camera needs it because dark pixels read 0, a fine one because its noise,
 *     which is given in 8-bit steps, would be divided by next to nothing (1 by default, ours); 0 is
 *     off
 * @param removeAnchorBias whether the mean of the real matrix, sqrt(I(1)) / n, is taken out of
 *     every sample: exact, and it matters most for few inputs (on by default, ours)
 * @param selection which pixels become outputs
 */
public record LinearReadout(
    double anchorFloor, boolean removeAnchorBias, PixelSelection selection) {
  /** Frames per ternary vector: P, 1 - P, N, 1 - N. */
  public static final int FRAMES = 4;

  /** Checks the floor. */
  public LinearReadout {
    if (!(anchorFloor >= 0) || Double.isInfinite(anchorFloor)) {
      throw new IllegalArgumentException("anchor floor must be at least 0, not " + anchorFloor);
    }
  }

  /**
   * Every pixel is an output.
   *
   * @param anchorFloor smallest anchor that is divided by
   * @param removeAnchorBias whether the mean of the real matrix is taken out
   */
  public LinearReadout(double anchorFloor, boolean removeAnchorBias) {
    this(anchorFloor, removeAnchorBias, PixelSelection.ALL);
  }

  /**
   * A floor of 1, bias removed, every pixel an output.
   *
   * @return the default
   */
  public static LinearReadout defaults() {
    return new LinearReadout(1, true);
  }

  /**
   * The formula and nothing else.
   *
   * @return no floor, bias kept
   */
  public static LinearReadout plain() {
    return new LinearReadout(0, false);
  }

  /**
   * The same read-out of other pixels.
   *
   * @param newSelection which become outputs
   * @return a copy
   */
  public LinearReadout withSelection(PixelSelection newSelection) {
    return new LinearReadout(anchorFloor, removeAnchorBias, newSelection);
  }

  /**
   * The same read-out with or without the mean of the real matrix.
   *
   * @param remove whether it is taken out
   * @return a copy
   */
  public LinearReadout withBiasRemoval(boolean remove) {
    return new LinearReadout(anchorFloor, remove, selection);
  }

  /** The floor in counts of a camera. */
  double floorCounts(Camera camera) {
    return anchorFloor * Math.max(1, camera.countsPerEightBitStep());
  }

  /**
   * The parameters of the kernel at a given exposure.
   *
   * @param camera the camera
   * @param response the same, exposed
   * @param scale root mean square of the modulus of the matrix's entries
   * @return floor in counts, bias switch and unit
   */
  ReadOut at(Camera camera, CameraResponse response, double scale) {
    double unit = Math.sqrt(2.0 / response.gain()) / scale;
    return new ReadOut((float) floorCounts(camera), removeAnchorBias, (float) unit);
  }
}
