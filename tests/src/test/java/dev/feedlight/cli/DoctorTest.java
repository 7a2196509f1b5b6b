package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
    assertThat(json.get("device").asText()).contains("oneDNN");
    assertThat(json.get("cuda").asText()).contains("run with --device cpu");
    assertThat(json.get("product_gflops").asDouble()).isPositive();
    assertThat(json.get("copy_gb_per_s").asDouble()).isPositive();
  }
}
