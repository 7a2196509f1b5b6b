package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train mlp --alignment}: lines, curves and pictures. */
final class TrainAlignmentTest {
  private static final String SMALL =
      "train mlp --data synthetic --examples 96 --inputs 12 --classes 3 --hidden 16,8 --epochs 2"
          + " --batch 32 --seed 5 ";

  @TempDir private Path directory;

  private List<JsonNode> curves() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("curves.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private static List<JsonNode> of(List<JsonNode> lines, String metric, int block) {
    return lines.stream()
        .filter(line -> line.get("metric").asText().equals(metric))
        .filter(line -> line.get("block").asInt() == block)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dfa", "odfa"})
  void curvesAndPicturesAreWritten(String rule) throws Exception {
    CliRun run =
        CliRun.ofLine(SMALL + "--rule " + rule + " --alignment 2 --alignment-out " + directory);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("step 0 ", "step 2 ", "step 4 ", "alignment of gradients", "of weights - ")
        .contains("wrote     " + directory.resolve("curves.jsonl"))
        .contains("wrote     " + directory.resolve("alignment.svg"));
    assertThat(directory.resolve("alignment.png")).isNotEmptyFile();
    assertThat(Files.readString(directory.resolve("alignment.svg")))
        .contains("12-16-8-3 tanh", "rule " + rule, "seed 5", "synthetic", "batch 32");
    List<JsonNode> lines = curves();
    for (int block = 0; block < 3; block++) {
      List<JsonNode> gradients = of(lines, "gradient_alignment", block);
      assertThat(of(lines, "signal_norm_ratio", block)).hasSameSizeAs(gradients);
      assertThat(gradients).hasSize(block < 2 ? 3 : 0);
      assertThat(of(lines, "weight_alignment", block)).hasSize(block > 0 ? 3 : 0);
      for (JsonNode line : gradients) {
        double mean = line.get("value").asDouble();
        assertThat(mean).isBetween(-1.0, 1.0);
        assertThat(line.get("high").asDouble() - mean)
            .isPositive()
            .isCloseTo(mean - line.get("low").asDouble(), within(1e-12));
        assertThat(line.get("n").asInt()).isEqualTo(32);
      }
    }
    assertThat(lines).hasSize(2 * 3 * 2 + 2 * 3);
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.get("experiment").asText()).isEqualTo("alignment");
              assertThat(line.get("rule").asText()).isEqualTo(rule);
              assertThat(line.get("seed").asInt()).isEqualTo(5);
              assertThat(line.get("step").asInt()).isIn(0, 2, 4);
              assertThat(line.get("block_name").asText())
                  .isEqualTo("dense" + (line.get("block").asInt() + 1));
            });
  }

  @Test
  void backpropagationIsAlignedAndHasNoFeedbackMatrix() throws Exception {
    CliRun run = CliRun.ofLine(SMALL + "--rule bp --alignment 3 --alignment-out " + directory);
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("alignment of gradients 1.000 1.000 1.000, of weights - - -");
    assertThat(of(curves(), "weight_alignment", 1)).isEmpty();
    for (JsonNode line : of(curves(), "gradient_alignment", 0)) {
      assertThat(line.get("value").asDouble()).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void withoutAFolderThereAreLinesAlone() throws Exception {
    CliRun run = CliRun.ofLine(SMALL + "--rule dfa --alignment 1 --json");
    assertThat(run.code()).isZero();
    assertThat(run.outLines()).hasSize(1);
    assertThat(run.errLines()).filteredOn(line -> line.startsWith("step ")).hasSize(6);
    JsonNode plain = new ObjectMapper().readTree(CliRun.ofLine(SMALL + "--rule dfa --json").out());
    assertThat(new ObjectMapper().readTree(run.out()).get("test_loss_nats"))
        .isEqualTo(plain.get("test_loss_nats"));
  }

  @Test
  void curvesOfOtherExperimentsStay() throws Exception {
    Path file = directory.resolve("curves.jsonl");
    Files.writeString(file, "{\"experiment\":\"fig2\",\"step\":9}\n");
    String line = SMALL + "--rule dfa --alignment 6 --alignment-out " + directory;
    assertThat(CliRun.ofLine(line).code()).isZero();
    int once = curves().size();
    assertThat(CliRun.ofLine(line).code()).isZero();
    assertThat(curves()).hasSize(once);
    assertThat(curves().getFirst().get("experiment").asText()).isEqualTo("fig2");
  }

  @Test
  void aRunThatFailsKeepsItsCurves() throws Exception {
    CliRun run =
        CliRun.ofLine(
            SMALL
                + "--rule dfa --activation relu --optimizer sgd --learning-rate 1e38"
                + " --alignment 1 --alignment-out "
                + directory);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("were not finite at step");
    assertThat(of(curves(), "gradient_alignment", 0)).isNotEmpty();
    assertThat(directory.resolve("alignment.png")).doesNotExist();
  }

  @Test
  void damagedCurvesAreRefusedBeforeTraining() throws Exception {
    Path file = Files.writeString(directory.resolve("curves.jsonl"), "{\"experiment\":\n");
    CliRun run = CliRun.ofLine(SMALL + "--rule dfa --alignment 1 --alignment-out " + directory);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("curves.jsonl", "line 1");
    assertThat(run.out()).isEmpty();
    assertThat(file).hasContent("{\"experiment\":\n");
  }

  @Test
  void aFileIsNoFolder() throws Exception {
    Path file = Files.writeString(directory.resolve("taken"), "mine");
    CliRun run = CliRun.ofLine(SMALL + "--rule dfa --alignment 1 --alignment-out " + file);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("is a file, not a folder");
    assertThat(file).hasContent("mine");
  }
}
