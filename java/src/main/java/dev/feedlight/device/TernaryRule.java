package dev.feedlight.device;

/**
 * How a real error vector becomes a vector of -1, 0 and +1. Each sample is treated alone. The paper
 * does not publish its rule; names and defaults are ours.
 */
public sealed interface TernaryRule {
  /** t = sign(e); only an exact 0 gives 0. */
  record Sign() implements TernaryRule {}

  /**
   * t = sign(e) where |e| > threshold.
   *
   * @param threshold in units of the per-sample error, that is before the mean over the batch
   */
  record Absolute(float threshold) implements TernaryRule {
    /** Checks the threshold. */
    public Absolute {
      requireThreshold(threshold);
    }
  }

  /**
   * t = sign(e) where |e| > fraction x max |e| of the sample.
   *
   * @param fraction in [0, 1)
   */
  record RelativeToMax(float fraction) implements TernaryRule {
    /** Checks the fraction. */
    public RelativeToMax {
      if (!(fraction >= 0 && fraction < 1)) {
        throw new IllegalArgumentException(
            "ternary threshold relative to the maximum must lie in [0, 1), not " + fraction);
      }
    }
  }

  /**
   * t = sign(e) where |e| > factor x rms(e) of the sample.
   *
   * @param factor 0 or more; 0.6 is best for Gaussian errors
   */
  record RelativeToRms(float factor) implements TernaryRule {
    /** Checks the factor. */
    public RelativeToRms {
      requireThreshold(factor);
    }
  }

  /** P(t = sign(e)) = |e| / max |e|, else 0: unbiased up to a factor per sample. */
  record Stochastic() implements TernaryRule {}

  private static void requireThreshold(float value) {
    if (!(value >= 0) || Float.isInfinite(value)) {
      throw new IllegalArgumentException(
          "ternary threshold must be finite and at least 0, not " + value);
    }
  }
}
