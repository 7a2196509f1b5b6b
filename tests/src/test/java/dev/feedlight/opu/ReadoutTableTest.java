package dev.feedlight.opu;

import static dev.feedlight.opu.ReadoutQuality.camera;
import static dev.feedlight.opu.ReadoutQuality.exposed;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Measures the tables of docs/opu.md, writes them to target/readout-tables.md and holds the
 * document to them. The optics are the same bits everywhere, so are four decimals of a correlation.
 */
final class ReadoutTableTest {
  private static final double[] DENSITIES = {0.05, 0.3, 0.62};

  private final Path root = Path.of(System.getProperty("feedlight.root"));

  @Test
  void documentCarriesWhatIsMeasured() throws IOException {
    List<String> lines = tables();
    Path written = root.resolve("tests/target/readout-tables.md");
    Files.createDirectories(written.getParent());
    Files.write(written, lines);
    assertThat(Files.readAllLines(root.resolve("docs/opu.md"))).containsSubsequence(lines);
  }

  private static List<String> tables() {
    List<String> lines = new ArrayList<>();
    try (OpticsLab lab = new OpticsLab(2)) {
      ReadoutQuality quality = new ReadoutQuality(lab);
      double floor = LinearReadout.defaults().anchorFloor();
      lines.add("| camera, floor 1 | density 0.05 | 0.3 | 0.62 |");
      lines.add("|---|---|---|---|");
      for (boolean noisy : new boolean[] {true, false}) {
        for (int bits : new int[] {4, 6, 8, 10, 12}) {
          String name = bits + " bits, " + (noisy ? "default noise" : "no noise");
          lines.add(row(name, quality, camera(bits, noisy), floor));
        }
      }
      lines.add("| mean anchor, 8 bits, default noise | density 0.05 | 0.3 | 0.62 |");
      lines.add("|---|---|---|---|");
      for (int level : new int[] {10, 25, 40, 64, 85, 128, 200}) {
        lines.add(row(level + " counts", quality, exposed(level), floor));
      }
      lines.add("| floor and saturation | density 0.05 | 0.3 | 0.62 |");
      lines.add("|---|---|---|---|");
      Camera coarse = Camera.defaults();
      lines.add(row("8 bits, default noise, floor 10^-6", quality, coarse, 1e-6));
      lines.add(row("8 bits, default noise, floor off: dark pixels give 0", quality, coarse, 0));
      lines.add(row("8 bits, default noise, floor 2", quality, coarse, 2));
      lines.add(row("8 bits, default noise, floor 4", quality, coarse, 4));
      Camera fine = camera(12, false);
      lines.add(row("12 bits, no noise, floor 1/16 (one count)", quality, fine, 1.0 / 16));
      Camera bottomless = new Camera(12, true, false, fine.meanAnchorLevel(), 0, 0);
      lines.add(row("the same, saturation off", quality, bottomless, 1.0 / 16));
      lines.addAll(selection(quality));
      lines.addAll(flaws(quality));
    }
    return lines;
  }

  private static List<String> selection(ReadoutQuality quality) {
    OpuSettings coarse = OpuSettings.defaults();
    OpuSettings fine = coarse.withCamera(camera(12, false));
    OpuSettings dim = fine.withCamera(camera(12, false).withMeanAnchorLevel(32.0 / 256));
    PixelSelection bright = PixelSelection.bright();
    return List.of(
        "| which pixels | density 0.05 | 0.3 | 0.62 |",
        "|---|---|---|---|",
        row("8 bits, default noise, all", quality, coarse),
        row("above 5 % of full scale, of 1.4 per output", quality, selecting(coarse, bright)),
        row("above 10 %, of 2 per output", quality, selecting(coarse, new PixelSelection(2, 0.1))),
        row("12 bits, no noise, above 5 %", quality, selecting(fine, bright)),
        row(
            "the same of 1.7 per output, mean anchor 32 counts",
            quality,
            selecting(dim, new PixelSelection(1.7, 0.05))),
        row(
            "12 bits, no noise, all, floor 1/16, mean anchor 32 counts",
            quality,
            dim.withReadout(new LinearReadout(1.0 / 16, true))));
  }

  private static List<String> flaws(ReadoutQuality quality) {
    OpuSettings unit = OpuSettings.defaults();
    Sensor sensor = Sensor.defaults();
    OpuSettings flawed = unit.withSensor(sensor.withDefects(0.01, 0.01));
    Dmd spread = new Dmd(ReadoutQuality.INPUTS * 20L, true);
    return List.of(
        "| 8 bits, default noise, and | density 0.05 | 0.3 | 0.62 |",
        "|---|---|---|---|",
        row("1 % hot, 1 % dead pixels", quality, flawed),
        row("the same, above 5 %", quality, selecting(flawed, PixelSelection.bright())),
        row("dark offset 10 counts", quality, unit.withSensor(sensor.withDarkOffset(10))),
        row("dark offset 64 counts", quality, unit.withSensor(sensor.withDarkOffset(64))),
        row("dark offset 128 counts", quality, unit.withSensor(sensor.withDarkOffset(128))),
        row("20 mirrors per input", quality, unit.withDmd(spread)));
  }

  private static OpuSettings selecting(OpuSettings settings, PixelSelection selection) {
    return settings.withReadout(settings.readout().withSelection(selection));
  }

  private static String row(String name, ReadoutQuality quality, Camera camera, double floor) {
    OpuSettings settings =
        OpuSettings.defaults().withCamera(camera).withReadout(new LinearReadout(floor, true));
    return row(name, quality, settings);
  }

  private static String row(String name, ReadoutQuality quality, OpuSettings settings) {
    StringBuilder line = new StringBuilder("| " + name + " |");
    for (double density : DENSITIES) {
      double mean = quality.correlations(settings, density).mean();
      line.append(String.format(Locale.ROOT, " %.4f |", mean));
    }
    return line.toString();
  }
}
