package dev.feedlight.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;

/** Fonts, colours and lengths shared by all figures. */
final class Look {
  /** 16 px are 12 pt at the usual 96 px per inch: the smallest text of a figure. */
  static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 16);

  static final Font PANEL_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);
  static final Font SHEET_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 22);

  static final Color INK = new Color(0x22, 0x22, 0x22);
  static final Color FAINT_INK = new Color(0x55, 0x55, 0x55);
  static final Color FRAME = new Color(0x77, 0x77, 0x77);
  static final Color MAJOR_GRID = new Color(0xDD, 0xDD, 0xDD);
  static final Color MINOR_GRID = new Color(0xF1, 0xF1, 0xF1);

  // Okabe and Ito, "Color Universal Design" (2008): told apart with any colour vision.
  static final Color BLUE = new Color(0x00, 0x72, 0xB2);
  static final Color GREEN = new Color(0x00, 0x9E, 0x73);
  static final Color VERMILLION = new Color(0xD5, 0x5E, 0x00);
  static final Color PURPLE = new Color(0xCC, 0x79, 0xA7);
  static final Color ORANGE = new Color(0xE6, 0x9F, 0x00);
  static final Color BLACK = new Color(0x00, 0x00, 0x00);

  static final float MARKER_SIZE = 9f;
  static final float CURVE_WIDTH = 2.2f;
  static final BasicStroke HAIRLINE = new BasicStroke(1f);

  /**
   * Anchors of matplotlib's "plasma" (Smith and van der Walt 2015) without its yellow end, which
   * white paper swallows: blue for little and red for much, as in the paper; ordered by lightness
   * too, so readable with any colour vision.
   */
  private static final int[] PLASMA = {0x0D0887, 0x5C01A6, 0x9C179E, 0xCC4778, 0xED7953};

  private Look() {}

  /** {@code count} colours from little to much. */
  static List<Color> sequence(int count) {
    List<Color> colors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      colors.add(between(PLASMA, count == 1 ? 0 : (double) i / (count - 1)));
    }
    return colors;
  }

  /** The colour at a share, 0 to 1, of the way along anchors that lie equally far apart. */
  static Color between(int[] anchors, double share) {
    double place = share * (anchors.length - 1);
    int left = Math.min((int) place, anchors.length - 2);
    return mix(new Color(anchors[left]), new Color(anchors[left + 1]), place - left);
  }

  private static Color mix(Color from, Color to, double share) {
    return new Color(
        mix(from.getRed(), to.getRed(), share),
        mix(from.getGreen(), to.getGreen(), share),
        mix(from.getBlue(), to.getBlue(), share));
  }

  private static int mix(int from, int to, double share) {
    return Math.toIntExact(Math.round(from + (to - from) * share));
  }
}
