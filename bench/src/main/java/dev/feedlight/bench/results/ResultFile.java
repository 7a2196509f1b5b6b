package dev.feedlight.bench.results;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.feedlight.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A {@code results.jsonl}: one {@link ResultLine} a line, UTF-8. Reading is strict: unknown or
 * repeated keys, unknown names in {@code rule}, {@code clock} and the like, and numbers written as
 * text are refused with the line's number. One writer at a time; readers may come at any moment.
 */
public final class ResultFile {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text -> {
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
              })
          .build();

  private final Path path;

  /** Names a file, which need not exist yet. */
  public ResultFile(Path path) {
    this.path = path;
  }

  /** The file as it was named. */
  public Path path() {
    return path;
  }

  /** One line as it stands in the file, without the line break. */
  public static String toJson(ResultLine line) {
    try {
      return MAPPER.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a checked line cannot fail to be written: " + line, e);
    }
  }

  /** The keys a line has and their values as in the file (names, numbers, booleans), in order. */
  static Map<String, Object> toMap(ResultLine line) {
    return MAPPER.convertValue(line, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /**
   * The lines that a run does not measure again.
   *
   * @param replaced lines of the run
   * @return all others in their order; none if there is no file yet
   * @throws IOException if the file cannot be read
   */
  public List<ResultLine> linesBeside(Predicate<ResultLine> replaced) throws IOException {
    return Files.exists(path) ? read().stream().filter(replaced.negate()).toList() : List.of();
  }

  /**
   * Reads all lines; blank ones are skipped.
   *
   * @throws ResultFileException for the first line that breaks the contract
   * @throws IOException if the file cannot be read
   */
  public List<ResultLine> read() throws IOException {
    return parse(Files.readString(path, StandardCharsets.UTF_8));
  }

  /**
   * Replaces the file's content.
   *
   * @throws IOException if it cannot be written; the old file is then untouched
   */
  public void write(List<ResultLine> lines) throws IOException {
    AtomicFile.write(path, text(lines).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds lines behind those there are, whose bytes stay as they were.
   *
   * @throws ResultFileException if a line that is there already cannot be read; nothing is changed
   * @throws IOException if the file cannot be read or written; nothing is changed
   */
  public void append(List<ResultLine> lines) throws IOException {
    String before = Files.exists(path) ? Files.readString(path, StandardCharsets.UTF_8) : "";
    parse(before);
    String separator = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
    AtomicFile.write(path, (before + separator + text(lines)).getBytes(StandardCharsets.UTF_8));
  }

  private List<ResultLine> parse(String text) throws ResultFileException {
    List<ResultLine> lines = new ArrayList<>();
    int number = 0;
    for (String json : text.lines().toList()) {
      number++;
      if (!json.isBlank()) {
        lines.add(parse(json, number));
      }
    }
    return lines;
  }

  private ResultLine parse(String json, int number) throws ResultFileException {
    ResultLine line;
    try {
      line = MAPPER.readValue(json, ResultLine.class);
    } catch (JsonProcessingException e) {
      throw new ResultFileException(path, number, reason(e), e);
    }
    if (line == null) {
      throw new ResultFileException(path, number, "null is no result", null);
    }
    return line;
  }

  private static String reason(JsonProcessingException e) {
    if (e.getCause() instanceof InvalidResultException broken) {
      return broken.getMessage();
    }
    boolean atKey = e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty();
    String key = atKey ? ((JsonMappingException) e).getPath().getLast().getFieldName() + ": " : "";
    return key + e.getOriginalMessage();
  }

  private static String text(List<ResultLine> lines) {
    StringBuilder text = new StringBuilder();
    for (ResultLine line : lines) {
      text.append(toJson(line)).append('\n');
    }
    return text.toString();
  }
}
