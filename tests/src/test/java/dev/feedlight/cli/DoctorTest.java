package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.device.cuda.StandIn;
import org.junit.jupiter.api.Test;

/** What {@code doctor} knows. */
final class DoctorTest {
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
  }
}
