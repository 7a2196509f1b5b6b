package dev.feedlight.bench.fig3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.RunFolderException;
import dev.feedlight.data.climate.Baseline;
import dev.feedlight.data.climate.NorthAmerica;
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
final class Fig3ResumeTest {
  private static final int STEPS = 6;
  private static DeviceChoice choice;
  private static Fig3Data data;

  @TempDir private Path base;

  /** What a kill leaves: nothing runs any more, not even the checkpoint of this step. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @BeforeAll
  static void open() {
    choice = DeviceChoice.open("cpu", 2);
    data = new Fig3Data("north-america", "An illustration", NorthAmerica.embedded());
  }

  @AfterAll
  static void close() {
    choice.close();
  }

  private static Fig3Run run(Path folder, Fig3Data of, int seeds, BooleanSupplier stop) {
    Fig3Request request =
        new Fig3Request(Fig3Preset.SMOKE, of, choice, 1, seeds, folder, "./feedlight ...", stop);
    return new Fig3Run(request, new PrintStream(OutputStream.nullOutputStream()));
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
    assertThat(run(whole, data, 1, () -> false).run()).hasSize(9);
    Path parts = base.resolve("parts");
    // In the third curve, the Transformer by ODFA, at a step whose point is noted.
    Fig3Run killed = run(parts, data, 1, at(2 * STEPS + 4, true));
    assertThatThrownBy(killed::run).isInstanceOf(Killed.class);
    assertThat(parts.resolve("results.jsonl")).doesNotExist();
    // In the fourth, after the rest of the third.
    Fig3Run interrupted = run(parts, data, 1, at(STEPS - 3 + 2, false));
    assertThat(interrupted.run()).isEmpty();
    assertThat(parts.resolve("fig3-runs/vit-shlw-seed1/checkpoints")).isNotEmptyDirectory();
    assertThat(run(parts, data, 1, () -> false).run()).hasSize(9);
    assertThat(parts.resolve("fig3-runs/vit-shlw-seed1/checkpoints")).doesNotExist();

    assertThat(lines(parts)).isEqualTo(lines(whole));
    assertThat(errors(parts)).isEqualTo(errors(whole));
    // Two baselines without seed, eight curves with a line for their seed and one in all.
    assertThat(errors(whole)).hasSize(2 + 8 * 2);
    assertThat(errors(whole).getFirst())
        .isCloseTo(data.metrics(Baseline.CONSTANT).rmse(), within(1e-12));
    // The last point and the end measure the same, in fp32 and in double precision.
    double last =
        lines(whole).stream()
            .filter(line -> line.get("model").asText().equals("vit"))
            .filter(line -> line.get("rule").asText().equals("bp"))
            .filter(line -> line.get("metric").asText().equals("rmse_k"))
            .toList()
            .getLast()
            .get("value")
            .asDouble();
    assertThat(errors(whole).get(2)).isCloseTo(last, within(1e-4));

    Fig3Data other =
        new Fig3Data("north-america", null, data.climate().holdBack("A1B", 2000, 2010));
    assertThatThrownBy(run(parts, other, 1, () -> false)::check)
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("data.test_examples is 10 here, 20 there");
  }

  /** All but measured times. */
  private static List<JsonNode> lines(Path folder) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("curves.jsonl"))) {
      ObjectNode object = (ObjectNode) new ObjectMapper().readTree(line);
      object.remove("seconds");
      lines.add(object);
    }
    return lines;
  }

  private static List<Double> errors(Path folder) throws Exception {
    return new ResultFile(folder.resolve("results.jsonl"))
        .read().stream()
            .filter(line -> line.metric() == Metric.RMSE_K)
            .map(ResultLine::value)
            .toList();
  }
}
