package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Loss curves with their levels, and maps of attention. */
final class Fig2FigureTest {
  private static final ShareScale SCALE = new ShareScale("attention");
  private static final Color FULL = SCALE.color(1);

  private static long count(FigureSheet sheet, Color color) throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(FigureWriter.png(sheet)));
    long count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += image.getRGB(x, y) == color.getRGB() ? 1 : 0;
      }
    }
    return count;
  }

  private static FigureSheet map(List<List<Double>> weights) {
    AttentionMap map = new AttentionMap("map", List.of("a", "\u00B7b", "c"), weights, SCALE);
    return new FigureSheet("t", List.of("c"), List.of(map), 2, 300, new ColorBar(SCALE, ""));
  }

  @Test
  void shadesGoFromWhiteToFull() {
    assertThat(SCALE.color(0)).isEqualTo(Color.WHITE);
    assertThat(ErrorScale.luminance(SCALE.color(0.3))).isBetween(ErrorScale.luminance(FULL), 1.0);
  }

  @Test
  void aCellIsAsOrangeAsItsWeight() throws Exception {
    List<Double> none = List.of(0.0, 0.0, 0.0);
    long own = count(map(List.of(List.of(1.0, 0.0, 0.0), List.of(0.0, 1.0, 0.0), none)), FULL);
    long first = count(map(List.of(List.of(1.0, 0.0, 0.0), none, none)), FULL);
    assertThat(first).isPositive();
    assertThat(own).isCloseTo(2 * first, within(own / 20));
  }

  @Test
  void aMapWithoutItsCellsIsRefused() {
    assertThatThrownBy(() -> map(List.of(List.of(1.0))))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining("3 tokens");
    assertThatThrownBy(
            () ->
                map(
                    List.of(
                        List.of(1.0, 0.0, 0.0), List.of(2.0, 0.0, 0.0), List.of(1.0, 0.0, 0.0))))
        .isInstanceOf(FigureDataException.class);
  }

  @Test
  void lossesLieInBothPanelsAndLevelsCross() throws Exception {
    List<Series.Point> falling = List.of(new Series.Point(0, 7), new Series.Point(1, 4));
    LossFigure figure =
        new LossFigure(
            List.of(
                new LossFigure.Line("own", falling, falling),
                new LossFigure.Line("plain", falling, falling),
                new LossFigure.Line("green", falling, falling)),
            List.of(new LossFigure.Level("nothing", 6.9), new LossFigure.Level("unigram", 5.5)));
    FigureSheet sheet = figure.sheet("title", List.of("caption"));
    assertThat(count(sheet, Look.GREEN)).isPositive();
    String svg = FigureWriter.svg(sheet);
    assertThat(svg).contains("own", "plain", "green", "nothing", "unigram", "while training");
    assertThat(svg.indexOf(">own<")).isLessThan(svg.indexOf(">nothing<"));
  }

  @Test
  void moreCurvesThanStylesAreRefused() {
    LossFigure.Line line = new LossFigure.Line("l", List.of(), List.of());
    assertThatThrownBy(() -> new LossFigure(List.of(line, line, line, line, line, line), List.of()))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining("6 loss curves");
  }
}
