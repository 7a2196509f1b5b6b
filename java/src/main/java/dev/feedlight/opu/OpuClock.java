package dev.feedlight.opu;

import java.util.List;

/**
 * What the optics would take: a model, never mixed with measured time without saying so.
 *
 * @param name of the preset
 * @param secondsPerProjection time of one ternary projection of one sample, frames included
 * @param source where the number comes from
 */
public record OpuClock(String name, double secondsPerProjection, String source) {
  /**
   * 1/340 s per projection, at the paper's 10^6 x 2x10^6: with 0.76 of BP's measured time (its 24 %
   * saving) this gives 13.1 ms per sample at 96 x 3080, where the paper measured 13.09. That 340 Hz
   * counts projections, not frames, is our reading.
   */
  public static final OpuClock PAPER_FIG4 =
      new OpuClock("paper-fig4", 1.0 / 340, "paper: 340 Hz; per projection: ours, fits 13.09 ms");

  /** 340 Hz per frame and four frames per projection; the other reading of the paper. */
  public static final OpuClock PAPER_FRAMES =
      new OpuClock("paper-frames", LinearReadout.FRAMES / 340.0, "paper: 340 Hz; per frame: ours");

  /** 1.25 ms per projection: the paper's 20 h for 5.76x10^7 token projections (calculated). */
  public static final OpuClock PAPER_LANGUAGE =
      new OpuClock("paper-language", 1.25e-3, "paper: 20 h over 5.76e7 projections");

  /** Four frames of 500 us: frame time of LightOn's 2020 unit (its driver). */
  public static final OpuClock LIGHTON_2020 =
      new OpuClock(
          "lighton-2020", LinearReadout.FRAMES * 500e-6, "LightOn driver: 500 us per frame");

  /** Checks the time. */
  public OpuClock {
    if (!(secondsPerProjection > 0) || Double.isInfinite(secondsPerProjection)) {
      throw new IllegalArgumentException(
          "seconds per projection must be positive, not " + secondsPerProjection);
    }
  }

  /**
   * A clock of one's own.
   *
   * @param frameSeconds time of one frame: max(readout, exposure) + gap
   * @return four frames per projection
   */
  public static OpuClock ofFrames(double frameSeconds) {
    return new OpuClock("custom", LinearReadout.FRAMES * frameSeconds, "custom");
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
}
