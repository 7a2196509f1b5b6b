package dev.feedlight.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CurveFileTest {
  private static final String MINE = "{\"experiment\":\"mine\",\"step\":0}";
  private static final String OTHER = "{ \"step\": 1, \"experiment\": \"other\" }";
  private static final String NAMELESS = "{\"step\":2}";

  @TempDir private Path directory;

  @Test
  void linesOfOthersStayAsTheyWere() throws Exception {
    Path path = directory.resolve("new/curves.jsonl");
    CurveFile file = new CurveFile(path);
    assertThat(file.linesOfOthers("mine")).isEmpty();
    file.replace("mine", List.of(MINE, MINE));
    assertThat(path).hasContent(MINE + "\n" + MINE + "\n");
    Files.writeString(path, MINE + "\n\n" + OTHER + "\n" + NAMELESS);
    assertThat(file.linesOfOthers("mine")).containsExactly(OTHER, NAMELESS);
    file.replace("mine", List.of(MINE));
    assertThat(path).hasContent(OTHER + "\n" + NAMELESS + "\n" + MINE + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"experiment\":", "7", "[]", "text", "{} {"})
  void damagedFilesAreLeftAlone(String damage) throws Exception {
    Path path = directory.resolve("curves.jsonl");
    Files.writeString(path, OTHER + "\n" + damage + "\n");
    assertThatThrownBy(() -> new CurveFile(path).replace("mine", List.of(MINE)))
        .isInstanceOf(ResultFileException.class)
        .hasMessageContaining("line 2");
    assertThat(path).hasContent(OTHER + "\n" + damage + "\n");
  }
}
