package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train mlp --out}: events and the record of the run. */
final class TrainEventsTest {
  private static final String SMALL =
      "train mlp --data synthetic --examples 96 --inputs 12 --classes 3 --hidden 16,8 --epochs 2"
          + " --batch 32 --threads 1 ";

  private static List<JsonNode> events(Path folder) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("events.jsonl"))) {
      events.add(new ObjectMapper().readTree(line));
    }
    return events;
  }

  private static List<JsonNode> of(List<JsonNode> events, String kind) {
    return events.stream().filter(event -> event.path("event").asText().equals(kind)).toList();
  }

  @Test
  void everyStepAndEpochIsThereInDecimalAndHexadecimal(@TempDir Path folder) throws Exception {
    CliRun run =
        CliRun.ofLine(
            SMALL + "--rule dfa --clip 0.5 --hold-back 32 --early-stop 9 --json --out " + folder);
    assertThat(run.code()).as(run.err()).isZero();
    List<JsonNode> events = events(folder);
    assertThat(events.getFirst().path("event").asText()).isEqualTo("start");
    assertThat(events.getLast().path("event").asText()).isEqualTo("end");
    List<JsonNode> steps = of(events, "step");
    assertThat(steps).extracting(step -> step.get("step").asLong()).containsExactly(1L, 2L, 3L, 4L);
    for (JsonNode step : steps) {
      for (String key : List.of("loss", "gradient_norm", "learning_rate")) {
        assertThat(Float.parseFloat(step.get(key + "_hex").asText()))
            .isEqualTo(Float.parseFloat(step.get(key).asText()));
      }
    }
    List<JsonNode> epochs = of(events, "epoch");
    assertThat(epochs).hasSize(2);
    for (JsonNode epoch : epochs) {
      for (String key : List.of("mean_loss", "held_out_loss")) {
        assertThat(Double.parseDouble(epoch.get(key + "_hex").asText()))
            .isEqualTo(epoch.get(key).asDouble());
      }
      assertThat(epoch.get("weight_norms").properties())
          .extracting(java.util.Map.Entry::getKey)
          .containsExactly(
              "dense1.weight",
              "dense1.bias",
              "dense2.weight",
              "dense2.bias",
              "dense3.weight",
              "dense3.bias");
      JsonNode norm = epoch.get("weight_norms").get("dense2.weight");
      assertThat(Double.parseDouble(norm.get("norm_hex").asText()))
          .isEqualTo(norm.get("norm").asDouble())
          .isPositive();
    }
    double mean =
        steps.subList(2, 4).stream()
            .mapToDouble(step -> Float.parseFloat(step.get("loss").asText()))
            .average()
            .orElseThrow();
    assertThat(epochs.getLast().get("mean_loss").asDouble()).isEqualTo(mean);
    JsonNode result = new ObjectMapper().readTree(run.out());
    assertThat(events.getLast().get("test_loss")).isEqualTo(result.get("test_loss_nats"));
    assertThat(result.get("train_loss_nats").asDouble()).isEqualTo(mean);
  }

  @Test
  void theRunIsRecordedBesideThem(@TempDir Path folder) throws Exception {
    assertThat(CliRun.ofLine(SMALL + "--rule bp --seed 4 --out " + folder).code()).isZero();
    JsonNode run = new ObjectMapper().readTree(folder.resolve("run.json").toFile());
    assertThat(run.get("command").asText()).isEqualTo("train mlp");
    assertThat(run.get("command_line")).extracting(JsonNode::asText).contains("--seed", "4");
    assertThat(run.get("configuration").get("--learning-rate")).isNull();
    assertThat(run.get("configuration").get("--optimizer").asText()).isEqualTo("adam");
    assertThat(run.get("seed").asLong()).isEqualTo(4);
    assertThat(run.get("data").get("training_sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(run.get("data").get("test_sha256"))
        .isNotEqualTo(run.get("data").get("training_sha256"));
    assertThat(run.get("commit").asText()).isNotEmpty();
    assertThat(run.get("machine").get("jdk").asText()).contains("25");
    assertThat(run.get("device").get("libraries").asText()).startsWith("oneDNN");
    assertThat(run.get("libraries").has("jackson")).isTrue();
    assertThat(run.get("result").get("ended").asText()).isEqualTo("completed");
    assertThat(run.get("result").get("steps").asInt()).isEqualTo(6);
    assertThat(run.get("started").asText()).isLessThan(run.get("ended").asText());
  }

  @Test
  void theFolderOfAnotherRunIsRefused(@TempDir Path folder) throws Exception {
    assertThat(CliRun.ofLine(SMALL + "--rule bp --out " + folder).code()).isZero();
    byte[] before = Files.readAllBytes(folder.resolve("events.jsonl"));
    CliRun again = CliRun.ofLine(SMALL + "--rule bp --out " + folder);
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("from another run", "give another folder");
    assertThat(Files.readAllBytes(folder.resolve("events.jsonl"))).isEqualTo(before);
  }

  @Test
  void aFailureIsTheLastEvent(@TempDir Path folder) throws Exception {
    CliRun run =
        CliRun.ofLine(
            SMALL
                + "--rule bp --activation relu --optimizer sgd --learning-rate 1e38 --out "
                + folder);
    assertThat(run.code()).isEqualTo(1);
    assertThat(events(folder).getLast().get("failure").asText()).contains("not finite");
    JsonNode record = new ObjectMapper().readTree(folder.resolve("run.json").toFile());
    assertThat(record.has("result")).isFalse();
  }

  @Test
  void alignmentGoesThereToo(@TempDir Path folder) {
    CliRun run = CliRun.ofLine(SMALL + "--rule dfa --alignment 2 --out " + folder);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(folder.resolve("curves.jsonl")).exists();
    assertThat(folder.resolve("alignment.png")).exists();
  }

  @Test
  void aDryRunOfWhatDoesNotFitSaysHowMuchItWouldTake() {
    CliRun run =
        CliRun.ofLine(
            "train mlp --data synthetic --examples 200 --rule dfa --hidden 3000000,3000000"
                + " --dry-run");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("needed", "weights 360", "optimizer state", "does not fit");
  }
}
