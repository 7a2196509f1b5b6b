package dev.feedlight.bench.fig2;

import static dev.feedlight.bench.training.Stops.interruptedAt;
import static dev.feedlight.bench.training.Stops.killedAt;
import static dev.feedlight.bench.training.Stops.never;
import static dev.feedlight.bench.training.Stops.untimed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.RunFolderException;
import dev.feedlight.bench.training.GptData;
import dev.feedlight.bench.training.Stops;
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

  @Test
  void killedAndInterruptedItGoesOnToTheSameBits() throws Exception {
    Path whole = base.resolve("whole");
    assertThat(run(whole, 1, "LINE: a", never()).run()).hasSize(12);
    Path parts = base.resolve("parts");
    // In the third curve, DFA, at a step whose point is noted, but that has no checkpoint.
    Fig2Run killed = run(parts, 1, "LINE: a", killedAt(2 * STEPS + 9));
    assertThatThrownBy(killed::run).isInstanceOf(Stops.Killed.class);
    assertThat(parts.resolve("results.jsonl")).doesNotExist();
    // In ODFA, after the rest of DFA.
    Fig2Run interrupted = run(parts, 1, "LINE: a", interruptedAt(STEPS - 8 + 7));
    assertThat(interrupted.run()).isEmpty();
    assertThat(parts.resolve("fig2-runs/odfa-seed1/checkpoints")).isNotEmptyDirectory();
    assertThat(run(parts, 1, "LINE: a", never()).run()).hasSize(12);
    assertThat(parts.resolve("fig2-runs/odfa-seed1/checkpoints")).doesNotExist();

    assertThat(untimed(parts.resolve("curves.jsonl")))
        .isEqualTo(untimed(whole.resolve("curves.jsonl")));
    assertThat(untimed(parts.resolve("samples.jsonl")))
        .isEqualTo(untimed(whole.resolve("samples.jsonl")));
    assertThat(losses(parts)).isEqualTo(losses(whole));
    for (Fig2Curve curve : Fig2Curve.values()) {
      String weights = "fig2-runs/" + curve.id() + "-seed1/model/model.safetensors";
      assertThat(parts.resolve(weights)).hasSameBinaryContentAs(whole.resolve(weights));
    }

    assertThatThrownBy(run(parts, 1, "LINE: b", never())::check)
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("prompt is LINE: b here, LINE: a there");
    // More seeds are no other settings: what is there is kept.
    byte[] before = Files.readAllBytes(parts.resolve("fig2-runs/bp-seed1/notes.jsonl"));
    assertThat(run(parts, 2, "LINE: a", never()).run()).hasSize(12);
    assertThat(parts.resolve("fig2-runs/bp-seed1/notes.jsonl")).hasBinaryContent(before);
    assertThat(losses(parts)).hasSize(5 * 3).containsAll(losses(whole).subList(0, 1));
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
    run(folder, 1, "LINE: a", never()).run();
    List<JsonNode> lines = untimed(folder.resolve("curves.jsonl"));
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
