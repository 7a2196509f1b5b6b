package dev.feedlight.opu;

/**
 * Slow decorrelation of the medium: after p projections the transmission matrix is {@code c T + s
 * T'} with {@code c = exp(-p / projections)}, {@code s = sqrt(1 - c^2)} and an independent T'. So
 * its correlation with the medium of the first projection falls exponentially; long after, the
 * medium has become T' and stays. The law is ours; it is meant for runs that last about as long as
 * the medium does. Time is the projection number, so that runs repeat and resume.
 *
 * @param projections after which the correlation has fallen to 1/e; positive infinity is off
 * @param recalibration projections from one measurement of the anchor to the next; 0 for never. The
 *     anchor of an old calibration no longer fits, which costs read-out quality; the projection
 *     itself changes all the same
 */
public record Drift(double projections, long recalibration) {
  /** A medium that never changes. */
  public static final Drift NONE = new Drift(Double.POSITIVE_INFINITY, 0);

  /** Checks the ranges. */
  public Drift {
    if (!(projections > 0)) {
      throw new IllegalArgumentException(
          "a medium decorrelates after a positive number of projections, not " + projections);
    }
    if (recalibration < 0) {
      throw new IllegalArgumentException(
          "recalibration every " + recalibration + " projections; 0 is never");
    }
  }

  /**
   * Whether the medium changes.
   *
   * @return false for {@link #NONE}
   */
  public boolean drifts() {
    return !Double.isInfinite(projections);
  }

  /**
   * Correlation of the medium with that of projection 0.
   *
   * @param projection number of projections since
   * @return in [0, 1]
   */
  public double correlation(long projection) {
    return Math.exp(-projection / projections);
  }

  /** Number of the projection at which the anchor was measured last. */
  long calibratedAt(long projection) {
    return recalibration == 0 ? 0 : projection - projection % recalibration;
  }

  /** Weights of T and T'. */
  float[] weights(long projection) {
    double start = correlation(projection);
    return new float[] {(float) start, (float) Math.sqrt(1 - start * start)};
  }
}
