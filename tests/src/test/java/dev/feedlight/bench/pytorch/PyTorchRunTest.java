package dev.feedlight.bench.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.Main;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Implementation;
import dev.feedlight.device.cuda.StandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench pytorch} on the stand-in, with a program in the place of Python and PyTorch. */
final class PyTorchRunTest {
  private static final String STAND_IN = "cuda: Feedlight stand-in (CPU)";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void require() {
    StandIn.require();
  }

  @Test
  void bothSidesComeIntoOneTable(@TempDir Path folder) throws Exception {
    ResultFile results = new ResultFile(folder.resolve("results.jsonl"));
    ResultLine elsewhere = line("cuda: another GPU", "fp32", "bp", 1e-9);
    ResultLine stale = line(STAND_IN, "fp32", "bp", 1e-9);
    results.write(List.of(elsewhere, stale));
    StringBuilder script =
        new StringBuilder("echo cells of $5\nwhile [ \"$1\" != --out ]; do shift; done\n");
    for (String dtype : List.of("fp32", "tf32", "bf16")) {
      for (String rule : List.of("bp", "dfa")) {
        for (double value : new double[] {4000, 2000}) {
          String json = ResultFile.toJson(line(STAND_IN, dtype, rule, value));
          script.append("echo '").append(json).append("' >>\"$2\"\n");
        }
      }
    }
    int code = run(folder, program(folder, script.toString()));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(code).isZero();
    List<ResultLine> lines = results.read();
    assertThat(lines).startsWith(elsewhere).doesNotContain(stale).hasSize(1 + 3 * 2 * 3);
    assertThat(lines)
        .filteredOn(one -> one.implementation() == Implementation.FEEDLIGHT)
        .hasSize(6)
        .allMatch(one -> one.value() > 0 && one.device().equals(STAND_IN));
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("pytorch   cells of 2x16x4");
    assertThat(folder.resolve("summary.md"))
        .content()
        .contains("| 2 x 16, 4 | fp32 |", "| 2 x 16, 4 | bf16 |", "| 2000.000 (", "hand,eager")
        .doesNotContain("4000.000")
        .contains("- PyTorch 9.9");
  }

  @Test
  void whatPyTorchSaysOfItselfIsTold(@TempDir Path folder) throws Exception {
    int code = run(folder, program(folder, "echo torch sees no GPU; exit 2\n"));
    assertThat(code).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("torch sees no GPU");
    // Ours is kept.
    assertThat(new ResultFile(folder.resolve("results.jsonl")).read()).hasSize(6);
    assertThat(run(folder, program(folder, "echo an update differs; exit 1\n"))).isEqualTo(1);
    assertThat(run(folder, folder.resolve("nothing"))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("an update differs", "nothing to run PyTorch by; name one by --python");
  }

  private static Path program(Path folder, String script) throws IOException {
    Path program = folder.resolve("python");
    Files.writeString(program, "#!/bin/sh\n" + script);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  private int run(Path folder, Path python) {
    String line =
        "bench pytorch --preset smoke --device cuda --python " + python + " --out " + folder;
    return StandIn.with(
        () ->
            Main.run(
                line.split(" "),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)));
  }

  private static ResultLine line(String device, String dtype, String rule, double value) {
    return ResultLine.of(PyTorchRun.EXPERIMENT, Metric.MS_PER_STEP)
        .implementation(Implementation.PYTORCH)
        .rule(ResultLine.Rule.valueOf(rule.toUpperCase(Locale.ROOT)))
        .dtype(dtype)
        .device(device)
        .setting("way=hand,eager torch=9.9")
        .width(16)
        .depth(2)
        .batch(4)
        .value(value)
        .spread(value, value)
        .n(3)
        .build();
  }
}
