package dev.feedlight.opu;

import java.util.List;

/**
 * What the optics would take: a model, never mixed with measured time without saying so.
 *
 * @param name of the preset
 * @param secondsPerProjection time of one ternary projection of one sample, frames included
 * @param watts power of the whole unit
 * @param source where the numbers come from
 */
public record OpuClock(String name, double secondsPerProjection, double watts, String source) {
  /** Power of the paper's unit, 30 W (its abstract in version 2); taken for all presets (ours). */
  public static final double DEFAULT_WATTS = 30;

  /**
   * 1/340 s per projection, at the paper's 10^6 x 2x10^6: with 0.76 of BP's measured time (its 24 %
   * saving) this gives 13.1 ms per sample at 96 x 3080, where the paper measured 13.09. That 340 Hz
   * counts projections, not frames, is our reading.
   */
  public static final OpuClock PAPER_FIG4 =
      new OpuClock(
          "paper-fig4",
          1.0 / 340,
          DEFAULT_WATTS,
          "paper: 340 Hz; per projection: ours, fits 13.09 ms");

  /** 340 Hz per frame and four frames per projection; the other reading of the paper. */
  public static final OpuClock PAPER_FRAMES =
      new OpuClock(
          "paper-frames",
          LinearReadout.FRAMES / 340.0,
          DEFAULT_WATTS,
          "paper: 340 Hz; per frame: ours");

  /** 1.25 ms per projection: the paper's 20 h for 5.76x10^7 token projections (calculated). */
  public static final OpuClock PAPER_LANGUAGE =
      new OpuClock("paper-language", 1.25e-3, DEFAULT_WATTS, "paper: 20 h over 5.76e7 projections");

  /** Four frames of 500 us: frame time of LightOn's 2020 unit (its driver). */
  public static final OpuClock LIGHTON_2020 =
      new OpuClock(
          "lighton-2020",
          LinearReadout.FRAMES * 500e-6,
          DEFAULT_WATTS,
          "LightOn driver: 500 us per frame");

  /** Checks the time. */
  public OpuClock {
    if (!(secondsPerProjection > 0) || Double.isInfinite(secondsPerProjection)) {
      throw new IllegalArgumentException(
          "seconds per projection must be positive, not " + secondsPerProjection);
    }
    if (!(watts >= 0) || Double.isInfinite(watts)) {
      throw new IllegalArgumentException("power must be finite and at least 0 W, not " + watts);
    }
  }

  /**
   * A clock of one's own.
   *
   * @param frameSeconds time of one frame: max(readout, exposure) + gap
   * @return four frames per projection
   */
  public static OpuClock ofFrames(double frameSeconds) {
    return new OpuClock(
        "custom", LinearReadout.FRAMES * frameSeconds, DEFAULT_WATTS, "time: custom; power: paper");
  }

  /**
   * A clock from what a camera needs for a region of pixels: a frame takes the longer of reading
   * its rows and exposing it, plus a gap. Rows are as wide as the sensor, so that reading time
   * counts every pixel of the region, those that selection leaves out too.
   *
   * @param region pixels that are read
   * @param timing of the camera
   * @return four frames per projection
   */
  public static OpuClock ofRegion(long region, FrameTiming timing) {
    return ofFrames(timing.frameSeconds(region));
  }

  /**
   * What a camera needs for a frame.
   *
   * @param width pixels per row
   * @param fewestRows smallest region
   * @param rowSeconds reading time of a row
   * @param exposureSeconds exposure
   * @param gapSeconds between two frames
   */
  public record FrameTiming(
      long width, long fewestRows, double rowSeconds, double exposureSeconds, double gapSeconds) {
    /**
     * 2040 pixels a row, at least 64 rows, 400 us of exposure and a gap of 50 us (LightOn's
     * driver); 2.7 us a row (ours: 1088 rows at the paper's 340 Hz).
     */
    public static final FrameTiming LIGHTON =
        new FrameTiming(2040, 64, 1.0 / (340 * 1088), 400e-6, 50e-6);

    /** Checks the ranges. */
    public FrameTiming {
      if (width < 1 || fewestRows < 1) {
        throw new IllegalArgumentException(
            "a region has at least one pixel: width " + width + ", fewest rows " + fewestRows);
      }
      double sum = rowSeconds + exposureSeconds + gapSeconds;
      if (!(rowSeconds >= 0 && exposureSeconds >= 0 && gapSeconds >= 0)
          || !(sum > 0)
          || Double.isInfinite(sum)) {
        throw new IllegalArgumentException(
            "times of a frame are finite, at least 0 and not all 0: row "
                + rowSeconds
                + " s, exposure "
                + exposureSeconds
                + " s, gap "
                + gapSeconds
                + " s");
      }
    }

    /**
     * Time of a frame.
     *
     * @param region pixels that are read, at least 1
     * @return seconds
     * @throws IllegalArgumentException if there is none
     */
    public double frameSeconds(long region) {
      if (region < 1) {
        throw new IllegalArgumentException("a region has at least one pixel, not " + region);
      }
      long rows = Math.max(fewestRows, Math.ceilDiv(region, width));
      return Math.max(rows * rowSeconds, exposureSeconds) + gapSeconds;
    }
  }

  /**
   * All presets.
   *
   * @return the presets, the default first
   */
  public static List<OpuClock> presets() {
    return List.of(PAPER_FIG4, PAPER_FRAMES, PAPER_LANGUAGE, LIGHTON_2020);
  }

  /**
   * A preset by name.
   *
   * @param name of the preset
   * @return the clock
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static OpuClock preset(String name) {
    return presets().stream()
        .filter(clock -> clock.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no optical clock is called "
                        + name
                        + "; there are "
                        + presets().stream().map(OpuClock::name).toList()));
  }

  /**
   * Modelled optical time.
   *
   * @param projections number of samples projected
   * @return seconds
   */
  public double seconds(long projections) {
    return projections * secondsPerProjection;
  }

  /**
   * Modelled energy of the whole unit: power times modelled time.
   *
   * @param projections number of samples projected
   * @return joules
   */
  public double joules(long projections) {
    return watts * seconds(projections);
  }
}
