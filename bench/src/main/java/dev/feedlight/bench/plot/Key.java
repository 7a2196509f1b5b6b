package dev.feedlight.bench.plot;

import java.awt.Graphics2D;

/** What the marks or colours of a {@link FigureSheet} mean. */
public sealed interface Key permits Legend, ColorBar {
  /** Height at this width. */
  int height(int width);

  /** Least width. */
  int columnWidth();

  /** Draws the key with its upper left corner at (x, y). */
  void paint(Graphics2D g, int x, int y, int width);
}
