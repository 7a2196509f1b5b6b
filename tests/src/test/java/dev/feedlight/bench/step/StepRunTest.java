package dev.feedlight.bench.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.Main;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench step} from arguments to files. */
final class StepRunTest {
  @Test
  void theSmokePresetWritesEveryFile(@TempDir Path folder) throws Exception {
    ResultFile results = new ResultFile(folder.resolve("results.jsonl"));
    ResultLine other = ResultLine.of("elsewhere", Metric.TEST_ACCURACY).value(0.5).build();
    ResultLine stale = ResultLine.of("step", Metric.MS_PER_STEP).value(99).build();
    results.write(List.of(other, stale));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new String[] {
              "bench", "step", "--preset", "smoke", "--device", "cpu", "--out", folder.toString()
            },
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("| width | hidden layers |", "| 16 | 2 | 8 | odfa |", "results.jsonl");
    List<ResultLine> lines = results.read();
    assertThat(lines).contains(other).doesNotContain(stale).hasSize(1 + 2 * 4);
    for (String experiment : List.of("step", "step_products")) {
      List<ResultLine> own =
          lines.stream().filter(line -> line.experiment().equals(experiment)).toList();
      assertThat(own).extracting(ResultLine::rule).containsExactly(ResultLine.Rule.values());
      assertThat(own)
          .allMatch(line -> line.metric() == Metric.MS_PER_STEP && line.value() > 0)
          .allMatch(line -> line.width() == 16 && line.depth() == 2 && line.batch() == 8);
    }
    assertThat(folder.resolve("summary.md"))
        .content()
        .contains("| width | hidden layers |", "| 16 | 2 | 8 | bp |", "warm-up");
  }
}
