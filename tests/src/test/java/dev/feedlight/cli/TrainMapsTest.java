package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train vit} and {@code train fcnn}, from maps to an error. */
final class TrainMapsTest {
  private static CliRun train(String options) {
    return CliRun.ofLine("train " + options + " --device cpu");
  }

  private static JsonNode last(CliRun run) throws Exception {
    return new ObjectMapper().readTree(run.outLines().getLast());
  }

  @ParameterizedTest
  @CsvSource({"vit, bp", "vit, odfa", "fcnn, dfa", "fcnn, odfa"})
  void oneObjectSaysWhatCameOut(String model, String rule) throws Exception {
    CliRun run = train(model + " --rule " + rule + " --examples 20 --batch 4 --epochs 2 --json");
    assertThat(run.err()).contains("2 epochs of 5 steps", "4 x 48 x 72 to 1 x 48 x 72", "RMSE");
    assertThat(run.code()).isZero();
    JsonNode object = last(run);
    assertThat(object.get("command").asText()).isEqualTo("train " + model);
    assertThat(object.get("model").asText()).isEqualTo(model);
    assertThat(object.get("steps_done").asLong()).isEqualTo(10);
    assertThat(object.get("rmse").asDouble())
        .isEqualTo(Math.sqrt(object.get("test_loss").asDouble()))
        .isBetween(0.9, 3.0);
    assertThat(object.get("fed_parameters").asLong())
        .isBetween(1L, object.get("parameters").asLong() - 1);
    assertThat(object.has("modelled_optical_seconds")).isEqualTo(rule.equals("odfa"));
  }

  @Test
  void aClimateIsLearnedUntilYearsHeldBackGetNoBetter() throws Exception {
    CliRun run =
        train(
            "fcnn --rule bp --data north-america --hold-back A1B:2040-2059 --early-stop 2"
                + " --optimizer adamw --weight-decay 0.1 --learning-rate 0.02 --epochs 50 --json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("180 training and 20 test examples, 4 x 36 x 48 to 1 x 36 x 48");
    JsonNode object = last(run);
    assertThat(object.get("data").asText()).isEqualTo("north-america, A1B:2040-2059 held back");
    assertThat(object.get("ended").asText()).isEqualTo("stopped_early");
    assertThat(object.get("steps_done").asLong()).isBetween(3 * 22L, 49 * 22L);
    assertThat(object.get("rmse_k").asDouble()).isBetween(0.3, 3.0);
  }

  @Test
  void aResumedRunEndsWithTheSameBits(@TempDir Path base) throws Exception {
    Path folder = base.resolve("run");
    String options =
        "vit --rule odfa --examples 12 --batch 4 --steps 5 --json --every 2 --keep 9 --checkpoint "
            + folder;
    JsonNode whole = last(train(options + " --out " + base.resolve("log")));
    assertThat(Files.readAllLines(base.resolve("log/events.jsonl")).getLast())
        .contains("\"test_rmse\"");
    for (String later : List.of("step-000000000004", "step-000000000005")) {
      Files.move(folder.resolve(later), base.resolve(later));
    }
    CliRun resumed = train(options + " --resume");
    assertThat(resumed.err()).contains("(step 2 of 5)");
    assertThat(last(resumed).get("rmse")).isEqualTo(whole.get("rmse"));
    assertThat(folder.resolve("step-000000000005/weights.safetensors"))
        .hasSameBinaryContentAs(base.resolve("step-000000000005/weights.safetensors"));
  }

  @Test
  void aDryRunSaysWhatThePaperTakes() {
    CliRun vit = train("vit --rule odfa --preset paper --optimizer sgd --dry-run");
    assertThat(vit.code()).isZero();
    assertThat(vit.out())
        .contains("54 patches of 16 x 16", "weights 799", "in blocks fed", "optics");
    CliRun fcnn = train("fcnn --rule bp --preset paper --optimizer sgd --batch 4 --dry-run");
    assertThat(fcnn.code()).isZero();
    assertThat(fcnn.out())
        .contains("1,300,471,904", "1,030,208,080", "weights 5201.9 MB", "24.56 GFLOP");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vit --rule odfa --preset huge      | --preset must be one of tiny, medium, paper, not"
            + " huge",
        "vit --rule bp --feedback macro     | --feedback has no effect with --rule bp",
        "fcnn --rule bp --activation step   | --activation must be one of identity, relu",
        "fcnn --rule bp --steps 3 --epochs 2 | --epochs has no effect with --steps",
        "fcnn --rule bp --batch 1000        | --batch must be at most the 160 examples",
        "vit --rule bp --data nothing       | --data must be one of",
        "vit --rule bp --data climate       | give --data-dir",
        "vit --rule bp --early-stop 3       | give --hold-back NAME:FIRST-LAST",
        "vit --rule bp --weight-decay 1     | --weight-decay has no effect with --optimizer adam",
        "vit --rule bp --target pr          | --target has no effect without --data climate",
        "vit --rule bp --data north-america --target pr | has temperatures alone",
        "vit --rule bp --data north-america --window 2 | --window has no effect with --data north",
        "vit --rule bp --data climate --target wind --data-dir x | --target must be one of tas, pr,"
            + " dtr, pr90",
        "vit --rule bp --data north-america --historical | --historical has no effect with",
        "vit --rule bp --task ssp370        | --task has no effect without --data climate"
      })
  void whatIsWrongEndsWith2AndOneLine(String options, String message) {
    CliRun run = train(options);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains(message);
  }
}
