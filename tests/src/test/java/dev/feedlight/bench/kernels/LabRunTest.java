package dev.feedlight.bench.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.cli.CliRun;
import dev.feedlight.device.cuda.StandIn;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bench lab} from arguments to files. */
final class LabRunTest {
  @Test
  void theSmokePresetTimesEveryGeneration(@TempDir Path folder) throws Exception {
    StandIn.require();
    String out = StandIn.with(() -> run(folder, "cuda", "fp32") + run(folder, "cuda", "bf16"));
    assertThat(out).contains("2: updates in the next forward pass", "0: mma.sync", "| GB/s |");
    run(folder, "cpu", "fp32");
    List<ResultLine> lines = new ResultFile(folder.resolve("results.jsonl")).read();
    assertThat(lines)
        .hasSize(2 * 3 + 2 * 2 + 2)
        .allMatch(line -> line.experiment().equals(LabRun.EXPERIMENT) && line.value() > 0);
    assertThat(lines)
        .extracting(line -> line.setting().replaceFirst(".* (generation=.*)", "$1"))
        // Two layers of 140 x 140 are not read again.
        .satisfies(
            settings ->
                assertThat(bytes(settings.get(1)) - bytes(settings.get(2)))
                    .isEqualTo(2 * 140 * 140 * Float.BYTES));
    assertThat(folder.resolve("summary.md"))
        .content()
        .contains(
            "bench lab --preset smoke --device cpu --threads 1 --out " + folder,
            "device: cpu: 1 thread,",
            "these numbers mean nothing");
  }

  private static long bytes(String setting) {
    return Long.parseLong(setting.replaceFirst(".*bytes=", ""));
  }

  @Test
  void bothSweepsOfAProcessorComputeTheSame() {
    CpuGenerations apart = new CpuGenerations(3, 77);
    CpuGenerations lazy = new CpuGenerations(3, 77);
    float[] first = apart.weight(2).clone();
    for (int i = 0; i < 2; i++) {
      assertThat(lazy.lazy()).isEqualTo(apart.apart());
    }
    assertThat(lazy.weight(2)).isEqualTo(apart.weight(2)).isNotEqualTo(first);
  }

  /** Where what is measured would not be what the results say. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --device cuda --products cublas | --products has no effect with lab
          --device cuda --precision tf32  | generations in fp32 and bf16, none in tf32
          --device cuda --threads 1       | --threads has no effect with lab on a GPU
          --device cpu --precision bf16   | --precision is for lab on a GPU
          --device cpu --threads 2        | --threads must be 1 with lab
          """)
  void whatIsNotMeasuredIsRefused(String options, String message, @TempDir Path folder) {
    StandIn.require();
    Path results = folder.resolve("out");
    CliRun run =
        StandIn.with(
            () -> CliRun.ofLine("bench lab --preset smoke " + options + " --out " + results));
    assertThat(run.err()).contains(message);
    assertThat(run.code()).isEqualTo(2);
    assertThat(results).doesNotExist();
  }

  private static String run(Path folder, String device, String precision) {
    CliRun run =
        CliRun.ofLine(
            "bench lab --preset smoke --device %s --precision %s --out %s"
                .formatted(device, precision, folder));
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run.out();
  }
}
