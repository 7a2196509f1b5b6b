package dev.feedlight.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of results tells all runs that left something in it. */
final class RunFileTest {
  @TempDir private Path folder;

  private static RunFile.Invocation invocation(String... arguments) {
    return new RunFile.Invocation("a command", List.of(arguments), Map.of("--x", "1"));
  }

  private JsonNode read() throws IOException {
    return new ObjectMapper().readTree(folder.resolve(RunFile.NAME).toFile());
  }

  @Test
  void aRunThatIsNotCompleteHasNoEnd() throws IOException {
    RunFile file = RunFile.begin(folder, invocation("a"), Map.of("seed", 3));
    assertThat(read().has("ended")).isFalse();
    assertThat(read().get("seed").asInt()).isEqualTo(3);
    file.complete(Map.of("value", 0.1));
    assertThat(read().get("ended").asText()).isNotEmpty();
    assertThat(read().get("result").get("value").asDouble()).isEqualTo(0.1);
    assertThat(read().has("earlier")).isFalse();
  }

  @Test
  void otherRunsStayAndTheSameIsReplaced() throws IOException {
    for (String argument : List.of("a", "b", "a", "c", "a")) {
      RunFile.begin(folder, invocation(argument), Map.of()).complete(Map.of());
    }
    assertThat(read().get("command_line")).extracting(JsonNode::asText).containsExactly("a");
    assertThat(read().get("earlier"))
        .extracting(run -> run.get("command_line").get(0).asText())
        .containsExactly("b", "c");
  }

  @Test
  void whatIsNoRecordIsLeftAlone() throws IOException {
    Path path = folder.resolve(RunFile.NAME);
    Files.writeString(path, "[1, 2");
    assertThatThrownBy(() -> RunFile.begin(folder, invocation("a"), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("move it away");
    assertThat(Files.readString(path)).isEqualTo("[1, 2");
  }
}
