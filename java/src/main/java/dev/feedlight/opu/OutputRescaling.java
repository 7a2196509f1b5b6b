package dev.feedlight.opu;

/** Units of a linear projection (lightonml: OutputRescaling). */
public enum OutputRescaling {
  /**
   * What the camera gives, in square roots of counts: {@code (c(P) - c(1-P) - c(N) + c(1-N)) / (2
   * sqrt(c(1)))}. Entries of the real matrix then have the variance {@code gain / 2}, the gain
   * being that of {@link CalibrationReport}.
   */
  NONE {
    @Override
    double factor(EmulatedOpu unit) {
      return Math.sqrt(unit.calibration().gain() / 2);
    }
  },
  /** Entries of the real matrix have variance 1, as {@link EmulatedOpu#project} gives them. */
  VARIANCE {
    @Override
    double factor(EmulatedOpu unit) {
      return 1;
    }
  },
  /**
   * Divided by the root of the number of outputs: a projection has its vector's norm on average.
   */
  NORM {
    @Override
    double factor(EmulatedOpu unit) {
      return 1 / Math.sqrt((double) unit.outputs());
    }
  };

  /** Takes {@link EmulatedOpu#project} to these units. */
  abstract double factor(EmulatedOpu unit);
}
