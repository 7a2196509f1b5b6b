package dev.feedlight.opu;

/** Counts what the optics were asked to show. */
public final class FrameLog {
  /**
   * All that is counted.
   *
   * @param projections ternary projections
   * @param calibrations calibrations, one frame each
   * @param rawFrames frames shown as they are
   * @param entries ternary entries, of all projections
   * @param positive those that were +1
   * @param negative those that were -1
   */
  public record Counts(
      long projections,
      long calibrations,
      long rawFrames,
      long entries,
      long positive,
      long negative) {}

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
   * What was counted so far.
   *
   * @return the counts
   */
  public Counts counts() {
    return new Counts(projections, calibrations, rawFrames, entries, positive, negative);
  }

  /**
   * Counts on from what another log has counted, as of a checkpoint.
   *
   * @param counts what replaces the counts so far
   */
  public void restore(Counts counts) {
    projections = counts.projections;
    calibrations = counts.calibrations;
    rawFrames = counts.rawFrames;
    entries = counts.entries;
    positive = counts.positive;
    negative = counts.negative;
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
