package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code opu bench} times field and projection, and keeps lines of other sizes. */
final class OpuBenchTest {
  @TempDir private Path folder;

  private CliRun bench(String matrix, int inputs) {
    return CliRun.of(
        "opu",
        "bench",
        "--matrix",
        matrix,
        "--inputs",
        String.valueOf(inputs),
        "--outputs",
        "33",
        "--batch",
        "3",
        "--seconds",
        "0.05",
        "--out",
        folder.toString());
  }

  @Test
  void linesOfOtherSizesStay() throws Exception {
    ResultFile file = new ResultFile(folder.resolve("results.jsonl"));
    for (String matrix : List.of("procedural", "stored", "structured", "gaussian32")) {
      CliRun run = bench(matrix, 20);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).contains("field      " + matrix, "projection " + matrix, "20 -> 33");
    }
    assertThat(file.read()).hasSize(8);
    assertThat(bench("stored", 20).code()).isZero();
    List<ResultLine> lines = file.read();
    assertThat(lines).hasSize(8);
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.experiment()).isEqualTo("opu_bench");
              assertThat(line.setting()).isIn("part=field", "part=projection");
              assertThat(line.value()).isPositive().isBetween(line.low(), line.high());
            });
    assertThat(folder.resolve("summary.md")).content().contains("structured");
    // The last run and the three others that lines are of.
    JsonNode run = new ObjectMapper().readTree(folder.resolve("run.json").toFile());
    assertThat(run.get("configuration").get("--matrix").asText()).isEqualTo("stored");
    assertThat(run.get("device").get("device").asText()).isEqualTo("cpu");
    assertThat(run.get("result").get("exit_code").asInt()).isZero();
    assertThat(run.get("earlier"))
        .extracting(other -> other.get("configuration").get("--matrix").asText())
        .containsExactly("procedural", "structured", "gaussian32");
  }

  @ParameterizedTest
  @CsvSource({
    "--matrix, dense, dense",
    "--inputs, 0, 0",
    "--outputs, -3, -3",
    "--batch, 0, 0",
    "--precision, bf16, dense",
    "--seconds, 0, 0.0",
    "--outputs, 3000000, 2219520"
  })
  void wrongArgumentsEndInOneLine(String option, String value, String named) {
    CliRun run = CliRun.of("opu", "bench", "--seconds", "0.05", option, value);
    if (option.equals("--seconds")) {
      run = CliRun.of("opu", "bench", option, value);
    }
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(named);
  }
}
