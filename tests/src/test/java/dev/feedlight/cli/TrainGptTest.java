package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TextCorpus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train gpt}, from a text to a loss. */
final class TrainGptTest {
  /** A text of its own, so that a run takes a second: pairs for 1016 tokens, and little more. */
  @TempDir private static Path base;

  @BeforeAll
  static void writeText() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 3000; line++) {
      text.append("line ").append(Integer.toString(line * 7919, 26)).append(" ends.\n");
    }
    Files.writeString(base.resolve("text.txt"), text);
  }

  private static CliRun train(String options) {
    return CliRun.ofLine(
        "train gpt --device cpu --data text --data-dir "
            + base.resolve("text.txt")
            + (options.contains("--batch") ? " " : " --batch 4 ")
            + "--held-out-windows 20 "
            + options);
  }

  private static JsonNode last(CliRun run) throws Exception {
    return new ObjectMapper().readTree(run.outLines().getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void oneObjectSaysWhatCameOut(String rule) throws Exception {
    CliRun run = train("--rule " + rule + " --steps 8 --learning-rate 3e-3 --test --json");
    assertThat(run.err()).contains("8 steps", "nats per token", "1,583,232 parameters");
    assertThat(run.code()).isZero();
    assertThat(run.outLines()).hasSize(1);
    JsonNode object = last(run);
    assertThat(object.get("command").asText()).isEqualTo("train gpt");
    assertThat(object.get("rule").asText()).isEqualTo(rule);
    assertThat(object.get("steps_done").asLong()).isEqualTo(8);
    assertThat(object.get("tokens").asLong()).isEqualTo(8 * 4 * 24);
    double uniform = object.get("ln_vocabulary").asDouble();
    assertThat(uniform).isEqualTo(Math.log(1016));
    double unigram = object.get("unigram_entropy_nats").asDouble();
    assertThat(unigram).isBetween(1.0, uniform);
    assertThat(object.get("heldout_loss_nats").asDouble()).isBetween(1.0, uniform + 0.5);
    assertThat(object.get("test_loss_nats").asDouble()).isBetween(1.0, uniform + 0.5);
    assertThat(object.has("modelled_optical_seconds")).isEqualTo(rule.equals("odfa"));
    if (rule.equals("odfa")) {
      assertThat(object.get("projected").asText()).isEqualTo("output");
      assertThat(object.get("subtract_batch_mean").asBoolean()).isTrue();
    }
  }

  /** Half a run and the rest of it, in an epoch that the limit of steps cuts short. */
  @Test
  void aResumedRunEndsWithTheSameBits() throws Exception {
    Path folder = base.resolve("run");
    String options = "--rule odfa --steps 9 --json";
    String written = options + " --every 4 --keep 9 --checkpoint " + folder;
    JsonNode whole = last(train(written));
    for (String later : List.of("step-000000000008", "step-000000000009")) {
      Files.move(folder.resolve(later), base.resolve(later));
    }
    CliRun resumed = train(written + " --resume");
    assertThat(resumed.err()).contains("step-000000000004 (step 4 of 9)");
    assertThat(last(resumed).get("heldout_loss_nats")).isEqualTo(whole.get("heldout_loss_nats"));
    assertThat(folder.resolve("step-000000000009/weights.safetensors"))
        .hasSameBinaryContentAs(base.resolve("step-000000000009/weights.safetensors"));

    CliRun longer = train(written.replace("--steps 9", "--steps 10") + " --resume");
    assertThat(longer.code()).isEqualTo(2);
    assertThat(longer.err()).contains("has 9 steps, not 10: give --steps 9");
    CliRun epoch = train(written.replace("--steps 9", "--epochs 1") + " --resume");
    assertThat(epoch.code()).isEqualTo(2);
    assertThat(epoch.err()).contains("give --steps 9");
    CliRun wider = train(written + " --resume --preset small");
    assertThat(wider.code()).isEqualTo(2);
    assertThat(wider.err()).contains("gpt.width is 512 in this engine, 192 in the checkpoint");
    CliRun other = train(written + " --resume --split-seed 2");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("tokenizer_sha256 is ");
  }

  /** Signals of all tokens of a batch, at every feedback point; the rate goes up and down. */
  @Test
  void alignmentIsMeasuredAndTheRateHasASchedule() throws Exception {
    Path out = base.resolve("aligned");
    CliRun run =
        train(
            "--rule odfa --steps 4 --warm-up 1 --schedule cosine --alignment 2 --json --out "
                + out);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("0.001, falling to 0 along a cosine, 1 steps of warm-up");
    assertThat(last(run).get("schedule").asText()).isEqualTo("cosine");
    assertThat(last(run).get("warm_up").asInt()).isEqualTo(1);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve("curves.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    List<JsonNode> gradients =
        lines.stream()
            .filter(line -> line.get("metric").asText().equals("gradient_alignment"))
            .toList();
    // The embedding and two points in each layer but the last, before steps 1 and 3.
    assertThat(gradients).hasSize(2 * (1 + 2 * 3));
    assertThat(gradients)
        .allSatisfy(
            line -> {
              assertThat(line.get("model").asText()).isEqualTo("gpt");
              assertThat(line.get("n").asInt()).isEqualTo(4 * 24);
              assertThat(line.get("value").asDouble()).isBetween(-1.0, 1.0);
            });
    assertThat(out.resolve("alignment.png")).exists();
    List<Double> rates = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve("events.jsonl"))) {
      JsonNode event = new ObjectMapper().readTree(line);
      if (event.has("learning_rate")) {
        rates.add(event.get("learning_rate").asDouble());
      }
    }
    assertThat(rates).hasSize(4);
    assertThat(rates.get(0)).isCloseTo(0.5e-3, within(1e-9));
    assertThat(rates.get(2)).isCloseTo(0.5e-3, within(1e-9));
    assertThat(rates.get(1)).isGreaterThan(rates.get(2)).isGreaterThan(rates.get(3));
  }

  /** From a text to a model to a text; what has to be refused is, before anything is trained. */
  @Test
  void aTrainedModelIsKeptAndWrites() throws Exception {
    Path model = base.resolve("models/first");
    String options = "--rule odfa --steps 4 --json --checkpoint " + base.resolve("kept");
    CliRun run = train(options + " --model " + model);
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("wrote     " + model);
    CliRun text =
        CliRun.of(
            "generate",
            "--device",
            "cpu",
            "--model",
            model.toString(),
            "--prompt",
            "line a ends.",
            "--tokens",
            "40",
            "--json");
    assertThat(text.code()).isZero();
    assertThat(last(text).get("tokens")).hasSize(40);
    assertThat(last(text).get("parameters").asLong()).isEqualTo(1_583_232);

    refused(train("--rule bp --model " + model), "first is there already: give the model another");
    refused(
        train("--rule bp --model " + base.resolve("a") + " --out " + base.resolve("a/b")),
        "must not lie in --model");
    refused(train("--rule bp --model " + model.resolve("config.json/more")), "cannot be written");
    refused(train("--rule bp --dry-run --model " + base.resolve("a")), "--model has no effect");

    // A run that has ended gives its model still.
    CliRun later = train(options + " --resume --model " + base.resolve("models/second"));
    assertThat(later.code()).isZero();
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      assertThat(base.resolve("models/second").resolve(file))
          .hasSameBinaryContentAs(model.resolve(file));
    }
  }

  @Test
  void eventsAndRecordAreWritten() throws Exception {
    Path out = base.resolve("log");
    CliRun run = train("--rule dfa --steps 3 --out " + out);
    assertThat(run.code()).isZero();
    List<String> events = Files.readAllLines(out.resolve("events.jsonl"));
    assertThat(events.stream().filter(line -> line.contains("\"step\"")).count())
        .isGreaterThanOrEqualTo(3);
    assertThat(events.getLast()).contains("\"heldout_loss\"", "\"heldout_loss_hex\"");
    JsonNode record = new ObjectMapper().readTree(out.resolve("run.json").toFile());
    assertThat(record.get("data").get("tokenizer_sha256").asText()).hasSize(64);
  }

  @Test
  void aDryRunSaysWhatThePaperTakes() {
    CliRun run = train("--rule odfa --preset paper --optimizer sgd --dry-run");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("1,070,286,000", "399,513,600", "387,028,800", "weights 4281.1 MB")
        .contains("1,000 steps", "96,000 projections");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rule odfa --preset huge           | --preset must be one of tiny, small, paper",
        "--rule bp --feedback macro          | --feedback has no effect with --rule bp",
        "--rule dfa --feedback both          | --feedback must be one of macro, micro, not both",
        "--rule bp --steps 3 --epochs 2      | --steps has no effect with --epochs",
        "--rule bp --steps 0                 | --steps must be at least 1, not 0",
        "--rule bp --context 100000          | a context of 100000 needs 100001",
        "--rule bp --context 0               | --context must be at least 1, not 0",
        "--rule bp --batch 1000000           | --batch must be at most the",
        "--rule dfa --accumulate 2           | give --subtract-batch-mean off",
        "--rule dfa --subtract-batch-mean=no | --subtract-batch-mean must be one of on, off, not"
            + " no",
        "--rule bp --early-stop 2            | --early-stop counts epochs: give --epochs N",
        "--rule bp --schedule steep          | --schedule must be one of constant, cosine, linear,"
            + " not steep",
        "--rule bp --warm-up -1              | --warm-up must be at least 0, not -1",
        "--rule shlw --alignment 2           | --alignment has no effect with --rule shlw",
        "--rule bp --test --dry-run          | --test has no effect with --dry-run"
      })
  void whatIsWrongEndsWith2AndOneLine(String options, String message) {
    refused(train(options), message);
  }

  private static void refused(CliRun run, String message) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains(message);
  }

  @Test
  void aTokenizerOfAnotherVocabularyIsRefused() throws Exception {
    Path file = base.resolve("tokenizer.json");
    String text = Files.readString(base.resolve("text.txt"), StandardCharsets.UTF_8);
    BytePairTokenizer.train(new TextCorpus("text", List.of(text)), 300).write(file);
    CliRun run = train("--rule bp --tokenizer " + file);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("has 300 tokens, but 1016 are needed");
  }
}
