package dev.feedlight.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResultFileTest {
  private static final String MINIMAL =
      "{\"experiment\":\"fig4a\",\"metric\":\"ms_per_sample\",\"unit\":\"ms\",\"value\":1.5}";

  /** Every key of the contract, in its order. */
  private static final String COMPLETE =
      "{\"experiment\":\"fig4a\",\"preset\":\"quick\",\"data\":\"random\",\"model\":\"mlp\","
          + "\"implementation\":\"feedlight\",\"optimizer\":\"sgd\",\"dtype\":\"fp32\","
          + "\"threads\":2,\"transmission\":\"stored\",\"inputs\":1000000,\"outputs\":3000000000,"
          + "\"rule\":\"odfa\",\"configuration\":\"own\",\"clock\":\"modelled\","
          + "\"overlapped\":true,\"width\":3080,\"depth\":96,\"batch\":32,\"device\":\"cpu\","
          + "\"metric\":\"ms_per_sample\",\"unit\":\"ms\",\"value\":13.09,\"low\":12.5,"
          + "\"high\":14.0,\"n\":5,\"seed\":7,\"commit\":\"0123abc\"}";

  @TempDir private Path directory;

  @Test
  void aCompleteLineHasTheContractsKeysInTheContractsOrder() {
    assertThat(ResultFile.toJson(complete())).isEqualTo(COMPLETE);
  }

  @Test
  void keysThatDoNotApplyAreLeftOut() {
    ResultLine line = ResultLine.of("fig4a", Metric.MS_PER_SAMPLE).value(1.5).build();
    assertThat(ResultFile.toJson(line)).isEqualTo(MINIMAL);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    ResultFile file = new ResultFile(directory.resolve("deep/results.jsonl"));
    ResultLine other = ResultLine.of("fig2", Metric.HELDOUT_LOSS_NATS).value(-1e-9).build();
    file.write(List.of(complete(), other));
    assertThat(file.read()).containsExactly(complete(), other);
    assertThat(Files.readAllLines(file.path())).first().isEqualTo(COMPLETE);
    try (var files = Files.list(file.path().getParent())) {
      assertThat(files).containsExactly(file.path());
    }
  }

  @Test
  void appendingKeepsTheBytesThatWereThere() throws IOException {
    ResultFile file = new ResultFile(directory.resolve("results.jsonl"));
    String odd =
        "{ \"value\" : 1.50, \"unit\":\"ms\",\"metric\":\"ms_per_step\",\"experiment\":\"x\"}";
    Files.writeString(file.path(), odd);
    file.append(List.of(complete()));
    file.append(List.of());
    assertThat(Files.readString(file.path())).isEqualTo(odd + "\n" + COMPLETE + "\n");
  }

  @Test
  void appendingMakesTheFile() throws IOException {
    ResultFile file = new ResultFile(directory.resolve("results.jsonl"));
    file.append(List.of(complete()));
    assertThat(file.read()).containsExactly(complete());
  }

  @Test
  void appendingToACorruptFileChangesNothing() throws IOException {
    ResultFile file = new ResultFile(directory.resolve("results.jsonl"));
    String torn = COMPLETE + "\n" + COMPLETE.substring(0, 100);
    Files.writeString(file.path(), torn);
    assertThatThrownBy(() -> file.append(List.of(complete())))
        .isInstanceOf(ResultFileException.class)
        .hasMessageContaining("results.jsonl, line 2: ");
    assertThat(Files.readString(file.path())).isEqualTo(torn);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"speed":3,                     | speed
          {"experiment":"again",          | Duplicate field 'experiment'
          {"rule":"sgd",                  | rule: Cannot
          {"rule":"BP",                   | "BP"
          {"rule":0,                      | rule
          {"clock":"real",                | clock: Cannot
          {"model":"cnn",                 | "cnn"
          {"implementation":"jax",        | "jax"
          {"configuration":"best",        | "best"
          {"batch":"32",                  | batch
          {"batch":32.5,                  | batch
          {"batch":0,                     | batch is 0
          {"width":3000000000,            | 3000000000
          {"seed":"a",                    | seed
          {"device":3,                    | device
          {"low":NaN,                     | NaN
          {"low":1,                       | go together
          {"low":2,"high":3,              | 2.0, 1.5, 3.0
          {"overlapped":true,             | overlapped true
          {"device":" ",                  | device is blank
          """)
  void aBadKeyIsRefusedWithFileAndLine(String start, String reason) throws IOException {
    ResultFile file = new ResultFile(directory.resolve("results.jsonl"));
    Files.writeString(file.path(), MINIMAL + "\n\n" + start + MINIMAL.substring(1) + "\n");
    assertThatThrownBy(file::read)
        .isInstanceOfSatisfying(
            ResultFileException.class,
            e -> {
              assertThat(e.lineNumber()).isEqualTo(3);
              assertThat(e.file()).isEqualTo(file.path());
            })
        .hasMessageContaining("results.jsonl, line 3: ")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null                                                                 | null
          []                                                                   | Array value
          {}                                                                   | experiment is missing
          {"experiment":"x","metric":"ms_per_step","unit":"ms"}                | value is missing
          {"experiment":"x","metric":"speed","unit":"ms","value":1}            | "speed"
          {"experiment":"x","metric":"ms_per_step","unit":"ms","value":1e999}  | value is Infinity
          {"experiment":"x","metric":"ms_per_step","unit":"ms","value":1} {}   | Trailing token
          """)
  void aBadLineIsRefused(String line, String reason) throws IOException {
    ResultFile file = new ResultFile(directory.resolve("results.jsonl"));
    Files.writeString(file.path(), line);
    assertThatThrownBy(file::read)
        .isInstanceOf(ResultFileException.class)
        .hasMessageContaining("line 1: ")
        .hasMessageContaining(reason);
  }

  private static ResultLine complete() {
    return ResultLine.of("fig4a", Metric.MS_PER_SAMPLE)
        .preset("quick")
        .data("random")
        .model(ResultLine.Model.MLP)
        .implementation(ResultLine.Implementation.FEEDLIGHT)
        .optimizer("sgd")
        .dtype("fp32")
        .threads(2)
        .transmission("stored")
        .inputs(1_000_000)
        .outputs(3_000_000_000L)
        .rule(ResultLine.Rule.ODFA)
        .configuration(ResultLine.Configuration.OWN)
        .clock(ResultLine.Clock.MODELLED)
        .overlapped(true)
        .width(3080)
        .depth(96)
        .batch(32)
        .device("cpu")
        .value(13.09)
        .spread(12.5, 14)
        .n(5)
        .seed(7)
        .commit("0123abc")
        .build();
  }
}
