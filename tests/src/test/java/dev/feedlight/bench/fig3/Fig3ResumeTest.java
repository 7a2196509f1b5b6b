package dev.feedlight.bench.fig3;

import static dev.feedlight.bench.training.Stops.interruptedAt;
import static dev.feedlight.bench.training.Stops.killedAt;
import static dev.feedlight.bench.training.Stops.never;
import static dev.feedlight.bench.training.Stops.untimed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.RunFolderException;
import dev.feedlight.bench.training.Stops;
import dev.feedlight.data.climate.Baseline;
import dev.feedlight.data.climate.NorthAmerica;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
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

  @Test
  void killedAndInterruptedItGoesOnToTheSameBits() throws Exception {
    Path whole = base.resolve("whole");
    assertThat(run(whole, data, 1, never()).run()).hasSize(9);
    Path parts = base.resolve("parts");
    // In the third curve, the Transformer by ODFA, at a step whose point is noted.
    Fig3Run killed = run(parts, data, 1, killedAt(2 * STEPS + 4));
    assertThatThrownBy(killed::run).isInstanceOf(Stops.Killed.class);
    assertThat(parts.resolve("results.jsonl")).doesNotExist();
    // In the fourth, after the rest of the third.
    Fig3Run interrupted = run(parts, data, 1, interruptedAt(STEPS - 3 + 2));
    assertThat(interrupted.run()).isEmpty();
    assertThat(parts.resolve("fig3-runs/vit-shlw-seed1/checkpoints")).isNotEmptyDirectory();
    assertThat(run(parts, data, 1, never()).run()).hasSize(9);
    assertThat(parts.resolve("fig3-runs/vit-shlw-seed1/checkpoints")).doesNotExist();

    assertThat(untimed(parts.resolve("curves.jsonl")))
        .isEqualTo(untimed(whole.resolve("curves.jsonl")));
    assertThat(errors(parts)).isEqualTo(errors(whole));
    // Two baselines without seed, eight curves with a line for their seed and one in all.
    assertThat(errors(whole)).hasSize(2 + 8 * 2);
    assertThat(errors(whole).getFirst())
        .isCloseTo(data.metrics(Baseline.CONSTANT).rmse(), within(1e-12));
    // The last point and the end measure the same, in fp32 and in double precision.
    double last =
        untimed(whole.resolve("curves.jsonl")).stream()
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
    assertThatThrownBy(run(parts, other, 1, never())::check)
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("data.test_examples is 10 here, 20 there");
  }

  private static List<Double> errors(Path folder) throws Exception {
    return new ResultFile(folder.resolve("results.jsonl"))
        .read().stream()
            .filter(line -> line.metric() == Metric.RMSE_K)
            .map(ResultLine::value)
            .toList();
  }
}
