package dev.feedlight.bench.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;

/** One plot of a {@link FigureSheet}. */
public interface Panel {
  /** Room below the frame for tick labels. */
  int TICK_HEIGHT = 26;

  /** Room below the tick labels for the title of the horizontal axis. */
  int X_TITLE_HEIGHT = 24;

  /**
   * What surrounds the frame; panels of a row may share the vertical axis of its first one.
   *
   * @param yLabels whether tick labels and title stand left of the frame
   * @param xTitle whether the title stands below the tick labels
   */
  record Surroundings(boolean yLabels, boolean xTitle) {}

  /**
   * A piece of text.
   *
   * @param text what is written
   * @param color in which colour
   */
  record Text(String text, Color color) {}

  /** Width needed left of the frame for tick labels and title. */
  int leftWidth();

  /** Height needed above a frame of this width for the title. */
  int titleHeight(int width);

  /** Draws the panel with its frame at {@code area}. */
  void paint(Graphics2D g, Rectangle area, Surroundings surroundings);
}
