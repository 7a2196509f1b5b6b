package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.bench.Main;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Clock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@code bench} from arguments to files, through real JMH forks, at sizes that take seconds. */
final class Fig4RunTest {
  @TempDir static Path folder;

  private static int code;
  private static String out;
  private static String err;
  private static List<ResultLine> lines;

  @BeforeAll
  static void runAll() throws Exception {
    // Another JMH on this machine would only disturb numbers that nobody looks at here.
    System.setProperty("jmh.ignoreLock", "true");
    ResultLine other = ResultLine.of("elsewhere", Metric.TEST_ACCURACY).value(0.5).seed(1).build();
    ResultFile file = new ResultFile(folder.resolve("results.jsonl"));
    file.write(List.of(other));
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    code =
        Main.run(
            new String[] {
              "bench",
              "all",
              "--preset",
              "smoke",
              "--device",
              "cpu",
              "--threads",
              "1",
              "--clock",
              "lighton-2020",
              "--out",
              folder.toString()
            },
            new PrintStream(outBytes, true, StandardCharsets.UTF_8),
            new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    lines = file.read();
  }

  @Test
  void endsWellAndTellsItsProgress() {
    assertThat(err).isEmpty();
    assertThat(code).isZero();
    assertThat(out)
        .contains("23 cells", "about", "took", "[ 1/23] bp step, width 16, depth 1", "[23/23]");
  }

  @Test
  void writesEveryFile() throws Exception {
    for (Figure figure : Figure.values()) {
      assertThat(ImageIO.read(folder.resolve(figure + ".png").toFile())).isNotNull();
      assertThat(folder.resolve(figure + ".svg")).content().contains("<svg");
      assertThat(out).contains(figure + ".png");
    }
    assertThat(Files.readString(folder.resolve("summary.md")))
        .contains("--clock lighton-2020", "2.00 ms per sample", "## What is measured")
        .contains("![fig4c](fig4c.png)", "fig4a: ms_per_sample");
  }

  @Test
  void keepsLinesOfOtherExperiments() {
    assertThat(lines).filteredOn(line -> line.experiment().equals("elsewhere")).hasSize(1);
  }

  @Test
  void everyCurveHasEveryPoint() {
    for (String panel : List.of("fig4a", "fig4b")) {
      List<ResultLine> points =
          lines.stream()
              .filter(line -> line.experiment().equals(panel))
              .filter(line -> line.metric() == Metric.MS_PER_SAMPLE)
              .toList();
      // BP, DFA, modelled serial and overlapped, emulated; two widths, two depths.
      assertThat(points).hasSize(5 * 4).doesNotHaveDuplicates();
      assertThat(points).allMatch(line -> line.threads() == 1 && line.batch() == 4);
    }
    assertThat(lines).filteredOn(line -> line.metric() == Metric.RATIO_STEP).hasSize(4);
    assertThat(lines).filteredOn(line -> line.metric() == Metric.RATIO_PROJECTION).hasSize(3);
    assertThat(lines).filteredOn(line -> line.experiment().equals(Lines.PROJECTION)).hasSize(3);
  }

  @Test
  void modelledTimesAreTheMeasuredPartAndTheClock() {
    List<ResultLine> panel =
        lines.stream().filter(line -> line.experiment().equals("fig4a")).toList();
    List<ResultLine> electronic =
        lines.stream().filter(line -> line.experiment().equals(Lines.ELECTRONICS)).toList();
    assertThat(electronic).hasSize(5);
    assertThat(panel).allMatch(line -> line.metric() == Metric.MS_PER_SAMPLE);
    for (ResultLine part : electronic.subList(0, 4)) {
      ResultLine serial =
          panel.stream()
              .filter(line -> line.clock() == Clock.MODELLED && !line.overlapped())
              .filter(line -> line.width().equals(part.width()))
              .filter(line -> line.depth().equals(part.depth()))
              .findFirst()
              .orElseThrow();
      assertThat(serial.value()).isEqualTo(part.value() / 4 + 2, within(1e-9));
    }
  }

  @Test
  void theBenchmarksAreListed() {
    Set<BenchmarkListEntry> entries =
        BenchmarkList.defaultList()
            .getAll(
                OutputFormatFactory.createFormatInstance(
                    new PrintStream(java.io.OutputStream.nullOutputStream()), VerboseMode.SILENT),
                List.of());
    assertThat(entries.stream().map(BenchmarkListEntry::getUsername).collect(Collectors.toSet()))
        .contains(
            "dev.feedlight.bench.fig4.TrainingStepBenchmark.step",
            "dev.feedlight.bench.fig4.ElectronicStepBenchmark.step",
            "dev.feedlight.bench.fig4.ProjectionBenchmark.project");
  }

  @Test
  void storesWhatTheLinesWereMadeOf() throws Exception {
    List<String> cells = Files.readAllLines(folder.resolve(CellStore.NAME));
    assertThat(cells).hasSize(1 + 23);
    assertThat(cells.getFirst()).contains("\"preset\":\"smoke\"", "\"threads\":1", "\"cpu\":");
    assertThat(cells.get(1)).startsWith("{\"cell\":\"bp step, width 16, depth 1\",\"ms\":[");
  }

  @Test
  void resumingAFinishedRunMeasuresNothing() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    for (String name : List.of(CellStore.NAME, "results.jsonl")) {
      Files.copy(folder.resolve(name), copy.resolve(name));
    }
    for (String option : List.of("--dry-run", "--resume")) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
      String arguments =
          "bench all --preset smoke --device cpu --threads 1 --clock lighton-2020 --resume --out "
              + copy
              + (option.equals("--resume") ? "" : " " + option);
      assertThat(Main.run(arguments.split(" ", -1), stream, stream)).isZero();
      assertThat(bytes.toString(StandardCharsets.UTF_8))
          .contains("resume    23 of 23 cells are there", "plan      smoke: 0 cells")
          .doesNotContain("[ 1/");
      assertThat(copy.resolve("summary.md").toFile().exists()).isEqualTo(option.equals("--resume"));
    }
    assertThat(new ResultFile(copy.resolve("results.jsonl")).read()).isEqualTo(lines);
  }

  @Test
  void aFailureInTheForkIsToldInOneLine() {
    CellRunner runner = new CellRunner(Preset.SMOKE, "cpu", 1, 1);
    assertThatThrownBy(
            () -> runner.measure(new Cell.DigitalStep("bp", 0, 1), new Schedule(1, 1, 20)))
        .isInstanceOf(CellFailedException.class)
        .hasMessageContaining("0 x 0")
        .message()
        .doesNotContain("\n");
  }
}
