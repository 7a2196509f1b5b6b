package dev.feedlight.bench.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.Main;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.device.cuda.StandIn;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench kernels} from arguments to files, on the stand-in. */
final class KernelsRunTest {
  private static final String DEVICE = "cuda: Feedlight stand-in (CPU)";

  @BeforeEach
  void require() {
    StandIn.require();
  }

  @Test
  void theSmokePresetTimesEveryKernel(@TempDir Path folder) throws Exception {
    ResultFile results = new ResultFile(folder.resolve("results.jsonl"));
    ResultLine other = line("elsewhere", DEVICE, "fp32");
    ResultLine otherDevice = line(KernelsRun.EXPERIMENT, "cuda: another GPU", "fp32");
    ResultLine otherType = line(KernelsRun.EXPERIMENT, DEVICE, "tf32");
    ResultLine stale = line(KernelsRun.EXPERIMENT, DEVICE, "fp32");
    results.write(List.of(other, otherDevice, otherType, stale));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = StandIn.with(() -> run(out, err, folder));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Feedlight stand-in", "int8 products at", "cuBLAS 12.6.4", "`speckle_project`");
    List<ResultLine> lines = results.read();
    assertThat(lines).startsWith(other, otherDevice, otherType).doesNotContain(stale);
    List<ResultLine> ceilings = of(lines, KernelsRun.CEILINGS);
    assertThat(ceilings).hasSize(5).allMatch(line -> line.value() > 0);
    List<ResultLine> own =
        of(lines, KernelsRun.EXPERIMENT).stream()
            .filter(line -> !line.equals(otherDevice) && !line.equals(otherType))
            .toList();
    assertThat(own).hasSize(3 * KernelCases.smoke().size()).allMatch(line -> line.value() > 0);
    assertThat(of(lines, ProductsRun.EXPERIMENT))
        .hasSize(4)
        .allMatch(line -> line.value() > 0)
        .extracting(line -> line.setting().replaceFirst(".* ", ""))
        .containsExactly("products=own", "products=cublas", "products=own", "products=cublas");
    for (Metric metric : List.of(Metric.MS_PER_CALL, Metric.MS_FLOOR, Metric.FLOOR_SHARE)) {
      assertThat(own)
          .filteredOn(line -> line.metric() == metric)
          .extracting(ResultLine::setting)
          .doesNotHaveDuplicates()
          .hasSize(KernelCases.smoke().size());
    }
    assertThat(folder.resolve("summary.md"))
        .content()
        .contains(
            "| `linear_forward` |",
            "| ours / cuBLAS |",
            "cuBLAS 12.6.4), as layers",
            DEVICE,
            "smoke: these numbers mean nothing");
  }

  @Test
  void thePaperPresetHasTheSameKernels() {
    assertThat(KernelCases.paper().stream().map(KernelCase::kernel).distinct())
        .containsExactlyElementsOf(
            KernelCases.smoke().stream().map(KernelCase::kernel).distinct().toList());
  }

  private static int run(ByteArrayOutputStream out, ByteArrayOutputStream err, Path folder) {
    return Main.run(
        new String[] {
          "bench", "kernels", "--preset", "smoke", "--device", "cuda", "--out", folder.toString()
        },
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static ResultLine line(String experiment, String device, String dtype) {
    return ResultLine.of(experiment, Metric.MS_PER_CALL)
        .device(device)
        .dtype(dtype)
        .value(99)
        .build();
  }

  private static List<ResultLine> of(List<ResultLine> lines, String experiment) {
    return lines.stream().filter(line -> line.experiment().equals(experiment)).toList();
  }
}
