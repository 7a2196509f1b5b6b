package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.bench.plot.MarkStyle.Dash;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is drawn lies where the axes say and not beyond the frame. */
final class LinearPanelTest {
  private static final Rectangle AREA = new Rectangle(100, 50, 400, 300);
  private static final LinearAxis X = new LinearAxis("x", 0, 400, List.of());
  private static final LinearAxis Y = new LinearAxis("y", -1, 2, List.of());

  @Test
  void pointsLieWhereTheAxesSay() {
    BufferedImage image =
        painted(X, series(dots(), new Series.Point(100, 0), new Series.Point(300, -0.5)));
    assertThat(color(image, 200, 250)).isEqualTo(Color.RED);
    assertThat(color(image, 400, 300)).isEqualTo(Color.RED);
    assertThat(color(image, 300, 275)).isEqualTo(Color.WHITE);
  }

  @Test
  void theHorizontalAxisMayBeLogarithmic() {
    LogAxis x = new LogAxis("x", 1, 10_000, List.of());
    BufferedImage image = painted(x, series(dots(), new Series.Point(100, 1)));
    assertThat(color(image, 300, 150)).isEqualTo(Color.RED);
  }

  @Test
  void theHorizontalAxisMayBeNames() {
    LinearAxis x = LinearAxis.categories("rule", List.of("bp", "dfa"));
    BufferedImage image = painted(x, series(dots(), new Series.Point(1, 1)));
    assertThat(color(image, 400, 150)).isEqualTo(Color.RED);
  }

  @Test
  void linesJoinPointsAndEndAtTheFrame() {
    Series line = series(line(), new Series.Point(-200, 1), new Series.Point(600, 1));
    BufferedImage image = painted(X, line);
    assertThat(isReddish(color(image, 105, 150))).isTrue();
    assertThat(isReddish(color(image, 495, 150))).isTrue();
    assertThat(isReddish(color(image, 95, 150))).isFalse();
    assertThat(isReddish(color(image, 505, 150))).isFalse();
    BufferedImage markers =
        painted(X, series(dots(), new Series.Point(-20, 1), new Series.Point(420, 1)));
    assertThat(isReddish(color(markers, 80, 150))).isFalse();
    assertThat(isReddish(color(markers, 520, 150))).isFalse();
  }

  @Test
  void aBandIsFaintBetweenLowAndHigh() {
    BufferedImage image =
        painted(
            X, series(line(), new Series.Point(0, 0, -0.5, 1), new Series.Point(400, 0, -3, 1)));
    for (int y : new int[] {155, 245, 255}) {
      Color inside = color(image, 300, y);
      assertThat(inside).isNotEqualTo(Color.WHITE);
      assertThat(inside.getGreen()).isGreaterThan(180);
    }
    assertThat(color(image, 300, 145)).isEqualTo(Color.WHITE);
    // The lower edge runs from -0.5 to below the frame.
    assertThat(color(image, 110, 310)).isEqualTo(Color.WHITE);
    assertThat(color(image, 480, 345)).isNotEqualTo(Color.WHITE);
    assertThat(color(image, 480, 354)).isEqualTo(Color.WHITE);
  }

  @Test
  void barsOfErrorHaveCaps() {
    Series series =
        new Series("", dots(), Series.Spread.BARS, List.of(new Series.Point(200, 0, -0.5, 0.5)));
    BufferedImage image = painted(X, series);
    assertThat(isReddish(color(image, 300, 210))).isTrue();
    assertThat(isReddish(color(image, 303, 200))).isTrue();
    assertThat(isReddish(color(image, 303, 300))).isTrue();
    assertThat(isReddish(color(image, 303, 210))).isFalse();
  }

  @Test
  void denseLinesCarrySomeMarkersAndPointsAlonesAll() {
    Series.Point[] points =
        IntStream.range(0, 40)
            .mapToObj(i -> new Series.Point(10 * i, 1))
            .toArray(Series.Point[]::new);
    MarkStyle marked = MarkStyle.line(Color.RED, Dash.SOLID, Glyph.SQUARE, true);
    BufferedImage lines = painted(X, series(marked, points));
    BufferedImage alone = painted(X, series(dots(), points));
    // Beside the line, above its middle: every third point of 40.
    assertThat(IntStream.range(0, 40).filter(i -> isReddish(color(lines, 100 + 10 * i, 147))))
        .hasSize(14);
    assertThat(IntStream.range(0, 40).filter(i -> isReddish(color(alone, 100 + 10 * i, 147))))
        .hasSize(40);
  }

  @Test
  void histogramsStandOnZero() {
    double[] edges = {0, 100, 200, 300};
    Bars bars = Bars.histogram("", Color.RED, edges, new double[] {1, 0, -0.5});
    BufferedImage image = painted(X, bars);
    assertThat(isReddish(color(image, 150, 160))).isTrue();
    assertThat(isReddish(color(image, 150, 240))).isTrue();
    assertThat(color(image, 150, 260)).isEqualTo(Color.WHITE);
    assertThat(color(image, 250, 240)).isEqualTo(Color.WHITE);
    assertThat(isReddish(color(image, 350, 260))).isTrue();
    assertThat(color(image, 350, 240)).isEqualTo(Color.WHITE);
    assertThatThrownBy(() -> Bars.histogram("", Color.RED, edges, new double[2]))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining("2 bars have 3 edges, not 4");
    assertThatThrownBy(() -> new Bars.Bar(1, 1, 0)).hasMessageContaining("1.0 to 1.0");
  }

  @Test
  void referencesBeyondTheAxisAreLeftOut() {
    LinearPanel panel = new LinearPanel(List.of(), X, Y, List.of(), List.of(-2.0, 0.0, 3.0));
    assertThat(panel.references()).containsExactly(0.0);
  }

  private static Series series(MarkStyle style, Series.Point... points) {
    return new Series("", style, Series.Spread.BAND, List.of(points));
  }

  private static MarkStyle dots() {
    return MarkStyle.point(Color.RED, Glyph.CIRCLE, true, 8);
  }

  private static MarkStyle line() {
    return MarkStyle.line(Color.RED, Dash.SOLID, Glyph.NONE, false);
  }

  private static BufferedImage painted(Axis x, PanelLayer layer) {
    BufferedImage image = new BufferedImage(600, 420, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, 600, 420);
    new LinearPanel(List.of(), x, Y, List.of(layer), List.of())
        .paint(g, AREA, new Panel.Surroundings(true, true));
    g.dispose();
    return image;
  }

  private static Color color(BufferedImage image, int x, int y) {
    return new Color(image.getRGB(x, y));
  }

  private static boolean isReddish(Color color) {
    return color.getRed() > color.getGreen() + 60;
  }
}
