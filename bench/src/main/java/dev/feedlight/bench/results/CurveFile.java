package dev.feedlight.bench.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feedlight.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A {@code curves.jsonl}: what was measured along the way, one JSON object a line, UTF-8. Keys are
 * those of {@link ResultLine} that apply, and {@code step}; metrics have names of their own.
 */
public final class CurveFile {
  private final Path path;

  /** Names a file, which need not exist yet. */
  public CurveFile(Path path) {
    this.path = path;
  }

  /** The file as it was named. */
  public Path path() {
    return path;
  }

  /**
   * The lines of all experiments but one, as they stand in the file.
   *
   * @param experiment whose lines are left out
   * @return lines without their breaks; none if there is no file
   * @throws ResultFileException for the first line that is not a JSON object
   * @throws IOException if the file cannot be read
   */
  public List<String> linesOfOthers(String experiment) throws IOException {
    return lines(object -> !object.path("experiment").asText().equals(experiment));
  }

  /**
   * The lines of one experiment that were measured before a step.
   *
   * @param experiment whose lines are wanted
   * @param step before which
   * @return lines without their breaks; none if there is no file
   * @throws ResultFileException for the first line that is not a JSON object
   * @throws IOException if the file cannot be read
   */
  public List<String> linesBefore(String experiment, long step) throws IOException {
    return lines(
        object ->
            object.path("experiment").asText().equals(experiment)
                && object.path("step").asLong() < step);
  }

  private List<String> lines(Predicate<JsonNode> wanted) throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    ObjectMapper mapper =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    List<String> found = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      JsonNode object = parse(mapper, line, number);
      if (wanted.test(object)) {
        found.add(line);
      }
    }
    return found;
  }

  private JsonNode parse(ObjectMapper mapper, String line, int number) throws ResultFileException {
    try {
      JsonNode object = mapper.readTree(line);
      if (!object.isObject()) {
        throw new ResultFileException(path, number, "not a JSON object", null);
      }
      return object;
    } catch (JsonProcessingException e) {
      throw new ResultFileException(path, number, e.getOriginalMessage(), e);
    }
  }

  /**
   * Replaces the lines of one experiment and keeps those of others.
   *
   * @param experiment whose lines are replaced
   * @param lines JSON objects without line breaks
   * @throws ResultFileException if a line that is there cannot be read; nothing is changed
   * @throws IOException if the file cannot be read or written; nothing is changed
   */
  public void replace(String experiment, List<String> lines) throws IOException {
    List<String> all = new ArrayList<>(linesOfOthers(experiment));
    all.addAll(lines);
    StringBuilder text = new StringBuilder();
    all.forEach(line -> text.append(line).append('\n'));
    AtomicFile.write(path, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
