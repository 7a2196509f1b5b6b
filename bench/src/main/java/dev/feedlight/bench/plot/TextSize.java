package dev.feedlight.bench.plot;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/** Sizes of text, the same whatever it is drawn on, so that PNG and SVG have one layout. */
final class TextSize {
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private TextSize() {}

  static double width(Font font, String text) {
    return text.isEmpty() ? 0 : font.getStringBounds(text, CONTEXT).getWidth();
  }

  static double ascent(Font font) {
    return font.getLineMetrics("Ag", CONTEXT).getAscent();
  }

  static double height(Font font) {
    return font.getLineMetrics("Ag", CONTEXT).getHeight();
  }

  /** Distance from the middle of a line of digits to its baseline. */
  static double middleToBaseline(Font font) {
    return 0.39 * ascent(font);
  }
}
