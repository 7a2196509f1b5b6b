package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.device.Bf16Device;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --precision} arrives in the device and in what is reported. */
final class PrecisionOptionTest {
  private static final String SMALL =
      "train mlp --data synthetic --examples 96 --inputs 12 --classes 3 --hidden 16,8 --epochs 2"
          + " --batch 32 --rule bp";

  @BeforeEach
  void requireBf16() {
    Bf16Device.open(1).close();
  }

  private static JsonNode json(String line) throws Exception {
    CliRun run = CliRun.ofLine(line + " --json");
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.outLines().getLast());
  }

  @Test
  void trainingReportsItAndRounds() throws Exception {
    JsonNode plain = json(SMALL);
    JsonNode rounded = json(SMALL + " --precision bf16");
    assertThat(plain.get("dtype").asText()).isEqualTo("fp32");
    assertThat(rounded.get("dtype").asText()).isEqualTo("bf16");
    assertThat(rounded.get("test_loss_nats")).isNotEqualTo(plain.get("test_loss_nats"));
    assertThat(CliRun.ofLine(SMALL + " --precision bf16").out()).contains("bf16 products");
  }

  @Test
  void doctorReportsIt() throws Exception {
    JsonNode json = json("doctor --threads 1 --precision bf16");
    assertThat(json.get("dtype").asText()).isEqualTo("bf16");
    assertThat(json.get("device").asText()).contains("bf16 products");
    assertThat(json.get("product_gflops").asDouble()).isPositive();
  }

  @Test
  void stepsOfBothPrecisionsShareAFile(@TempDir Path folder) throws Exception {
    for (String precision : new String[] {"fp32", "bf16", "bf16"}) {
      CliRun run =
          CliRun.of(
              "bench",
              "step",
              "--preset",
              "smoke",
              "--precision",
              precision,
              "--threads",
              "1",
              "--out",
              folder.toString());
      assertThat(run.code()).as(run.err()).isZero();
    }
    ResultFile results = new ResultFile(folder.resolve("results.jsonl"));
    assertThat(results.read()).extracting(ResultLine::dtype).containsOnly("fp32", "bf16");
    assertThat(results.read()).filteredOn(line -> line.dtype().equals("bf16")).hasSize(8);
    assertThat(results.read()).filteredOn(line -> line.dtype().equals("fp32")).hasSize(8);
  }
}
