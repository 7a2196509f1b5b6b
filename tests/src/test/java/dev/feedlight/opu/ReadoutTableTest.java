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
    }
    return lines;
  }

  private static String row(String name, ReadoutQuality quality, Camera camera, double floor) {
    StringBuilder line = new StringBuilder("| " + name + " |");
    for (double density : DENSITIES) {
      double mean = quality.correlations(camera, floor, density).mean();
      line.append(String.format(Locale.ROOT, " %.4f |", mean));
    }
    return line.toString();
  }
}
