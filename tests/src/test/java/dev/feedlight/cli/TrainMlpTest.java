package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train mlp} from arguments to JSON. */
final class TrainMlpTest {
  private static final String SMALL =
      "train mlp --data synthetic --examples 96 --inputs 12 --classes 3 --hidden 16,8 --epochs 2"
          + " --batch 32 --rule ";

  private static JsonNode json(CliRun run) throws Exception {
    assertThat(run.err()).doesNotContain("feedlight: ");
    assertThat(run.code()).isZero();
    assertThat(run.outLines()).hasSize(1);
    return new ObjectMapper().readTree(run.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void jsonIsTheOnlyOutput(String rule) throws Exception {
    JsonNode json = json(CliRun.ofLine(SMALL + rule + " --json --seed 7 --device cpu"));
    assertThat(json.get("command").asText()).isEqualTo("train mlp");
    assertThat(json.get("rule").asText()).isEqualTo(rule);
    assertThat(json.get("seed").asLong()).isEqualTo(7);
    assertThat(json.get("device").asText()).isEqualTo("cpu");
    assertThat(json.get("epochs").asInt()).isEqualTo(2);
    assertThat(json.get("data").asText()).isEqualTo("synthetic");
    assertThat(json.get("steps").asInt()).isEqualTo(6);
    assertThat(json.get("parameters").asInt()).isEqualTo(13 * 16 + 17 * 8 + 9 * 3);
    assertThat(json.get("test_accuracy").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.get("test_loss_nats").asDouble()).isPositive().isFinite();
    assertThat(json.get("train_seconds").asDouble()).isPositive();
    assertThat(json.has("modelled_optical_seconds")).isEqualTo(rule.equals("odfa"));
  }

  @Test
  void opticalTimeFollowsTheClock() throws Exception {
    JsonNode json = json(CliRun.ofLine(SMALL + "odfa --json --clock lighton-2020"));
    // 2 epochs of 96 samples, four frames of 500 us each, and one frame of calibration.
    assertThat(json.get("modelled_optical_seconds").asDouble()).isEqualTo(192 * 2e-3, within(1e-9));
    assertThat(json.get("frames").asLong()).isEqualTo(4 * 192 + 1);
    assertThat(json.get("clock").asText()).isEqualTo("lighton-2020");
    assertThat(json.get("ternary_density").asDouble()).isBetween(0.01, 0.99);
  }

  @Test
  void theSeedDecidesTheResult() throws Exception {
    JsonNode first = json(CliRun.ofLine(SMALL + "odfa --json --seed 3"));
    JsonNode again = json(CliRun.ofLine(SMALL + "odfa --json --seed 3"));
    JsonNode other = json(CliRun.ofLine(SMALL + "odfa --json --seed 4"));
    assertThat(again.get("test_loss_nats")).isEqualTo(first.get("test_loss_nats"));
    assertThat(other.get("test_loss_nats")).isNotEqualTo(first.get("test_loss_nats"));
  }

  @Test
  void opticsArriveInTheEngine() throws Exception {
    JsonNode plain = json(CliRun.ofLine(SMALL + "odfa --json"));
    for (String knob :
        List.of(
            "--bits 3",
            "--noise off",
            "--ternary sign",
            "--optics ideal",
            "--ternary max:0.5",
            "--ternary rms:0.99",
            "--ternary absolute:0.2",
            "--subtract-batch-mean",
            "--project last-input",
            "--signal-scale norm:2",
            "--signal-scale calibrated:3",
            "--mean-anchor 0.6",
            "--dark-offset 30",
            "--hot-pixels 0.3",
            "--dead-pixels 0.3",
            "--select 2",
            "--macropixels",
            "--optics lighton-2020",
            "--drift 20",
            "--floor 30",
            "--bias-removal off",
            "--transmission gaussian32")) {
      JsonNode turned = json(CliRun.ofLine(SMALL + "odfa --json " + knob));
      assertThat(turned.get("test_loss_nats")).as(knob).isNotEqualTo(plain.get("test_loss_nats"));
    }
    JsonNode stored = json(CliRun.ofLine(SMALL + "odfa --json --transmission stored"));
    assertThat(stored.get("test_loss_nats")).isEqualTo(plain.get("test_loss_nats"));
    assertThat(stored.get("transmission").asText()).isEqualTo("stored");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "momentum", "adam", "adamw"})
  void everyOptimizerTrains(String optimizer) throws Exception {
    JsonNode json = json(CliRun.ofLine(SMALL + "bp --json --optimizer " + optimizer));
    assertThat(json.get("optimizer").asText()).isEqualTo(optimizer);
    assertThat(json.get("learning_rate").asDouble()).isPositive();
  }

  @Test
  void gradientsAreAddedUpAndClippedAndOutputsDropped() throws Exception {
    JsonNode plain = json(CliRun.ofLine(SMALL + "odfa --json"));
    assertThat(plain.get("micro_batches").asInt()).isEqualTo(1);
    assertThat(plain.has("clip_norm")).isFalse();
    assertThat(plain.get("dropout").asDouble()).isZero();
    double loss = plain.get("test_loss_nats").asDouble();
    JsonNode split = json(CliRun.ofLine(SMALL + "odfa --json --accumulate 4"));
    assertThat(split.get("micro_batches").asInt()).isEqualTo(4);
    // The same training but for the order of sums: six steps of Adam, weights off by 1e-6.
    assertThat(split.get("test_loss_nats").asDouble()).isCloseTo(loss, within(1e-4));
    assertThat(split.get("frames")).isEqualTo(plain.get("frames"));
    JsonNode clipped = json(CliRun.ofLine(SMALL + "odfa --json --optimizer sgd --clip 1e-6"));
    assertThat(clipped.get("clip_norm").asDouble()).isEqualTo(1e-6);
    JsonNode unclipped = json(CliRun.ofLine(SMALL + "odfa --json --optimizer sgd"));
    assertThat(clipped.get("test_loss_nats")).isNotEqualTo(unclipped.get("test_loss_nats"));
    JsonNode dropped = json(CliRun.ofLine(SMALL + "odfa --json --dropout 0.5"));
    assertThat(dropped.get("dropout").asDouble()).isEqualTo(0.5);
    assertThat(dropped.get("test_loss_nats")).isNotEqualTo(plain.get("test_loss_nats"));
  }

  @Test
  void textSaysHowGradientsAreTreated() {
    CliRun run = CliRun.ofLine(SMALL + "bp --accumulate 4 --clip 0.5 --dropout 0.2 --dry-run");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("batch 32 in 4 passes, gradients clipped to 0.5, dropout 0.2")
        .contains("gradient_norm", "apply_gradient", "dropout ", "gradients 0.0 MB");
  }

  @Test
  void textSaysWhatRunsAndWhatCame() {
    CliRun run = CliRun.ofLine(SMALL + "odfa");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("fp32 products", "(auto: ")
        .contains("12-16-8-3, tanh, 371 parameters")
        .contains(
            "odfa: procedural matrix, camera 8 bits, noise on, clock paper-fig4, ternary"
                + " stochastic")
        .contains("epoch 2/2")
        .contains("accuracy")
        .contains("a model, not measured");
  }

  @Test
  void theTextNamesWhatIsNotTheDefault() {
    CliRun run =
        CliRun.ofLine(
            SMALL
                + "odfa --dry-run --mean-anchor 0.3 --dark-offset 2 --hot-pixels 0.01 --dead-pixels"
                + " 0.02 --select --floor 2 --bias-removal off --drift 1000 --recalibrate 100"
                + " --macropixels --matrix stored --optics paper-language --signal-scale"
                + " calibrated:0.5 --project last-input --subtract-batch-mean");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains(
            "odfa: stored matrix, camera 8 bits, noise on, mean anchor 0.3, dark offset 2,"
                + " hot pixels 0.01, dead pixels 0.02, selection from 1.4 x pixels, floor 2,"
                + " bias kept, drift over 1000 projections, recalibrated every 100 projections,"
                + " macropixels, clock paper-language, ternary stochastic, signal calibrated:0.5,"
                + " last-input projected, batch mean subtracted");
  }

  @Test
  void aDryRunShowsThePlanAndTrainsNothing() {
    CliRun run = CliRun.ofLine(SMALL + "odfa --dry-run");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("speckle_project", "linear_update", "total", "MFLOP", "floor", "weights")
        .doesNotContain("epoch 1/2", "accuracy");
  }

  @Test
  void valuesThatAreNotFiniteEndTheRun() {
    CliRun run = CliRun.ofLine(SMALL + "bp --activation relu --optimizer sgd --learning-rate 1e38");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).containsPattern("block \\d+ \\(dense\\d\\) were not finite at step \\d+");
  }

  /** One step, after which weights are finite and the outputs are not. */
  @Test
  void anEvaluationThatIsNotFiniteEndsTheRun() {
    CliRun run =
        CliRun.ofLine(
            "train mlp --data synthetic --examples 32 --inputs 12 --classes 3 --hidden 16,8"
                + " --epochs 1 --batch 32 --rule bp --activation relu --optimizer sgd"
                + " --learning-rate 1e30 --json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines()).filteredOn(line -> line.startsWith("feedlight: ")).hasSize(1);
    assertThat(run.errLines().getLast()).startsWith("feedlight: ").contains("finite");
    assertThat(run.err()).doesNotContain("internal error");
  }

  @Test
  void theEmbeddedSubsetIsTheDefault() throws Exception {
    JsonNode json =
        json(CliRun.ofLine("train mlp --rule bp --hidden 32 --epochs 1 --batch 250 --json"));
    assertThat(json.get("data").asText()).isEqualTo("fashion-mnist-subset");
    assertThat(json.get("training_examples").asInt()).isEqualTo(7500);
    assertThat(json.get("test_examples").asInt()).isEqualTo(1500);
    assertThat(json.get("test_accuracy").asDouble()).isGreaterThan(0.2);
  }
}
