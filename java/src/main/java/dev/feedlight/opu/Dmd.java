package dev.feedlight.opu;

import dev.feedlight.tensor.ShapeException;

/**
 * The digital micromirror device that writes binary patterns onto the light.
 *
 * <p>With macropixels an input is shown by as many mirrors as there are for it, which sends more
 * light; mirrors left over stay dark. Light from those would add a constant field to every frame,
 * and the read-out would then need a frame that mirrors cannot show.
 *
 * @param mirrors number of mirrors
 * @param macropixels whether each input is spread over mirrors / inputs mirrors; off: one mirror
 *     per input
 */
public record Dmd(long mirrors, boolean macropixels) {
  /** 912 x 1140 mirrors (LightOn's driver). */
  public static final long DEFAULT_MIRRORS = 912L * 1140;

  /** Checks that there is a mirror. */
  public Dmd {
    if (mirrors < 1) {
      throw new IllegalArgumentException("a DMD needs at least one mirror, not " + mirrors);
    }
  }

  /**
   * One mirror per input.
   *
   * @param mirrors number of mirrors
   */
  public Dmd(long mirrors) {
    this(mirrors, false);
  }

  /**
   * A DMD of 912 x 1140 mirrors, one per input (ours: what macropixels add is light, of which
   * exposure takes care).
   *
   * @return the default
   */
  public static Dmd defaults() {
    return new Dmd(DEFAULT_MIRRORS);
  }

  /**
   * The same mirrors with or without macropixels.
   *
   * @param on whether inputs are spread over several mirrors
   * @return a copy
   */
  public Dmd withMacropixels(boolean on) {
    return new Dmd(mirrors, on);
  }

  /**
   * Mirrors that show one input.
   *
   * @param inputs entries of the vector to project, at most the mirrors
   * @return at least 1
   */
  public long mirrorsPerInput(long inputs) {
    return macropixels ? mirrors / inputs : 1;
  }

  /**
   * Mirrors that always stay dark.
   *
   * @param inputs entries of the vector to project
   * @return at least 0
   */
  public long unusedMirrors(long inputs) {
    return mirrors - inputs * mirrorsPerInput(inputs);
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
   * @param frames one byte per input
   * @throws IllegalArgumentException if a byte is neither 0 nor 1
   */
  public static void requireBinary(byte[] frames) {
    for (int i = 0; i < frames.length; i++) {
      if ((frames[i] & ~1) != 0) {
        throw new IllegalArgumentException(
            "mirrors are 0 or 1, but entry "
                + i
                + " of the frames is "
                + frames[i]
                + "; an encoder (BinaryThreshold, BitPlanes) makes mirrors of other numbers");
      }
    }
  }
}
