package dev.feedlight.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;

/**
 * A map in the equirectangular projection with a graticule: north up; a map of the whole globe has
 * Greenwich in its middle. No coast lines: none come with the data.
 *
 * @param title above the frame
 * @param latitudes of the rows of {@code values}, degrees north, rising or falling
 * @param longitudes of the columns, degrees east, rising
 * @param values row by row; not finite: grey
 * @param scale colours
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MapPanel(
    String title, double[] latitudes, double[] longitudes, double[] values, ColorScale scale)
    implements Panel {
  private static final int TITLE_HEIGHT = 30;
  private static final int LEFT = 52;
  private static final double GLOBE = 355;
  private static final Color NO_VALUE = new Color(0xBB, 0xBB, 0xBB);
  private static final Color GRATICULE = new Color(0x22, 0x22, 0x22, 0x50);
  private static final BasicStroke GRATICULE_STROKE = new BasicStroke(0.7f);

  /** Pixels per degree of the picture behind the frame: a cell of a degree is still sharp. */
  private static final int DENSITY = 4;

  /** Checks that the values fill the grid. */
  public MapPanel {
    if (latitudes.length < 2
        || longitudes.length < 2
        || values.length != latitudes.length * longitudes.length) {
      throw new FigureDataException(
          values.length
              + " values do not fill a map of "
              + latitudes.length
              + " x "
              + longitudes.length
              + " cells, at least 2 x 2");
    }
    for (int i = 1; i < longitudes.length; i++) {
      if (!(longitudes[i] > longitudes[i - 1])) {
        throw new FigureDataException("longitudes do not rise: " + Arrays.toString(longitudes));
      }
    }
    latitudes = latitudes.clone();
    longitudes = longitudes.clone();
    values = values.clone();
  }

  @Override
  public int leftWidth() {
    return LEFT;
  }

  @Override
  public int titleHeight(int width) {
    return TITLE_HEIGHT;
  }

  /**
   * The height of a frame in which a degree is as high as wide.
   *
   * @param width of the frame
   */
  public int frameHeight(int width) {
    return Math.toIntExact(Math.round(width * (north() - south()) / (east() - west())));
  }

  @Override
  public void paint(Graphics2D g, Rectangle area, Surroundings surroundings) {
    g.setFont(Look.PANEL_TITLE);
    g.setColor(Look.INK);
    g.drawString(title, area.x, area.y - TITLE_HEIGHT / 3f);
    Shape before = g.getClip();
    g.clip(area);
    g.drawImage(picture(), area.x, area.y, area.width, area.height, null);
    g.setClip(before);
    double step = global() ? 30 : 10;
    for (double lat = Math.ceil(south() / step) * step; lat <= north(); lat += step) {
      double y = area.y + area.height * (north() - lat) / (north() - south());
      line(g, new Line2D.Double(area.x, y, area.getMaxX(), y));
      if (surroundings.yLabels()) {
        String label = degrees(lat, "N", "S");
        g.drawString(
            label,
            (float) (area.x - 6 - TextSize.width(Look.TEXT, label)),
            (float) (y + TextSize.middleToBaseline(Look.TEXT)));
      }
    }
    double stepEast = 2 * step;
    for (double lon = Math.ceil(west() / stepEast) * stepEast; lon <= east(); lon += stepEast) {
      double x = area.x + area.width * (lon - west()) / (east() - west());
      line(g, new Line2D.Double(x, area.y, x, area.getMaxY()));
      if (global() && Math.abs(lon) == 180) {
        continue; // both edges: would run into the neighbour's
      }
      String label = degrees(lon > 180 ? lon - 360 : lon, "E", "W");
      double left = x - TextSize.width(Look.TEXT, label) / 2;
      g.drawString(label, (float) left, (float) (area.getMaxY() + 4 + TextSize.ascent(Look.TEXT)));
    }
    g.setColor(Look.FRAME);
    g.setStroke(Look.HAIRLINE);
    g.draw(area);
  }

  private static void line(Graphics2D g, Line2D line) {
    g.setColor(GRATICULE);
    g.setStroke(GRATICULE_STROKE);
    g.draw(line);
    g.setColor(Look.INK);
    g.setFont(Look.TEXT);
  }

  private static String degrees(double value, String above, String below) {
    long whole = Math.round(Math.abs(value));
    return whole == 0 || whole == 180
        ? whole + "\u00B0"
        : String.format(Locale.ROOT, "%d\u00B0%s", whole, value > 0 ? above : below);
  }

  private boolean global() {
    return longitudes[longitudes.length - 1] - longitudes[0] + 2 * halfStep(longitudes) > GLOBE;
  }

  private double west() {
    return global() ? -180 : longitudes[0] - halfStep(longitudes);
  }

  private double east() {
    return global() ? 180 : longitudes[longitudes.length - 1] + halfStep(longitudes);
  }

  private double south() {
    double outer = Math.min(latitudes[0], latitudes[latitudes.length - 1]);
    return Math.max(-90, outer - halfStep(latitudes));
  }

  private double north() {
    double outer = Math.max(latitudes[0], latitudes[latitudes.length - 1]);
    return Math.min(90, outer + halfStep(latitudes));
  }

  private static double halfStep(double[] centres) {
    return Math.abs(centres[1] - centres[0]) / 2;
  }

  /** Every pixel has the colour of the cell whose centre is nearest. */
  private BufferedImage picture() {
    int width = (int) Math.ceil((east() - west()) * DENSITY);
    int height = (int) Math.ceil((north() - south()) * DENSITY);
    int[] columns = new int[width];
    for (int x = 0; x < width; x++) {
      columns[x] = nearest(longitudes, west() + (x + 0.5) / DENSITY, 360);
    }
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      int row = nearest(latitudes, north() - (y + 0.5) / DENSITY, Double.POSITIVE_INFINITY);
      for (int x = 0; x < width; x++) {
        double value = values[row * longitudes.length + columns[x]];
        Color color = Double.isFinite(value) ? scale.color(value) : NO_VALUE;
        picture.setRGB(x, y, color.getRGB());
      }
    }
    return picture;
  }

  private static int nearest(double[] centres, double at, double period) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < centres.length; i++) {
      double apart = Math.abs(centres[i] - at) % period;
      apart = Math.min(apart, period - apart);
      if (apart < least) {
        least = apart;
        best = i;
      }
    }
    return best;
  }
}
