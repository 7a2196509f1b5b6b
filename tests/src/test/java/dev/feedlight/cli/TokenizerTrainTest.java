package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.Corpora;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tokenizer train}, from a text to a file. */
final class TokenizerTrainTest {
  @TempDir private Path base;

  @Test
  void trainsOnTheTextInTheJar() throws Exception {
    Path file = base.resolve("tokenizer.json");
    CliRun run =
        CliRun.of("tokenizer", "train", "--vocabulary", "300", "--out", file.toString(), "--json");
    assertThat(run.code()).isZero();
    assertThat(run.outLines()).hasSize(1);
    assertThat(run.err())
        .contains("Shakespeare: ", "1,108,317 characters", "nats of 5.704", "300 tokens");
    JsonNode object = new ObjectMapper().readTree(run.out());
    BytePairTokenizer tokenizer = BytePairTokenizer.read(file);
    assertThat(tokenizer.vocabulary()).isEqualTo(300);
    assertThat(object.get("sha256").asText()).isEqualTo(tokenizer.sha256());
    JsonNode parts = object.get("parts");
    assertThat(parts.get("training").get("tokens").asLong())
        .isGreaterThan(5 * parts.get("test").get("tokens").asLong());
    assertThat(parts.get("test").get("unigram_nats").asDouble()).isBetween(4.0, 5.704);
  }

  @Test
  void whatIsNoTextEndsWith2AndOneLine() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    files.put("empty.txt", new byte[0]);
    files.put("latin.txt", new byte[] {'a', (byte) 0xE9, 'b', '\n'});
    files.put("short.txt", "one line\n".getBytes(StandardCharsets.US_ASCII));
    files.put("cut.zip", Arrays.copyOf(Corpora.zip(), 300));
    Map<String, String> messages =
        Map.of(
            "empty.txt", "empty.txt has no text",
            "latin.txt", "latin.txt is not UTF-8: byte 1 (counted from 0) is E9",
            "short.txt", "short.txt has 1 different passages",
            "cut.zip", "cut.zip: does not end as a zip file");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = Files.write(base.resolve(file.getKey()), file.getValue());
      Path out = base.resolve("none.json");
      CliRun run =
          CliRun.of(
              "tokenizer",
              "train",
              "--data",
              file.getKey().endsWith(".zip") ? "cornell" : "text",
              "--data-dir",
              path.toString(),
              "--out",
              out.toString());
      assertThat(run.code()).as(file.getKey()).isEqualTo(2);
      assertThat(run.errLines()).hasSize(1);
      assertThat(run.err()).contains(messages.get(file.getKey()));
      assertThat(out).doesNotExist();
    }
  }
}
