package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code reproduce fig2}, from a text to pictures. */
final class ReproduceFig2Test {
  @TempDir private static Path base;

  @BeforeAll
  static void writeText() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 2000; line++) {
      text.append("line ").append(Integer.toString(line * 7919, 26)).append(" ends.\n");
    }
    Files.writeString(base.resolve("text.txt"), text);
  }

  private static CliRun run(String options) {
    return CliRun.ofLine(
        "reproduce fig2 --device cpu --data text --data-dir "
            + base.resolve("text.txt")
            + " "
            + options);
  }

  @Test
  void fiveCurvesHaveTheirLinesTextsAndPictures() throws Exception {
    Path out = base.resolve("out");
    ResultLine other = ResultLine.of("step", Metric.MS_PER_STEP).value(1).build();
    Files.createDirectories(out);
    ResultFile file = new ResultFile(out.resolve("results.jsonl"));
    file.write(List.of(other));
    String options = "--preset smoke --out " + out;
    CliRun run = run(options);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("by steps just measured", "640 projections per run", "fig2c");

    List<ResultLine> lines = file.read();
    assertThat(lines).startsWith(other);
    List<ResultLine> losses =
        lines.stream().filter(line -> line.metric() == Metric.HELDOUT_LOSS_NATS).toList();
    assertThat(losses).hasSize(5 * 2);
    assertThat(losses.stream().filter(line -> line.seed() == null))
        .allSatisfy(line -> assertThat(line.n()).isEqualTo(1))
        .extracting(line -> line.rule() + " " + line.configuration())
        .containsExactly("BP OWN", "BP ODFA", "DFA ODFA", "ODFA ODFA", "SHLW ODFA");
    assertThat(losses.stream().filter(line -> line.configuration() == Configuration.OWN))
        .hasSize(2);
    for (String picture : List.of("fig2c", "fig2e", "fig2-alignment-odfa", "fig2-alignment-dfa")) {
      assertThat(ImageIO.read(out.resolve(picture + ".png").toFile()).getWidth()).isEqualTo(2400);
      assertThat(out.resolve(picture + ".svg")).isNotEmptyFile();
    }
    assertThat(out.resolve("summary.md"))
        .content()
        .contains(
            "fig2c.png", "about 20 h with the optics", "ODFA at 20 % of the training", "400M");
    JsonNode record = new ObjectMapper().readTree(out.resolve("run.json").toFile());
    assertThat(record.get("command").asText()).isEqualTo("reproduce fig2");
    assertThat(record.get("data").get("tokenizer_sha256").asText()).hasSize(64);

    CliRun again = run(options);
    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("shlw    seed 1  was done before");
    assertThat(file.read()).isEqualTo(lines);
    CliRun others = run(options + " --prompt line");
    assertThat(others.code()).isEqualTo(2);
    assertThat(others.errLines()).hasSize(1);
    assertThat(others.err()).contains("holds runs of other settings", "take another --out");
    Path model = out.resolve("fig2-runs/odfa-seed1/model");
    assertThat(CliRun.ofLine("generate --prompt line --tokens 5 --model " + model).code()).isZero();
  }

  @Test
  void aDryRunOfThePapersWritesNothing() {
    Path out = base.resolve("dry");
    CliRun run = run("--preset paper --dry-run --out " + out);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("1,070,286,000 parameters", "at least", "BP, own configuration");
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--preset huge --out x                 | --preset must be one of tiny, small, paper",
        "--preset smoke --seeds 0 --out x      | --seeds must be at least 1, not 0",
        "--preset smoke --prompt a,b,c,d,e,f,g,h,i --out x | tokens: give one of 1 to 8",
        "--preset smoke --precision bf16x --out x | --precision must be one of",
        "--preset smoke                        | Missing required option: '--out=DIR'"
      })
  void whatIsWrongEndsWith2AndOneLine(String options, String message) {
    CliRun run = run(options);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains(message);
  }
}
