package dev.feedlight.bench.plot;

import java.awt.Color;
import java.util.List;

/** Colours for values, as a {@link ColorBar} explains them. */
public sealed interface ColorScale permits ErrorScale, DivergingScale, ShareScale {
  /** Written at the colour bar, with the unit where there is one. */
  String title();

  /** Values that the colour bar names. */
  List<Double> ticks();

  /** Where {@code value} lies: 0 at one end, 1 at the other. */
  double fraction(double value);

  /** The colour at a share of the way. */
  Color at(double fraction);

  /** The colour of a value. */
  default Color color(double value) {
    return at(fraction(value));
  }
}
