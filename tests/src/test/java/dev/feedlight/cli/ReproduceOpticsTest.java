package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reproduce optics} trains every setting and writes lines, summary and pictures. */
final class ReproduceOpticsTest {
  @TempDir private Path folder;

  @Test
  void everyKnobHasItsLines() throws Exception {
    ResultFile file = new ResultFile(folder.resolve("results.jsonl"));
    ResultLine other = ResultLine.of("step", Metric.MS_PER_STEP).value(1).build();
    file.write(List.of(other));
    CliRun run = CliRun.of("reproduce", "optics", "--preset", "smoke", "--out", folder.toString());
    assertThat(run.code()).as(run.err()).isZero();
    List<ResultLine> lines = file.read();
    assertThat(lines).startsWith(other);
    Set<String> knobs = new HashSet<>();
    for (ResultLine line : lines.subList(1, lines.size())) {
      assertThat(line.experiment()).isEqualTo("optics");
      if (line.setting() != null) {
        knobs.add(line.setting().replaceFirst("=.*", ""));
        // The test set is no means of choosing.
        assertThat(line.metric()).isNotEqualTo(Metric.TEST_ACCURACY);
      }
    }
    assertThat(knobs)
        .containsExactlyInAnyOrder(
            "bits",
            "noise",
            "mean-anchor",
            "ternary",
            "scale",
            "switches",
            "matrix",
            "drift",
            "drift-recalibrated");
    // Stored and procedural matrices are the same bits.
    assertThat(accuracy(lines, "matrix=stored")).isEqualTo(accuracy(lines, "matrix=procedural"));
    assertThat(accuracy(lines, "bits=1")).isNotEqualTo(accuracy(lines, "bits=8"));
    for (String picture : List.of("optics-accuracy.png", "optics-alignment.png")) {
      assertThat(ImageIO.read(folder.resolve(picture).toFile()).getWidth()).isEqualTo(2400);
    }
    assertThat(folder.resolve("summary.md")).content().contains("optics-accuracy.png", "bits=12");
  }

  private static double accuracy(List<ResultLine> lines, String setting) {
    return lines.stream()
        .filter(line -> setting.equals(line.setting()) && line.seed() == null)
        .filter(line -> line.metric() == Metric.HELDOUT_ACCURACY)
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void wrongArgumentsEndInOneLine() {
    CliRun unknown = CliRun.of("reproduce", "fig9", "--out", folder.toString());
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("fig9");
    CliRun preset =
        CliRun.of("reproduce", "optics", "--preset", "huge", "--out", folder.toString());
    assertThat(preset.code()).isEqualTo(2);
    assertThat(preset.err()).contains("huge", "quick");
    CliRun bf16 =
        CliRun.of("reproduce", "optics", "--precision", "bf16", "--out", folder.toString());
    assertThat(bf16.code()).isEqualTo(2);
    assertThat(bf16.err()).contains("--precision has no effect here", "fp32");
    CliRun missing =
        CliRun.of("reproduce", "optics", "--data-dir", "nowhere", "--out", folder.toString());
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("nowhere");
  }
}
