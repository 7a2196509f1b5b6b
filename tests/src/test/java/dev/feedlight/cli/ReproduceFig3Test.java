package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.data.climate.ClimateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code reproduce fig3}, from the climate in the jar to pictures. */
final class ReproduceFig3Test {
  @TempDir private static Path base;

  private static CliRun run(String options) {
    return CliRun.ofLine("reproduce fig3 --device cpu " + options);
  }

  @Test
  void eightCurvesHaveTheirLinesAndPictures() throws Exception {
    Path out = base.resolve("out");
    ResultLine other = ResultLine.of("step", Metric.MS_PER_STEP).value(1).build();
    Files.createDirectories(out);
    ResultFile file = new ResultFile(out.resolve("results.jsonl"));
    file.write(List.of(other));
    String options = "--preset smoke --out " + out;
    CliRun run = run(options);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("not ClimateBench", "linear   0.7852 K", "by steps just measured", "fig3c.png");

    List<ResultLine> lines = file.read();
    assertThat(lines).startsWith(other);
    for (Metric metric :
        List.of(Metric.RMSE_K, Metric.NRMSE_S, Metric.NRMSE_G, Metric.NRMSE_TOTAL)) {
      List<ResultLine> own = lines.stream().filter(line -> line.metric() == metric).toList();
      assertThat(own).hasSize(2 + 8 * 2);
      assertThat(own.stream().filter(line -> line.seed() == null))
          .extracting(line -> line.model() + " " + line.rule() + " " + line.configuration())
          .containsExactly(
              "CONSTANT null null",
              "LINEAR null null",
              "VIT BP ODFA",
              "VIT DFA ODFA",
              "VIT ODFA ODFA",
              "VIT SHLW ODFA",
              "FCNN BP OWN",
              "FCNN BP ODFA",
              "FCNN DFA ODFA",
              "FCNN ODFA ODFA");
    }
    for (String picture : List.of("fig3b", "fig3c", "fig3-errors")) {
      assertThat(ImageIO.read(out.resolve(picture + ".png").toFile()).getWidth()).isEqualTo(2400);
      assertThat(out.resolve(picture + ".svg")).isNotEmptyFile();
    }
    assertThat(out.resolve("summary.md"))
        .content()
        .contains("An illustration, not ClimateBench", "| linear fit |", "134M", "1.03e9");
    JsonNode record = new ObjectMapper().readTree(out.resolve("run.json").toFile());
    assertThat(record.get("command").asText()).isEqualTo("reproduce fig3");
    assertThat(record.get("data").get("test_sha256").asText()).hasSize(64);

    CliRun again = run(options);
    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("fcnn-odfa   seed 1  was done before");
    assertThat(file.read()).isEqualTo(lines);
    CliRun others = run(options + " --hold-back A1B:2000-2009");
    assertThat(others.code()).isEqualTo(2);
    assertThat(others.errLines()).hasSize(1);
    assertThat(others.err()).contains("holds runs of other settings", "take another --out");
  }

  @Test
  void precipitationHasItsOwnUnitAndFolder() throws Exception {
    Path climate = Files.createDirectory(base.resolve("climate"));
    new ClimateFolder(climate, 12, 24, 85, 280)
        .scenario("ssp126", 10)
        .scenario("ssp370", 50)
        .scenario("ssp585", 80);
    Path out = base.resolve("rain");
    String options = "--preset smoke --window 2 --data-dir " + climate + " --out " + out;
    CliRun run = run(options + " --target pr");
    assertThat(run.code()).as(run.err()).isZero();
    String unit = "; pr taken for kg/m2/s: no attribute units, all values below 0.01";
    assertThat(run.out()).contains("8 maps of 12 x 24 to one of precipitation" + unit, "mm/day");
    CliRun train =
        CliRun.ofLine(
            "train fcnn --rule bp --device cpu --dry-run --data climate --target pr --data-dir "
                + climate);
    assertThat(train.out()).as(train.err()).contains("to 1 x 12 x 24" + unit);
    assertThat(run.out()).doesNotContain(" K ");
    assertThat(new ResultFile(out.resolve("results.jsonl")).read())
        .filteredOn(line -> line.metric() == Metric.RMSE_MM_PER_DAY)
        .hasSize(2 + 8 * 2)
        .allMatch(line -> line.unit().equals("mm/day"))
        .allMatch(line -> line.data().equals("climate ssp370, pr, 2 years"));
    assertThat(Files.readAllLines(out.resolve("curves.jsonl")))
        .anyMatch(
            line -> line.contains("\"metric\":\"train_rmse_mm_per_day\",\"unit\":\"mm/day\""));
    assertThat(out.resolve("summary.md"))
        .content()
        .contains("RMSE (mm/day)", "--target pr --window 2")
        .doesNotContain(" K)");
    assertThat(out.resolve("fig3c.svg")).content().contains("Change of the precipitation in 2099");

    CliRun warm = run(options);
    assertThat(warm.code()).isEqualTo(2);
    assertThat(warm.err()).contains("holds runs of other settings", "pr, 2 years there");
    CliRun missing = run(options + " --target dtr");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.errLines()).hasSize(1);
    assertThat(missing.err())
        .contains("outputs_ssp370.nc has no variable diurnal_temperature_range");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--preset huge --out x                 | --preset must be one of tiny, medium, paper",
        "--preset smoke --seeds 0 --out x      | --seeds must be at least 1, not 0",
        "--preset smoke --data climate --out x | give --data-dir",
        "--preset smoke --data-dir no --out x  | no has no inputs_ssp370.nc",
        "--preset smoke --target pr --out x    | has temperatures alone, no pr",
        "--preset smoke --task ssp370 --out x  | --task has no effect with --data north-america",
        "--preset smoke --hold-back A1B --out x | NAME:FIRST-LAST",
        "--preset smoke --hold-back E1:2000-2009 --out x | E1 cannot be held back from [A1B]",
        "--preset medium --out x               | patches of 8",
        "--preset smoke                        | Missing required option: '--out=DIR'"
      })
  void whatIsWrongEndsWith2AndOneLine(String options, String message) {
    CliRun run = run(options);
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains(message);
  }
}
