package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The curves are XChart's, the axes are ours: they must agree on where a value lies. */
final class LogLogPanelTest {
  private static final Rectangle AREA = new Rectangle(100, 50, 400, 300);
  private static final LogAxis X = new LogAxis("x", 1, 10_000, List.of());
  private static final LogAxis Y = new LogAxis("y", 0.01, 10, List.of());

  @Test
  void pointsLieWhereTheAxesSay() {
    List<Curve.Point> points =
        List.of(new Curve.Point(10, 0.1), new Curve.Point(100, 1), new Curve.Point(1000, 0.1));
    BufferedImage image = painted(panel(List.of(new Curve("", dots(), points)), List.of()));
    assertThat(color(image, 200, 250)).isEqualTo(Color.RED);
    assertThat(color(image, 300, 150)).isEqualTo(Color.RED);
    assertThat(color(image, 400, 250)).isEqualTo(Color.RED);
    assertThat(count(image, Color.RED)).isBetween(150, 300);
  }

  @Test
  void aSpreadIsDrawnFromLowToHighAndClippedToTheFrame() {
    Curve curve = new Curve("", dots(), List.of(new Curve.Point(100, 1, -1, 5)));
    BufferedImage image = painted(panel(List.of(curve), List.of()));
    assertThat(isReddish(image, 300, 348)).isTrue();
    assertThat(isReddish(image, 300, 352)).isFalse();
    int high = (int) Math.round(50 + 300 * (1 - Y.fraction(5)));
    assertThat(isReddish(image, 300, high + 3)).isTrue();
    assertThat(isReddish(image, 300, high - 3)).isFalse();
  }

  @Test
  void aCalloutIsMarkedAndWritten() {
    MarkStyle style = MarkStyle.point(Color.RED, Glyph.SQUARE, true, 10);
    Callout callout = new Callout(100, 1, "here", style, "a label");
    BufferedImage image = painted(panel(List.of(), List.of(callout)));
    assertThat(color(image, 300, 150)).isEqualTo(Color.RED);
    BufferedImage wordless =
        painted(panel(List.of(), List.of(new Callout(100, 1, "", style, "a label"))));
    assertThat(count(image, Color.RED)).isGreaterThan(count(wordless, Color.RED));
  }

  @Test
  void withoutCurvesThereIsAnEmptyFrame() {
    BufferedImage image = painted(panel(List.of(), List.of()));
    assertThat(color(image, 300, 200)).isEqualTo(Color.WHITE);
    assertThat(color(image, 300, 50)).isNotEqualTo(Color.WHITE);
  }

  private static MarkStyle dots() {
    return MarkStyle.point(Color.RED, Glyph.CIRCLE, true, 8);
  }

  private static LogLogPanel panel(List<Curve> curves, List<Callout> callouts) {
    return new LogLogPanel(List.of(), X, Y, curves, callouts, List.of());
  }

  private static BufferedImage painted(Panel panel) {
    BufferedImage image = new BufferedImage(600, 420, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, 600, 420);
    panel.paint(g, AREA, new Panel.Surroundings(true, true));
    g.dispose();
    return image;
  }

  private static Color color(BufferedImage image, int x, int y) {
    return new Color(image.getRGB(x, y));
  }

  private static boolean isReddish(BufferedImage image, int x, int y) {
    Color color = color(image, x, y);
    return color.getRed() > color.getGreen() + 60;
  }

  private static int count(BufferedImage image, Color color) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += image.getRGB(x, y) == color.getRGB() ? 1 : 0;
      }
    }
    return count;
  }
}
