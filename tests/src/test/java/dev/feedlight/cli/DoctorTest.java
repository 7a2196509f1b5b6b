package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.device.cuda.ProductTables;
import dev.feedlight.device.cuda.StandIn;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} knows. */
final class DoctorTest {
  @TempDir private Path folder;
  @RegisterExtension private final ProductTables tables = new ProductTables(() -> folder);

  @Test
  void jsonHoldsFactsAndRates() throws Exception {
    CliRun run = CliRun.ofLine("doctor --json --threads 1");
    assertThat(run.code()).isZero();
    assertThat(run.outLines()).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.get("command").asText()).isEqualTo("doctor");
    assertThat(json.get("java").asText()).startsWith(String.valueOf(Runtime.version().feature()));
    assertThat(json.get("vector_module").asBoolean()).isTrue();
    assertThat(json.get("threads").asInt()).isEqualTo(1);
    // The stand-in driver takes no kernels that were made for GPUs.
    assertThat(json.get("device").asText()).contains("oneDNN", "auto: ");
    assertThat(json.get("cuda").asText()).containsAnyOf("driver for CUDA", "run with --device cpu");
    assertThat(json.get("product_gflops").asDouble()).isPositive();
    assertThat(json.get("copy_gb_per_s").asDouble()).isPositive();
  }

  @Test
  void aGpuIsReportedWithWhatItTakes() throws Exception {
    CliRun run = StandIn.with(() -> CliRun.ofLine("doctor --json --device cuda"));
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.get("cuda").asText()).isEqualTo("driver for CUDA 12.6");
    assertThat(json.get("cuda_gpus").asText())
        .isEqualTo("Feedlight stand-in (CPU) (sm_90), which takes sm_90a");
    assertThat(json.get("cuda_kernels").asText())
        .startsWith("sm_80 sm_90a sm_100 compute_75 of ")
        .endsWith(", built by CUDA 12.6");
    assertThat(json.get("device").asText()).contains("stand-in");
    assertThat(json.get("cuda_dense_products").asText()).isEqualTo("fp32 by FMA");
    assertThat(json.get("cuda_projections").asText())
        .startsWith("stored bytes by wgmma of int8 where rows begin at multiples of 16 bytes;");
    assertThat(json.get("cuda_narrow_nets").asText())
        .isEqualTo(
            "layers of at most 128 x 128 for at most 1024 samples in one launch, fp32 by FMA");
    JsonNode table = json.get("cuda_product_table");
    assertThat(table.get("path").asText()).startsWith(folder.toString());
    assertThat(table.get("remark").asText())
        .isEqualTo("not measured; run ./feedlight bench products --device cuda --out DIR");
  }
}
