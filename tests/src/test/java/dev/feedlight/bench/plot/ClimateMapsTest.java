package dev.feedlight.bench.plot;

import static dev.feedlight.bench.plot.DivergingScale.Hues.BLUE_TO_RED;
import static dev.feedlight.bench.plot.DivergingScale.Hues.BROWN_TO_GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.bench.plot.ClimateMaps.Prediction;
import dev.feedlight.data.climate.Baseline;
import dev.feedlight.data.climate.ClimateData;
import dev.feedlight.data.climate.ClimateMetrics;
import dev.feedlight.data.climate.ClimateTask;
import dev.feedlight.data.climate.Grid;
import dev.feedlight.data.climate.Target;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Where values land on a map, and in which colour. */
final class ClimateMapsTest {
  private static final double[] LATITUDES = {-67.5, -22.5, 22.5, 67.5};
  private static final double[] LONGITUDES = {0, 90, 180, 270};

  private static Color painted(double[] latitudes, double[] values, int x, int y) {
    MapPanel panel =
        new MapPanel(
            "", latitudes, LONGITUDES, values, new DivergingScale("change (K)", BLUE_TO_RED, 2));
    BufferedImage image = new BufferedImage(400, 250, BufferedImage.TYPE_INT_RGB);
    panel.paint(
        image.createGraphics(), new Rectangle(0, 40, 360, 180), new Panel.Surroundings(true, true));
    return new Color(image.getRGB(x, y));
  }

  @Test
  void northIsUpAndGreenwichInTheMiddle() {
    double[] values = new double[16];
    // The most northern row, 90 degrees east.
    values[3 * 4 + 1] = 2;
    Color red = new Color(0x67, 0x00, 0x1F);
    assertThat(painted(LATITUDES, values, 270, 60)).isEqualTo(red);
    double[] turned = new double[16];
    turned[1] = 2;
    double[] falling = {67.5, 22.5, -22.5, -67.5};
    assertThat(painted(falling, turned, 270, 60)).isEqualTo(red);
    // 270 east is 90 west.
    values = new double[16];
    values[3] = -5;
    assertThat(painted(LATITUDES, values, 100, 205)).isEqualTo(new Color(0x05, 0x30, 0x61));
    assertThat(painted(LATITUDES, values, 190, 60)).isEqualTo(new Color(0xF7, 0xF7, 0xF7));
  }

  @Test
  void colorsAreCentredOnZeroWithARoundEnd() {
    assertThat(new DivergingScale("", BLUE_TO_RED, 3).fraction(0)).isEqualTo(0.5);
    assertThat(DivergingScale.over("", BLUE_TO_RED, 0.37).most()).isEqualTo(0.4);
    assertThat(DivergingScale.over("", BLUE_TO_RED, 13).most()).isEqualTo(20);
    assertThat(DivergingScale.over("", BLUE_TO_RED, 0).most()).isEqualTo(1);
    // Drought is brown, rain is green.
    assertThat(new DivergingScale("", BROWN_TO_GREEN, 3).at(0)).isEqualTo(new Color(0x543005));
    assertThat(new DivergingScale("", BROWN_TO_GREEN, 3).at(1)).isEqualTo(new Color(0x003C30));
    assertThatThrownBy(() -> new DivergingScale("", BLUE_TO_RED, Double.NaN))
        .isInstanceOf(FigureDataException.class);
  }

  @Test
  void aWholeFigureIsWritten(@TempDir Path folder) throws Exception {
    Grid grid = new Grid(LATITUDES, LONGITUDES);
    double[] truth = new double[16];
    Arrays.setAll(truth, i -> i * 0.25);
    FigureSheet sheet =
        new ClimateMaps(grid, Target.TAS, truth, List.of(new Prediction("ViT, ODFA", truth, 0)))
            .sheet("Change", List.of("made up"));
    assertThat(sheet.panels()).hasSize(4);
    List<Path> files = FigureWriter.write(sheet, folder, "fig3");
    assertThat(files.getFirst()).isNotEmptyFile();
    assertThat(files.getLast()).content().contains("Target", "60\u00B0E");
  }

  /** Draws the baselines into the folder that FEEDLIGHT_CLIMATE_MAPS names, to be looked at. */
  @Test
  @EnabledIfEnvironmentVariable(named = "FEEDLIGHT_CLIMATE", matches = ".+")
  @EnabledIfEnvironmentVariable(named = "FEEDLIGHT_CLIMATE_MAPS", matches = ".+")
  void theRealClimateIsDrawn() throws Exception {
    ClimateData data =
        ClimateData.load(Path.of(System.getenv("FEEDLIGHT_CLIMATE")), ClimateTask.ssp370());
    int cells = data.grid().cells();
    double[] truth = last(data.truth(), cells);
    double[] linear = last(Baseline.LINEAR.predict(data), cells);
    double rmse = ClimateMetrics.of(truth, linear, data.grid()).rmse();
    FigureSheet sheet =
        new ClimateMaps(
                data.grid(), Target.TAS, truth, List.of(new Prediction("Linear", linear, rmse)))
            .sheet(
                "Surface air temperature of 2099 under ssp370, change since 2015\u20132024",
                List.of("Learned from ssp126 and ssp585."));
    FigureWriter.write(sheet, Path.of(System.getenv("FEEDLIGHT_CLIMATE_MAPS")), "maps");
  }

  private static double[] last(double[] maps, int cells) {
    return Arrays.copyOfRange(maps, maps.length - cells, maps.length);
  }
}
