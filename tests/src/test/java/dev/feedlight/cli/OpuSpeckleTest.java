package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code opu speckle}: the pictures, and the numbers beside them. */
final class OpuSpeckleTest {
  private static final int PIXELS = 160 * 100;

  @TempDir private Path folder;

  private CliRun speckle(String more) {
    String line = "opu speckle --width 160 --height 100 --inputs 200 --json " + more;
    return CliRun.of(
        Stream.concat(Stream.of(line.strip().split(" ")), Stream.of("--out", folder.toString()))
            .toArray(String[]::new));
  }

  private JsonNode json(String more) throws Exception {
    CliRun run = speckle(more);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.outLines()).hasSize(1);
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void theFrameIsAPictureOfItsCounts() throws Exception {
    JsonNode json = json("");
    BufferedImage image = ImageIO.read(folder.resolve("speckle.png").toFile());
    assertThat(image.getWidth()).isEqualTo(160);
    assertThat(image.getHeight()).isEqualTo(100);
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
    int[] grey = image.getRaster().getPixels(0, 0, 160, 100, (int[]) null);
    double sum = 0;
    int white = 0;
    for (int value : grey) {
      sum += value;
      white += value == 255 ? 1 : 0;
    }
    assertThat(sum / PIXELS).isCloseTo(json.get("mean_counts").asDouble(), within(1e-6));
    assertThat((double) white / PIXELS)
        .isCloseTo(json.get("saturated_share").asDouble(), within(1e-9));
    for (String name : new String[] {"speckle-histogram.png", "speckle-histogram.svg"}) {
      assertThat(folder.resolve(name)).exists();
    }
    assertThat(ImageIO.read(folder.resolve("speckle-histogram.png").toFile()).getWidth())
        .isEqualTo(2400);
    assertThat(Files.readString(folder.resolve("summary.md")))
        .contains("![speckle](speckle.png)", "![speckle-histogram](speckle-histogram.png)")
        .contains("100 of 200 mirrors lit", "contrast    ", "errors apart", "saturated   ")
        .contains("./feedlight opu speckle --out " + folder)
        .contains(" --inputs 200 --width 160 --height 100 --json");
  }

  /** Five standard errors: seeds are fixed, a right frame fails for one seed in two million. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--seed 2",
        "--optics ideal",
        "--bits 4",
        "--bits 12 --noise off",
        "--mean-anchor 0.05",
        "--mean-anchor 0.9",
        "--dark-offset 20",
        "--lit 30",
        "--density 1",
        "--matrix gaussian32",
        "--matrix structured"
      })
  void theStatisticsAreExpected(String knobs) throws Exception {
    JsonNode json = json(knobs);
    double error = json.get("contrast_standard_error").asDouble();
    assertThat(error).isBetween(0.4 / Math.sqrt(PIXELS), 1.1 / Math.sqrt(PIXELS));
    assertThat(json.get("contrast").asDouble())
        .isCloseTo(json.get("contrast_expected").asDouble(), within(5 * error));
    double share = json.get("saturated_share_expected").asDouble();
    assertThat(json.get("saturated_share").asDouble())
        .isCloseTo(share, within(5 * Math.sqrt(share * (1 - share) / PIXELS) + 1e-9));
    if (knobs.equals("--optics ideal")) {
      assertThat(json.get("contrast_expected").asDouble()).isEqualTo(1);
    }
  }

  /** A million mirrors: half a minute. */
  @Test
  @Tag("exhaustive")
  void theStatisticsOfAWholeUnitAreExpected() throws Exception {
    theStatisticsAreExpected("--optics lighton-2020");
  }

  @Test
  void defectsAreCounted() throws Exception {
    JsonNode json = json("--hot-pixels 0.1 --dead-pixels 0.05");
    assertThat(json.get("hot_pixels").asDouble()).isCloseTo(1600, within(5 * Math.sqrt(1440)));
    assertThat(json.get("dead_pixels").asDouble()).isCloseTo(800, within(5 * Math.sqrt(760)));
    // Half of the hot pixels are a little below full scale by the noise in the dark.
    assertThat(json.get("saturated_share").asDouble())
        .isGreaterThan(0.4 * json.get("hot_pixels").asDouble() / PIXELS);
  }

  @Test
  void theSeedDecidesTheFrame() throws Exception {
    json("--seed 4");
    byte[] first = Files.readAllBytes(folder.resolve("speckle.png"));
    json("--seed 4");
    assertThat(Files.readAllBytes(folder.resolve("speckle.png"))).isEqualTo(first);
    json("--seed 5");
    assertThat(Files.readAllBytes(folder.resolve("speckle.png"))).isNotEqualTo(first);
  }
}
