package dev.feedlight.bench.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.bench.Main;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.device.cuda.ProductTables;
import dev.feedlight.device.cuda.StandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench products}, {@code doctor} and {@code --products measured}, on the stand-in. */
final class ProductsRunTest {
  @TempDir private Path folder;
  @RegisterExtension private final ProductTables kept = new ProductTables(this::tables);

  private Path tables() {
    return folder.resolve("tables");
  }

  private record Run(int code, String out, String err) {}

  private static Run run(String line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        StandIn.with(
            () ->
                Main.run(
                    line.split(" "),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8)));
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Measured, kept, reported and gone by. */
  @Test
  void whatIsMeasuredIsKeptReportedAndGoneBy() throws IOException {
    String train =
        "train mlp --data synthetic --examples 64 --hidden 8 --epochs 1 --batch 16 --rule dfa"
            + " --device cuda --products measured";
    Run unmeasured = run(train);
    assertThat(unmeasured.code()).isEqualTo(2);
    assertThat(unmeasured.err())
        .contains("have not been measured", "run ./feedlight bench products --device cuda");

    List<ProductCase> cases = new ArrayList<>(ProductCase.both(3, 20, 20));
    cases.addAll(ProductCase.both(3, 20, 24));
    List<Path> files = StandIn.with(() -> measure(cases));
    Path table = files.getLast();
    assertThat(table)
        .hasParent(tables())
        .hasFileName("feedlight-stand-in-cpu_sm_90_fp32_cublas-12.6.4.txt");
    List<ResultLine> lines = new ResultFile(files.getFirst()).read();
    assertThat(lines)
        .hasSize(8)
        .allMatch(line -> line.value() > 0)
        .extracting(line -> line.setting() + " " + line.outputs())
        .startsWith(
            "direction=forward products=own 20",
            "direction=forward products=cublas 20",
            "direction=backward products=own 20");
    assertThat(folder.resolve("summary.md"))
        .content()
        .contains("| forward | 3 | 20 | 20 |", "| backward | 3 | 20 | 24 |", "of 4 products");

    JsonNode json =
        new ObjectMapper()
            .readTree(run("doctor --json --device cpu --threads 1").out())
            .get("cuda_product_table");
    assertThat(json.get("path").asText()).isEqualTo(table.toString());
    assertThat(json.get("cublas").asText()).isEqualTo("12.6.4");
    assertThat(json.get("driver").asText()).isEqualTo("12.6");
    assertThat(json.get("remark")).isNull();
    assertThat(json.get("own_faster").asInt() + json.get("cublas_faster").asInt()).isEqualTo(4);
    assertThat(json.get("rows")).hasSize(4);
    // Of one layer, as in the result lines, which are in milliseconds.
    assertThat(json.get("rows").get(0).get("own_seconds").asDouble() * 1e3)
        .isCloseTo(lines.getFirst().value(), Percentage.withPercentage(1e-6));

    Run trained = run(train);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out())
        .contains("fp32 products by ours or cuBLAS 12.6.4, as measured (ours in ")
        .contains(
            "not measured, so ours: few samples forward, few samples backward, tiles forward");
  }

  /** Before, not after, all the time that measuring takes. */
  @Test
  void withoutAFolderForTheTableNothingIsMeasured() throws IOException {
    Files.writeString(tables(), "in the way");
    Run run = run("bench products --preset quick --device cuda --out " + folder.resolve("out"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("cannot make the folder of tables " + tables(), "-Dfeedlight.cuda.products=DIR");
    assertThat(run.out()).doesNotContain("ceilings");
    assertThat(folder.resolve("out/results.jsonl")).doesNotExist();
  }

  private List<Path> measure(List<ProductCase> cases) {
    ProductsRun run =
        new ProductsRun(
            folder,
            "quick",
            cases,
            KernelTime.Effort.SMOKE,
            "command",
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    try (ProductDevices devices = ProductDevices.open()) {
      return run.run(devices);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void smokeMeasuresAndKeepsNothing() {
    Run run = run("bench products --preset smoke --device cuda --out " + folder.resolve("out"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("| forward | 3 | 20 | 20 |", "preset smoke", "the table is not kept");
    assertThat(folder.resolve("out/run.json")).exists();
    assertThat(tables()).doesNotExist();
  }

  @Test
  void whatIsNotComparedIsRefused() {
    String command = "bench products --out " + folder.resolve("out");
    Run cpu = run(command + " --device cpu");
    assertThat(cpu.code()).isEqualTo(2);
    assertThat(cpu.err())
        .contains("bench products compares with cuBLAS, which is for GPUs; run with --device cuda");
    Run precision = run(command + " --device cuda --precision bf16");
    assertThat(precision.code()).isEqualTo(2);
    assertThat(precision.err()).contains("--precision is decided by bench products");
    Run products = run(command + " --device cuda --products cublas");
    assertThat(products.code()).isEqualTo(2);
    assertThat(products.err()).contains("--products is decided by bench products");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void everyProductIsMeasuredOnce() {
    assertThat(KernelCases.products())
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(120)
        // What up to 8 samples, narrow layers and the least batch of tiles take is all there.
        .containsAll(ProductCase.both(8, 1024, 1024))
        .containsAll(ProductCase.both(64, 100, 100))
        .containsAll(ProductCase.both(16, 1024, 1024));
  }
}
