package dev.feedlight.bench.fig2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.RunFolderException;
import dev.feedlight.bench.training.GptData;
import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TextCorpus;
import dev.feedlight.data.text.TextSplit;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment that is killed or interrupted comes to what it would have come to. */
final class Fig2ResumeTest {
  private static final int STEPS = 20;
  private static DeviceChoice choice;
  private static GptData data;

  @TempDir private Path base;

  /** What a kill leaves: nothing runs any more, not even the checkpoint of this step. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @BeforeAll
  static void open() {
    choice = DeviceChoice.open("cpu", 2);
    List<String> passages = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      passages.add("LINE: " + Integer.toString(i * 7919, 26) + " ends.\n\n");
    }
    TextSplit split = TextSplit.of(new TextCorpus("lines", passages), 1);
    data =
        GptData.of(
            new TextCorpus("lines", passages),
            split,
            BytePairTokenizer.train(split.training(), 300),
            8,
            8,
            16);
  }

  @AfterAll
  static void close() {
    choice.close();
  }

  private static Fig2Run run(Path folder, int seeds, String prompt, BooleanSupplier stop) {
    Fig2Request request =
        new Fig2Request(
            Fig2Preset.SMOKE, data, prompt, choice, 1, seeds, folder, "./feedlight ...", stop);
    return new Fig2Run(request, new PrintStream(OutputStream.nullOutputStream()));
  }

  /** True, or dead, at a number of calls: one comes after each step. */
  private static BooleanSupplier at(int call, boolean killed) {
    int[] calls = {0};
    return () -> {
      boolean now = ++calls[0] == call;
      if (now && killed) {
        throw new Killed();
      }
      return now;
    };
  }

  @Test
  void killedAndInterruptedItGoesOnToTheSameBits() throws Exception {
    Path whole = base.resolve("whole");
    assertThat(run(whole, 1, "LINE: a", () -> false).run()).hasSize(12);
    Path parts = base.resolve("parts");
    // In the third curve, DFA, at a step whose point is noted, but that has no checkpoint.
    Fig2Run killed = run(parts, 1, "LINE: a", at(2 * STEPS + 9, true));
    assertThatThrownBy(killed::run).isInstanceOf(Killed.class);
    assertThat(parts.resolve("results.jsonl")).doesNotExist();
    // In ODFA, after the rest of DFA.
    Fig2Run interrupted = run(parts, 1, "LINE: a", at(STEPS - 8 + 7, false));
    assertThat(interrupted.run()).isEmpty();
    assertThat(parts.resolve("fig2-runs/odfa-seed1/checkpoints")).isNotEmptyDirectory();
    assertThat(run(parts, 1, "LINE: a", () -> false).run()).hasSize(12);
    assertThat(parts.resolve("fig2-runs/odfa-seed1/checkpoints")).doesNotExist();

    assertThat(lines(parts, "curves.jsonl")).isEqualTo(lines(whole, "curves.jsonl"));
    assertThat(lines(parts, "samples.jsonl")).isEqualTo(lines(whole, "samples.jsonl"));
    assertThat(losses(parts)).isEqualTo(losses(whole));
    for (Fig2Curve curve : Fig2Curve.values()) {
      String weights = "fig2-runs/" + curve.id() + "-seed1/model/model.safetensors";
      assertThat(parts.resolve(weights)).hasSameBinaryContentAs(whole.resolve(weights));
    }

    assertThatThrownBy(run(parts, 1, "LINE: b", () -> false)::check)
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("prompt is LINE: b here, LINE: a there");
    // More seeds are no other settings: what is there is kept.
    byte[] before = Files.readAllBytes(parts.resolve("fig2-runs/bp-seed1/notes.jsonl"));
    assertThat(run(parts, 2, "LINE: a", () -> false).run()).hasSize(12);
    assertThat(parts.resolve("fig2-runs/bp-seed1/notes.jsonl")).hasBinaryContent(before);
    assertThat(losses(parts)).hasSize(5 * 3).containsAll(losses(whole).subList(0, 1));
  }

  /** All but measured times. */
  private static List<JsonNode> lines(Path folder, String file) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(file))) {
      ObjectNode object = (ObjectNode) new ObjectMapper().readTree(line);
      object.remove("seconds");
      lines.add(object);
    }
    return lines;
  }

  private static List<Double> losses(Path folder) throws Exception {
    return new ResultFile(folder.resolve("results.jsonl"))
        .read().stream()
            .filter(line -> line.metric() == Metric.HELDOUT_LOSS_NATS)
            .map(ResultLine::value)
            .toList();
  }

  @Test
  void curvesShareTheirBeginning() throws Exception {
    Path folder = base.resolve("shared");
    run(folder, 1, "LINE: a", () -> false).run();
    List<JsonNode> lines = lines(folder, "curves.jsonl");
    List<Double> first =
        lines.stream()
            .filter(line -> line.get("step").asLong() == 0)
            .filter(line -> line.get("metric").asText().equals("heldout_loss_nats"))
            .map(line -> line.get("value").asDouble())
            .toList();
    assertThat(first).hasSize(5);
    assertThat(first.stream().distinct()).hasSize(1);
    // The first batch too, before anything has changed.
    assertThat(
            lines.stream()
                .filter(line -> line.get("step").asLong() == 1)
                .filter(line -> line.get("metric").asText().equals("train_loss_nats"))
                .map(line -> line.get("value").asDouble())
                .distinct())
        .hasSize(1);
    // Aligned are DFA and ODFA: embedding and two points in each of two layers, every second step.
    assertThat(lines)
        .filteredOn(line -> line.get("metric").asText().equals("gradient_alignment"))
        .hasSize(2 * 10 * 5)
        .allSatisfy(line -> assertThat(line.get("rule").asText()).endsWith("dfa"));
  }
}
