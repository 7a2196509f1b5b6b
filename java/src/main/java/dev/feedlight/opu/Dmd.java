package dev.feedlight.opu;

import dev.feedlight.tensor.ShapeException;

/**
 * The digital micromirror device that writes binary patterns onto the light.
 *
 * @param mirrors number of mirrors, one per input
 */
public record Dmd(long mirrors) {
  /** 912 x 1140 mirrors (LightOn's driver). */
  public static final long DEFAULT_MIRRORS = 912L * 1140;

  /** Checks that there is a mirror. */
  public Dmd {
    if (mirrors < 1) {
      throw new IllegalArgumentException("a DMD needs at least one mirror, not " + mirrors);
    }
  }

  /**
   * A DMD of 912 x 1140 mirrors.
   *
   * @return the default
   */
  public static Dmd defaults() {
    return new Dmd(DEFAULT_MIRRORS);
  }

  /**
   * Refuses inputs that do not fit.
   *
   * @param inputs entries of the vector to project
   * @throws ShapeException if there are more inputs than mirrors
   */
  public void require(long inputs) {
    if (inputs < 1 || inputs > mirrors) {
      throw new ShapeException(
          "a vector of " + inputs + " entries does not fit a DMD of " + mirrors + " mirrors");
    }
  }

  /**
   * Refuses patterns that mirrors cannot show.
   *
   * @param frames one byte per mirror
   * @throws IllegalArgumentException if a byte is neither 0 nor 1
   */
  public static void requireBinary(byte[] frames) {
    for (int i = 0; i < frames.length; i++) {
      if ((frames[i] & ~1) != 0) {
        throw new IllegalArgumentException(
            "mirrors are 0 or 1, but entry " + i + " of the frames is " + frames[i]);
      }
    }
  }
}
