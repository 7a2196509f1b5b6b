package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Cells lie where their names say, in the colour of their value, and can be read. */
final class HeatMapTest {
  private static final ErrorScale SCALE =
      new ErrorScale("r", 0, 0.999, List.of(0.0, 0.9, 0.99, 0.999));
  private static final Rectangle AREA = new Rectangle(100, 50, 400, 300);

  private static HeatMap map(HeatMap.Cell... cells) {
    return new HeatMap(
        "title",
        new HeatMap.Names("x", List.of("a", "b")),
        new HeatMap.Names("y", List.of("low", "high")),
        List.of(cells),
        SCALE);
  }

  private static HeatMap.Cell cell(double value, boolean marked) {
    return new HeatMap.Cell(OptionalDouble.of(value), "", "", marked);
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

  private static Color at(BufferedImage image, int x, int y) {
    return new Color(image.getRGB(x, y));
  }

  @Test
  void rowsGoFromTheBottomUp() {
    HeatMap.Cell none = new HeatMap.Cell(OptionalDouble.empty(), "", "", false);
    BufferedImage image = painted(map(cell(0, false), cell(0.9, true), cell(0.99, false), none));
    assertThat(at(image, 200, 275)).isEqualTo(SCALE.color(0));
    assertThat(at(image, 400, 275)).isEqualTo(SCALE.color(0.9));
    assertThat(at(image, 200, 125)).isEqualTo(SCALE.color(0.99));
    assertThat(at(image, 400, 125)).isEqualTo(new Color(0xEE, 0xEE, 0xEE));
    assertThat(at(image, 400, 201)).isEqualTo(Look.VERMILLION);
    assertThat(at(image, 200, 201)).isEqualTo(SCALE.color(0));
  }

  @Test
  void cellsMustFillTheNames() {
    assertThatThrownBy(() -> map(cell(0, false)))
        .isInstanceOf(FigureDataException.class)
        .hasMessage("1 cells do not fill 2 x 2 names");
    assertThatThrownBy(() -> new HeatMap.Names("x", List.of()))
        .isInstanceOf(FigureDataException.class);
  }

  @Test
  void theScaleIsLogarithmicInTheDistanceFromOne() {
    assertThat(SCALE.fraction(0)).isZero();
    assertThat(SCALE.fraction(0.9)).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(SCALE.fraction(0.99)).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(SCALE.fraction(0.999)).isEqualTo(1);
    assertThat(SCALE.fraction(1)).isEqualTo(1);
    assertThat(SCALE.fraction(-0.5)).isZero();
    assertThatThrownBy(() -> new ErrorScale("r", 0.5, 1, List.of()))
        .hasMessageContaining("low < high < 1, not 0.5 and 1.0");
    assertThatThrownBy(() -> new ErrorScale("r", 0.5, 0.9, List.of(0.4)))
        .hasMessageContaining("[0.4]");
  }

  /** Ordered by lightness without colours too, and every text stands out as WCAG's AA asks. */
  @Test
  void coloursAscendInLightnessAndTextsStandOut() {
    double last = -1;
    for (int i = 0; i <= 256; i++) {
      Color color = SCALE.at(i / 256.0);
      double luminance = ErrorScale.luminance(color);
      assertThat(luminance).as("colour %d", i).isGreaterThan(last - 1e-3);
      last = luminance;
      assertThat(ErrorScale.contrast(ErrorScale.textOn(color), color)).isGreaterThan(4.5);
    }
    assertThat(ErrorScale.luminance(SCALE.at(0))).isLessThan(0.02);
    assertThat(last).isGreaterThan(0.7);
  }
}
