package dev.feedlight.bench.plot;

import java.awt.Color;
import java.util.List;

/**
 * Colours for shares: white for nothing, orange for all, as the paper shows attention. Values
 * beyond have the colour of the end.
 *
 * @param title of the colour bar
 */
public record ShareScale(String title) implements ColorScale {
  private static final int[] WHITE_TO_ORANGE = {0xFFFFFF, 0xC24A00};

  @Override
  public List<Double> ticks() {
    return List.of(0.0, 0.25, 0.5, 0.75, 1.0);
  }

  @Override
  public double fraction(double value) {
    return Math.clamp(value, 0, 1);
  }

  @Override
  public Color at(double fraction) {
    return Look.between(WHITE_TO_ORANGE, fraction);
  }
}
