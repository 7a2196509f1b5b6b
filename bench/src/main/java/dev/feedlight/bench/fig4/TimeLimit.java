package dev.feedlight.bench.fig4;

/**
 * The most time that a run may take to measure.
 *
 * @param seconds from the run's start; infinite without a limit
 */
public record TimeLimit(double seconds) {
  /** No limit. */
  public static final TimeLimit NONE = new TimeLimit(Double.POSITIVE_INFINITY);

  /** Refuses what is no time. */
  public TimeLimit {
    if (!(seconds >= 0)) {
      throw new IllegalArgumentException("a time limit must be at least 0, not " + seconds + " s");
    }
  }

  /**
   * A limit.
   *
   * @param minutes at least 0; at 0 nothing is measured
   * @return the limit
   */
  public static TimeLimit ofMinutes(double minutes) {
    return new TimeLimit(60 * minutes);
  }

  /** Whether there is one. */
  boolean isSet() {
    return !Double.isInfinite(seconds);
  }

  /** Whether work fits that begins now. */
  boolean allows(double spent, double needed) {
    return spent + needed <= seconds;
  }
}
