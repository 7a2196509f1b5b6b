package dev.feedlight.opu;

import dev.feedlight.tensor.ShapeException;
import java.util.Locale;

/**
 * Which pixels become outputs. A region larger than the outputs is read; output j is the j-th of
 * its pixels whose anchor is bright enough and not saturated. Dark anchors are the read-out's weak
 * point: it divides by them.
 *
 * @param oversampling pixels of the region per output, at least 1; 1 takes every pixel as it is
 * @param minimumLevel smallest anchor that is accepted, as a fraction of full scale
 */
public record PixelSelection(double oversampling, double minimumLevel) {
  /** Every pixel is an output; the read-out's floor takes care of dark anchors. */
  public static final PixelSelection ALL = new PixelSelection(1, 0);

  /**
   * Smallest accepted anchor, 5 % of full scale (ours): by simulation it brings the correlation
   * with the exact projection from 0.988 to 0.995 and keeps 79 % of the pixels.
   */
  public static final double DEFAULT_MINIMUM_LEVEL = 0.05;

  /** Pixels per output, 1.4 (ours): 79 % of them are accepted at the default exposure. */
  public static final double DEFAULT_OVERSAMPLING = 1.4;

  /** Checks the ranges. */
  public PixelSelection {
    if (!(oversampling >= 1) || Double.isInfinite(oversampling)) {
      throw new IllegalArgumentException(
          "oversampling must be finite and at least 1, not " + oversampling);
    }
    if (!(minimumLevel >= 0 && minimumLevel < 1)) {
      throw new IllegalArgumentException(
          "the smallest accepted anchor must lie in [0, 1) of full scale, not " + minimumLevel);
    }
  }

  /**
   * The brightest four fifths.
   *
   * @return anchors above 5 % of full scale from 1.4 times as many pixels
   */
  public static PixelSelection bright() {
    return new PixelSelection(DEFAULT_OVERSAMPLING, DEFAULT_MINIMUM_LEVEL);
  }

  /**
   * Whether pixels are selected at all.
   *
   * @return true if the region is larger than the outputs
   */
  public boolean selects() {
    return oversampling > 1;
  }

  /**
   * Pixels that are read.
   *
   * @param outputs wanted
   * @return size of the region
   */
  public long region(long outputs) {
    return (long) Math.ceil(outputs * oversampling);
  }

  /**
   * Whether a pixel would do.
   *
   * @param anchor its count, less the dark offset
   * @param full counts at full scale, less the dark offset; infinite if nothing saturates
   * @return true if the anchor is bright enough and not saturated
   */
  public boolean accepts(float anchor, float full) {
    double dark = Double.isInfinite(full) ? 0 : minimumLevel * full;
    return anchor > dark && anchor < full;
  }

  /**
   * Numbers of the accepted pixels.
   *
   * @param anchor counts of the region, less the dark offset
   * @param full counts at full scale, less the dark offset; infinite if nothing saturates
   * @param outputs wanted
   * @return as many numbers, ascending
   * @throws ShapeException if fewer are accepted; the message says what would work
   */
  int[] select(float[] anchor, float full, int outputs) {
    int[] numbers = new int[outputs];
    int accepted = 0;
    for (int i = 0; i < anchor.length; i++) {
      if (accepts(anchor[i], full)) {
        if (accepted < outputs) {
          numbers[accepted] = i;
        }
        accepted++;
      }
    }
    if (accepted < outputs) {
      throw new ShapeException(
          "of "
              + anchor.length
              + " pixels "
              + accepted
              + " are bright enough and not saturated, fewer than the "
              + outputs
              + " outputs; "
              + (accepted == 0
                  ? "another exposure (mean anchor level) would help"
                  : String.format(
                      Locale.ROOT,
                      "an oversampling of %.2f would do",
                      advised(accepted / (double) anchor.length, accepted, outputs))));
    }
    return numbers;
  }

  /**
   * Pixels per output with which so many are accepted, if the share that was seen is up to four
   * standard errors too good and the next draw as many too bad.
   */
  private static double advised(double share, int accepted, int outputs) {
    double spread = Math.sqrt(1 - share) * (1 / Math.sqrt(accepted) + 1 / Math.sqrt(outputs));
    return (1 + 4 * spread) / share + 0.01;
  }
}
