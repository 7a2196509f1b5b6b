package dev.feedlight.bench.plot;

import java.awt.Color;
import java.util.List;

/**
 * Colours for values whose distance from 1 counts, on a logarithmic scale of that distance: from
 * 0.9 to 0.99 is as far as from 0.99 to 0.999. Values beyond the ends have the colour of the end.
 *
 * @param title of the colour bar, with the unit where there is one
 * @param low value of the darkest colour, below {@code high}
 * @param high value of the brightest colour, below 1
 * @param ticks values that the colour bar names, from {@code low} to {@code high}
 */
public record ErrorScale(String title, double low, double high, List<Double> ticks)
    implements ColorScale {
  /**
   * "viridis" (Smith and van der Walt 2015) in nine steps: equally far apart and ordered by
   * lightness for any colour vision, on paper without colours too.
   */
  private static final int[] VIRIDIS = {
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725
  };

  /** Checks the ends. */
  public ErrorScale {
    if (!(low < high && high < 1) || Double.isInfinite(low)) {
      throw new FigureDataException(
          "a scale of errors needs low < high < 1, not " + low + " and " + high);
    }
    double from = low;
    double to = high;
    if (!ticks.stream().allMatch(tick -> from <= tick && tick <= to)) {
      throw new FigureDataException("ticks " + ticks + " do not lie in " + low + " to " + high);
    }
    ticks = List.copyOf(ticks);
  }

  /** Where {@code value} lies: 0 at the dark end, 1 at the bright one. */
  @Override
  public double fraction(double value) {
    double share = Math.log((1 - low) / (1 - value)) / Math.log((1 - low) / (1 - high));
    return value >= high ? 1 : value <= low ? 0 : share;
  }

  @Override
  public Color at(double fraction) {
    return Look.between(VIRIDIS, fraction);
  }

  /** Black or white, whichever stands out more: a contrast of at least 4.5 (WCAG 2.1, level AA). */
  static Color textOn(Color background) {
    return contrast(Look.BLACK, background) > contrast(Color.WHITE, background)
        ? Look.BLACK
        : Color.WHITE;
  }

  /** Contrast of two colours, 1 to 21, after WCAG 2.1. */
  static double contrast(Color one, Color other) {
    double first = luminance(one) + 0.05;
    double second = luminance(other) + 0.05;
    return Math.max(first, second) / Math.min(first, second);
  }

  /** Relative luminance, 0 to 1. */
  static double luminance(Color color) {
    return 0.2126 * linear(color.getRed())
        + 0.7152 * linear(color.getGreen())
        + 0.0722 * linear(color.getBlue());
  }

  private static double linear(int level) {
    double share = level / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
