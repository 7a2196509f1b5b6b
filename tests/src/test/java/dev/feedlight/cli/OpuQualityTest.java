package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code opu quality} writes lines that readers understand, and its pictures. */
final class OpuQualityTest {
  @TempDir private Path folder;

  private CliRun smoke() {
    return CliRun.of("opu", "quality", "--preset", "smoke", "--out", folder.toString());
  }

  @Test
  void linesSummaryAndPictures() throws Exception {
    ResultFile file = new ResultFile(folder.resolve("results.jsonl"));
    ResultLine other = ResultLine.of("step", Metric.MS_PER_STEP).value(1).build();
    ResultLine otherPreset =
        ResultLine.of("optics_quality", Metric.CORRELATION).preset("full").value(1).build();
    ResultLine old =
        ResultLine.of("optics_quality", Metric.CORRELATION).preset("smoke").value(1).build();
    file.write(List.of(other, otherPreset, old));
    CliRun run = smoke();
    assertThat(run.code()).as(run.err()).isZero();
    List<ResultLine> lines = file.read();
    assertThat(lines).startsWith(other, otherPreset).doesNotContain(old);
    lines = lines.subList(2, lines.size());
    Map<String, List<ResultLine>> settings =
        lines.stream().collect(Collectors.groupingBy(ResultLine::setting));
    // 2 x 2 values on four surfaces; seven of the settings are shared.
    assertThat(settings.keySet())
        .hasSizeBetween(9, 18)
        .contains(
            "bits=8 mean_anchor=0.25 noise=1 density=0.3 pixels=all",
            "bits=8 mean_anchor=0.25 noise=1 density=0.3 pixels=selected",
            "bits=4 mean_anchor=0.06 noise=1 density=0.3 pixels=all");
    settings.forEach(
        (setting, ofSetting) -> {
          ResultLine sum = ofSetting.getLast();
          List<ResultLine> seeds = ofSetting.subList(0, ofSetting.size() - 1);
          assertThat(sum.seed()).as(setting).isNull();
          assertThat(sum.n()).isEqualTo(seeds.size());
          assertThat(seeds).isNotEmpty().allMatch(line -> line.seed() != null && line.n() == 2);
          double mean = seeds.stream().mapToDouble(ResultLine::value).average().orElseThrow();
          assertThat(sum.value()).isEqualTo(mean);
          for (ResultLine line : ofSetting) {
            assertThat(line.metric()).isEqualTo(Metric.CORRELATION);
            assertThat(line.value()).isBetween(-1.0, 1.0);
            assertThat(line.inputs()).isEqualTo(48);
            assertThat(line.outputs()).isEqualTo(64);
          }
        });
    assertPictures(run);
  }

  private void assertPictures(CliRun run) throws Exception {
    String summary = Files.readString(folder.resolve("summary.md"));
    assertThat(summary)
        .contains("./feedlight opu quality --preset smoke --device auto --seed 1 --out " + folder)
        .contains("- The default unit at density 0.3: 0.")
        .contains("## Exposure and Density, all pixels", "## Exposure and Resolution, selected");
    for (String name :
        List.of("exposure-density", "bits-density", "noise-exposure", "bits-exposure")) {
      Path png = folder.resolve("quality-" + name + ".png");
      BufferedImage image = ImageIO.read(png.toFile());
      assertThat(image.getWidth()).isEqualTo(2400);
      assertThat(image.getHeight()).isGreaterThanOrEqualTo(1200);
      assertThat(Files.readString(folder.resolve("quality-" + name + ".svg")))
          .contains("Selected Pixels, and Their Share");
      assertThat(run.out()).contains("wrote       " + png);
      assertThat(summary).contains("(quality-" + name + ".png)");
    }
  }

  @Test
  void damagedResultsAreNotOverwritten() throws Exception {
    Path file = Files.writeString(folder.resolve("results.jsonl"), "{\"experiment\":\n");
    CliRun run = smoke();
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(1);
    assertThat(file).hasContent("{\"experiment\":\n");
  }
}
