package dev.feedlight.opu;

/** Counts what the optics were asked to show. */
public final class FrameLog {
  private final OpuClock clock;
  private long projections;
  private long calibrations;
  private long rawFrames;
  private long entries;
  private long positive;
  private long negative;

  FrameLog(OpuClock clock) {
    this.clock = clock;
  }

  /**
   * Adds ternary projections.
   *
   * @param count samples
   * @param inputs entries per sample
   * @param plus number of +1 among them
   * @param minus number of -1 among them
   */
  public void projections(long count, long inputs, long plus, long minus) {
    projections += count;
    entries += count * inputs;
    positive += plus;
    negative += minus;
  }

  void calibration() {
    calibrations++;
  }

  void rawFrames(long count) {
    rawFrames += count;
  }

  /**
   * Ternary projections so far.
   *
   * @return samples
   */
  public long projections() {
    return projections;
  }

  /**
   * Camera frames so far: four per projection, one per calibration, one per raw frame.
   *
   * @return frames
   */
  public long frames() {
    return LinearReadout.FRAMES * projections + calibrations + rawFrames;
  }

  /**
   * Share of ternary entries that are not 0.
   *
   * @return in [0, 1]; 0 before the first projection
   */
  public double density() {
    return entries == 0 ? 0 : (double) (positive + negative) / entries;
  }

  /**
   * Share of +1 among the entries that are not 0.
   *
   * @return in [0, 1]; 0 before the first projection
   */
  public double positiveShare() {
    return positive + negative == 0 ? 0 : (double) positive / (positive + negative);
  }

  /**
   * Modelled optical time of the projections, after the settings' clock.
   *
   * @return seconds
   */
  public double modelledSeconds() {
    return clock.seconds(projections);
  }

  /**
   * Modelled energy of the projections, after the settings' clock.
   *
   * @return joules
   */
  public double modelledJoules() {
    return clock.joules(projections);
  }
}
