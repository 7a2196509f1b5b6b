package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.device.cuda.StandIn;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands make of cuRAND and cuBLAS, on the stand-ins. */
final class CudaOptionsTest {
  private static final String TRAIN =
      "train mlp --data synthetic --examples 200 --hidden 8 --epochs 1 --batch 16 --seed 4 ";

  @BeforeEach
  void require() {
    StandIn.require();
  }

  private static CliRun run(String line) {
    return StandIn.with(() -> CliRun.ofLine(line));
  }

  @Test
  void trainingTakesAMatrixByCurandAndRecordsIt(@TempDir Path folder) throws Exception {
    CliRun run = run(TRAIN + "--rule odfa --device cuda --transmission curand --out " + folder);
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode origin =
        new ObjectMapper().readTree(folder.resolve("run.json").toFile()).get("matrix_origin");
    assertThat(origin.get("generator").get("library").asText()).isEqualTo("cuRAND");
    assertThat(origin.get("generator").get("version").asText()).isEqualTo("10.3.7");
    assertThat(origin.get("generator").get("algorithm").asText()).isEqualTo("PHILOX4_32_10");
    assertThat(origin.get("seeds")).hasSize(1);
    assertThat(origin.get("sha256").asText()).hasSize(64);
  }

  @Test
  void trainingTakesProductsByCublasAndRecordsThem(@TempDir Path folder) throws Exception {
    CliRun run = run(TRAIN + "--rule dfa --device cuda --products cublas --out " + folder);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("fp32 products by cuBLAS 12.6.4 (asked for)");
    JsonNode record = new ObjectMapper().readTree(folder.resolve("run.json").toFile());
    assertThat(record.get("device").get("libraries").asText()).endsWith("cuBLAS 12.6.4");
    assertThat(record.get("matrix_origin")).isNull();
  }

  @Test
  void opticsSayWhereTheirMatrixComesFrom() {
    CliRun run =
        run("opu bench --device cuda --matrix curand --inputs 33 --outputs 40 --seconds 0.1");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("matrix    cuRAND 10.3.7, generator PHILOX4_32_10");
  }

  @Test
  void doctorNamesTheLibraries() throws Exception {
    CliRun run = run("doctor --json --device cpu --threads 1");
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.get("curand").asText()).isEqualTo("10.3.7");
    assertThat(json.get("cublas").asText()).isEqualTo("12.6.4");
  }

  @Test
  void aProcessorRefusesBoth() {
    CliRun curand = run(TRAIN + "--rule odfa --device cpu --transmission curand");
    assertThat(curand.code()).isNotZero();
    assertThat(curand.err())
        .contains("the device cpu has no random numbers of cuRAND; run with --device cuda");
    CliRun cublas = run(TRAIN + "--rule dfa --device cpu --products cublas");
    assertThat(cublas.code()).isEqualTo(2);
    assertThat(cublas.err())
        .contains("--device cpu: --products cublas is for GPUs; run with --device cuda");
  }

  @Test
  void productsAreRefusedWhereThereAreNone() {
    CliRun optics = run("opu bench --products cublas");
    assertThat(optics.code()).isEqualTo(2);
    assertThat(optics.err())
        .contains("--products has no effect on the optics, which have no dense products");
    CliRun unknown = run(TRAIN + "--rule dfa --products mkl");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("--products", "own", "cublas", "mkl");
  }
}
