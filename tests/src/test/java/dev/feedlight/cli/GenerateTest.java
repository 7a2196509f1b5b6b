package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.golden.GoldenGptTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code generate}, from a folder to a text. */
final class GenerateTest {
  private static final String PROMPT = "JACK: the";

  @TempDir private Path base;

  private static CliRun generate(String... more) {
    return of(GoldenGptTest.folder(), PROMPT, more);
  }

  private static CliRun of(Path model, String prompt, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "generate", "--model", model.toString(), "--device", "cpu", "--prompt", prompt));
    arguments.addAll(List.of(more));
    return CliRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void theTextFollowsThePrompt() throws Exception {
    CliRun run = generate("--tokens", "30", "--seed", "4");
    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith(PROMPT).hasSizeGreaterThan(PROMPT.length() + 10);
    assertThat(run.err()).isEmpty();
    assertThat(generate("--tokens", "30", "--seed", "4").out()).isEqualTo(run.out());
    assertThat(generate("--tokens", "30", "--seed", "5").out()).isNotEqualTo(run.out());
    CliRun json = generate("--tokens", "30", "--seed", "4", "--json");
    assertThat(json.outLines()).hasSize(1);
    assertThat(json.err()).isEqualTo(run.out());
    JsonNode object = new ObjectMapper().readTree(json.out());
    assertThat(PROMPT + object.get("text").asText() + System.lineSeparator()).isEqualTo(run.out());
    assertThat(object.get("tokens")).hasSize(30);
    assertThat(object.get("command").asText()).isEqualTo("generate");
  }

  @Test
  void temperature0IsTheSameForEverySeed() {
    CliRun run = generate("--tokens", "20", "--temperature", "0", "--seed", "4");
    assertThat(run.code()).isZero();
    assertThat(generate("--tokens", "20", "--temperature", "0", "--seed", "5").out())
        .isEqualTo(run.out());
    assertThat(generate("--tokens", "20", "--top-k", "1").out()).isEqualTo(run.out());
  }

  @Test
  void wrongArgumentsEndWith2AndOneLine() throws Exception {
    refused("--tokens must be at least 1, not 0", generate("--tokens", "0"));
    refused("0 or more, not -1.0", generate("--temperature", "-1"));
    refused("or more, not -3", generate("--top-k", "-3"));
    refused(
        "the prompt has 30 tokens, and the model sees 7 at once",
        of(GoldenGptTest.folder(), "x".repeat(30)));
    refused("--prompt is empty", of(base, ""));
    refused("has no model.safetensors: a model is a folder with config.json", of(base, "a"));
    for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      Files.copy(GoldenGptTest.folder().resolve(name), base.resolve(name));
    }
    Files.writeString(base.resolve("config.json"), "{}");
    refused("\"format\" is null and should be feedlight-gpt", of(base, "a"));
  }

  private static void refused(String message, CliRun run) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains(message);
  }
}
