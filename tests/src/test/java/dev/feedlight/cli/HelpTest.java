package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.cli.CommandLineApp;
import dev.feedlight.bench.cli.Streams;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every command explains itself. */
final class HelpTest {
  static Stream<CommandLine> commands() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    List<CommandLine> found = new ArrayList<>();
    collect(CommandLineApp.tree(new Streams(nowhere, nowhere, false)), found);
    return found.stream();
  }

  private static void collect(CommandLine command, List<CommandLine> found) {
    found.add(command);
    command.getSubcommands().values().forEach(sub -> collect(sub, found));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyOptionHasADescription(CommandLine command) {
    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertThat(String.join("", option.description()))
          .as(command.getCommandSpec().qualifiedName() + " " + option.longestName())
          .endsWith(".");
      assertThat(option.hidden()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpIsPrintedWithExamples(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    CliRun run = CliRun.ofLine((name + " --help").replaceFirst("^feedlight ", ""));
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Usage: " + name).doesNotContain("\tat ");
    if (!name.equals("feedlight train")) {
      assertThat(run.out()).contains("Examples:", "  feedlight ");
    }
    assertThat(run.outLines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--rule",
        "--data",
        "--data-dir",
        "--hidden",
        "--activation",
        "--epochs",
        "--batch",
        "--accumulate",
        "--clip",
        "--dropout",
        "--seed",
        "--optimizer",
        "--learning-rate",
        "--device",
        "--threads",
        "--transmission",
        "--bits",
        "--ternary",
        "--signal-scale",
        "--project",
        "--noise",
        "--optics",
        "--subtract-batch-mean",
        "--clock",
        "--alignment",
        "--alignment-out",
        "--checkpoint",
        "--every",
        "--keep",
        "--resume",
        "--early-stop",
        "--out",
        "--dry-run",
        "--json"
      })
  void trainKeepsItsOptions(String option) {
    assertThat(CliRun.ofLine("train mlp --help").out()).contains(option);
  }

  /** The unit's knobs are the same wherever there are optics. */
  @ParameterizedTest
  @ValueSource(strings = {"train mlp", "opu project", "opu speckle"})
  void opticsHaveOneSetOfOptions(String command) {
    assertThat(CliRun.ofLine(command + " --help").out())
        .contains(
            "--optics",
            "--transmission",
            "--matrix",
            "--macropixels",
            "--bits",
            "--mean-anchor",
            "--noise",
            "--dark-offset",
            "--hot-pixels",
            "--dead-pixels",
            "--select",
            "--floor",
            "--bias-removal",
            "--drift",
            "--recalibrate",
            "--clock");
  }

  @Test
  void opuKeepsItsOptions() {
    assertThat(CliRun.ofLine("opu project --help").out())
        .contains("--input", "--outputs", "--out", "--seed", "--device", "--threads", "--json");
    assertThat(CliRun.ofLine("opu speckle --help").out())
        .contains("--out", "--inputs", "--lit", "--density", "--width", "--height", "--seed")
        .contains("a grain of the emulated speckle is one pixel");
    assertThat(CliRun.ofLine("opu quality --help").out())
        .contains("--out", "--preset", "--seed", "--device", "--threads");
  }

  @Test
  void dataKeepsItsOptions() {
    assertThat(CliRun.ofLine("data list --help").out()).contains("--data-dir", "--json");
    assertThat(CliRun.ofLine("data fetch --help").out())
        .contains("--data-dir", "--force", "--mirror", "--attempts", "--timeout", "--json");
  }

  @Test
  void tokenizerKeepsItsOptions() {
    assertThat(CliRun.ofLine("tokenizer train --help").out())
        .contains("--data", "--data-dir", "--vocabulary", "--seed", "--out", "--json");
  }

  @Test
  void generateKeepsItsOptions() {
    assertThat(CliRun.ofLine("generate --help").out())
        .contains("--model", "--prompt", "--tokens", "--temperature", "--top-k", "--seed")
        .contains("--device", "--threads", "--json");
  }

  @Test
  void versionIsOneLine() {
    CliRun run = CliRun.ofLine("--version");
    assertThat(run.code()).isZero();
    assertThat(run.outLines()).hasSize(1);
    assertThat(run.out()).startsWith("feedlight ");
  }
}
