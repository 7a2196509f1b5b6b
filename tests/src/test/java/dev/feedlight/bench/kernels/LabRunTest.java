package dev.feedlight.bench.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.Main;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.device.cuda.StandIn;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    assertThat(folder.resolve("summary.md")).content().contains("these numbers mean nothing");
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

  private static String run(Path folder, String device, String precision) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] arguments = {
      "bench",
      "lab",
      "--preset",
      "smoke",
      "--device",
      device,
      "--precision",
      precision,
      "--out",
      folder.toString()
    };
    int code =
        Main.run(
            arguments,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(code).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
