package dev.feedlight.bench.plot;

/**
 * A single marker with a text beside it.
 *
 * @param x above 0, in data units
 * @param y above 0, in data units
 * @param text written where it covers least
 * @param style the marker; the text takes its colour
 * @param label text in the legend
 */
public record Callout(double x, double y, String text, MarkStyle style, String label) {
  public Callout {
    if (!(x > 0 && y > 0 && Double.isFinite(x * y))) {
      throw new FigureDataException(
          "callout \"" + text + "\" at x " + x + ", y " + y + " has no place on logarithmic axes");
    }
  }
}
