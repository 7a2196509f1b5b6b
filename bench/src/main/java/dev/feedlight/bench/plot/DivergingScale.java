package dev.feedlight.bench.plot;

import java.awt.Color;
import java.util.List;

/**
 * Colours for values whose sign counts: one hue below 0, another above, white at 0. Values beyond
 * the ends have the colour of the end.
 *
 * @param title of the colour bar, with the unit
 * @param hues from the negative to the positive end
 * @param most value of the dark positive end, above 0; its negative is the other end
 */
public record DivergingScale(String title, Hues hues, double most) implements ColorScale {
  /** Hues of both signs. */
  public enum Hues {
    /** For temperatures. */
    BLUE_TO_RED,
    /** For precipitation. */
    BROWN_TO_GREEN
  }

  /** "RdBu" (C. Brewer, colorbrewer2.org) turned round: safe for any colour vision. */
  private static final int[] BLUE_TO_RED = {
    0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D,
    0xB2182B, 0x67001F
  };

  /** "BrBG" of the same source. */
  private static final int[] BROWN_TO_GREEN = {
    0x543005, 0x8C510A, 0xBF812D, 0xDFC27D, 0xF6E8C3, 0xF5F5F5, 0xC7EAE5, 0x80CDC1, 0x35978F,
    0x01665E, 0x003C30
  };

  /** Checks the end. */
  public DivergingScale {
    if (!(most > 0 && Double.isFinite(most))) {
      throw new FigureDataException("a diverging scale needs an end above 0, not " + most);
    }
  }

  /**
   * A scale with a round end that holds all values.
   *
   * @param title of the colour bar, with the unit
   * @param hues from the negative to the positive end
   * @param largest magnitude of the values; 0 counts as 1
   */
  public static DivergingScale over(String title, Hues hues, double largest) {
    double magnitude = largest > 0 ? largest : 1;
    double power = Math.pow(10, Math.floor(Math.log10(magnitude)));
    for (double step : new double[] {1, 2, 4, 6, 8}) {
      if (magnitude <= step * power) {
        return new DivergingScale(title, hues, step * power);
      }
    }
    return new DivergingScale(title, hues, 10 * power);
  }

  @Override
  public List<Double> ticks() {
    return List.of(-most, -most / 2, 0.0, most / 2, most);
  }

  @Override
  public double fraction(double value) {
    return Math.clamp((value / most + 1) / 2, 0, 1);
  }

  @Override
  public Color at(double fraction) {
    return Look.between(
        switch (hues) {
          case BLUE_TO_RED -> BLUE_TO_RED;
          case BROWN_TO_GREEN -> BROWN_TO_GREEN;
        },
        fraction);
  }
}
