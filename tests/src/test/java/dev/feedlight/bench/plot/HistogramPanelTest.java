package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bars, law and end lie where the axes say. */
final class HistogramPanelTest {
  private static final Rectangle AREA = new Rectangle(100, 50, 400, 300);

  private static BufferedImage painted(HistogramPanel.Bin... bins) {
    HistogramPanel panel =
        new HistogramPanel(
            "title",
            new LinearAxis("x", 0, 4, List.of()),
            new LogAxis("y", 1, 1000, List.of()),
            List.of(bins));
    BufferedImage image = new BufferedImage(600, 420, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, 600, 420);
    panel.paint(g, AREA, new Panel.Surroundings(true, true));
    g.dispose();
    return image;
  }

  private static HistogramPanel.Bin bin(double left, long count, double expected, boolean end) {
    return new HistogramPanel.Bin(left, left + 1, count, expected, end);
  }

  private static boolean isBlue(BufferedImage image, int x, int y) {
    Color color = new Color(image.getRGB(x, y));
    return color.getBlue() > color.getRed() + 50;
  }

  private static boolean isDark(BufferedImage image, int x, int y) {
    Color color = new Color(image.getRGB(x, y));
    return color.getRed() + color.getGreen() + color.getBlue() < 120;
  }

  @Test
  void barsStandOnTheAxisAndTheLawIsDrawnInSteps() {
    BufferedImage image =
        painted(bin(0, 100, 10, false), bin(1, 0, 100, false), bin(2, 1, 100, false));
    // 100 of 1 to 1000 is two thirds of the height: 200 of 300 below the top.
    assertThat(isBlue(image, 150, 156)).isTrue();
    assertThat(isBlue(image, 150, 144)).isFalse();
    assertThat(isBlue(image, 150, 345)).isTrue();
    assertThat(isBlue(image, 250, 345)).isFalse();
    assertThat(isDark(image, 150, 250)).isTrue();
    assertThat(isDark(image, 250, 150)).isTrue();
    assertThat(isDark(image, 200, 200)).isTrue();
    assertThat(isDark(image, 350, 150)).isTrue();
    assertThat(isDark(image, 450, 150)).isFalse();
  }

  @Test
  void theEndIsNoPartOfTheLaw() {
    BufferedImage image = painted(bin(0, 100, 100, false), bin(3, 10, 100, true));
    assertThat(isDark(image, 410, 150)).isFalse();
    Color end = new Color(image.getRGB(470, 340));
    assertThat(end.getRed()).isGreaterThan(end.getBlue() + 50);
  }

  @Test
  void binsAreChecked() {
    assertThatThrownBy(() -> new HistogramPanel.Bin(1, 1, 0, 0, false))
        .isInstanceOf(FigureDataException.class);
    assertThatThrownBy(() -> new HistogramPanel.Bin(0, 1, -1, 0, false))
        .isInstanceOf(FigureDataException.class);
    assertThatThrownBy(() -> new HistogramPanel.Bin(0, 1, 0, Double.NaN, false))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining("NaN");
  }
}
