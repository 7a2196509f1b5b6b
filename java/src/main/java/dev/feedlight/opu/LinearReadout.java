package dev.feedlight.opu;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.TransmissionBytes;

/**
 * How camera frames become a linear projection, without holography (Ohana et al. 2023): four frames
 * and one anchor per calibration.
 *
 * @param anchorFloor smallest anchor count that is divided by, in counts; dark pixels would
 *     otherwise divide by 0 (1 by default, ours); 0 is off
 * @param removeAnchorBias whether the mean of the real matrix, sqrt(I(1)) / n, is taken out of every
 *     sample: exact, and it matters most for few inputs (on by default, ours)
 */
public record LinearReadout(double anchorFloor, boolean removeAnchorBias) {
  /** Frames per ternary vector: P, 1 - P, N, 1 - N. */
  public static final int FRAMES = 4;

  /** Checks the floor. */
  public LinearReadout {
    if (!(anchorFloor >= 0) || Double.isInfinite(anchorFloor)) {
      throw new IllegalArgumentException("anchor floor must be at least 0, not " + anchorFloor);
    }
  }

  /**
   * A floor of one count, bias removed.
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
   * The parameters of the kernel at a given exposure.
   *
   * @param camera the exposed camera
   * @return floor, bias switch and unit
   */
  ReadOut at(CameraResponse camera) {
    double unit = Math.sqrt(2.0 / camera.gain()) / TransmissionBytes.SCALE;
    return new ReadOut((float) anchorFloor, removeAnchorBias, (float) unit);
  }
}
