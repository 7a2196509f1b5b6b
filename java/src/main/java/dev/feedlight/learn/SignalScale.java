package dev.feedlight.learn;

/** Amplitude of the projected signal. */
public sealed interface SignalScale {
  /**
   * Each sample's signal gets the norm of its error: {@code |e| / (|t| sqrt(outputs))} times a
   * projection whose matrix has entries of variance 1.
   *
   * @param gain factor on top, 1 for equal norms
   */
  record ErrorNorm(float gain) implements SignalScale {
    /** Checks the gain. */
    public ErrorNorm {
      require(gain);
    }
  }

  /**
   * The amplitude that the camera's calibration gives, the same for every sample whatever the size
   * of its error: projection / sqrt(inputs outputs), divided by the batch as a mean gradient is.
   * The paper's "naturally normalised" signal; the constants are ours.
   *
   * @param gain factor on top
   */
  record Calibrated(float gain) implements SignalScale {
    /** Checks the gain. */
    public Calibrated {
      require(gain);
    }
  }

  private static void require(float gain) {
    if (!(gain > 0) || Float.isInfinite(gain)) {
      throw new IllegalArgumentException("signal gain must be positive and finite, not " + gain);
    }
  }
}
