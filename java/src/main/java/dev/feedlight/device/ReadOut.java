package dev.feedlight.device;

/**
 * From camera counts to the linear projection (Ohana et al. 2023, with four frames for a ternary
 * vector t = P - N):
 *
 * <pre>
 * d = sqrt(max(c(1), anchorFloor))
 * y = (c(P) - c(1-P) - c(N) + c(1-N)) / (2 d)
 * y = y - ((#P - #N) / n) d                 if the anchor bias is removed
 * y = y * unit * rowScale[sample]
 * </pre>
 *
 * <p>c(1) is what the camera saw less its dark offset.
 *
 * @param anchorFloor smallest anchor count that is divided by, LSB (1 by default: dark pixels would
 *     otherwise divide by 0); 0 switches it off
 * @param removeAnchorBias whether the mean of the real matrix, sqrt(I(1)) / n, is taken out
 * @param unit turns the square root of counts into units in which the entries of the real matrix
 *     have variance 1
 */
public record ReadOut(float anchorFloor, boolean removeAnchorBias, float unit) {
  /** Checks the ranges. */
  public ReadOut {
    if (!(anchorFloor >= 0)) {
      throw new IllegalArgumentException("anchor floor must be at least 0, not " + anchorFloor);
    }
    if (!(unit > 0) || Float.isInfinite(unit)) {
      throw new IllegalArgumentException("read-out unit must be positive, not " + unit);
    }
  }
}
