package dev.feedlight.bench.fig4;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feedlight.bench.results.Journal;
import dev.feedlight.bench.results.RunFolderException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code cells.jsonl}: what was measured in a folder, cell by cell, so that a run can go on where
 * an earlier one was interrupted, and lines be derived anew. First line the {@link Conditions},
 * then a {@link CellRecord} each. Nothing is written before the first cell; an interruption loses
 * the cell in progress alone. A line that was not finished is passed over, all others are read
 * strictly.
 */
final class CellStore {
  static final String NAME = "cells.jsonl";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private final Journal journal;
  private final Conditions conditions;
  private final Map<Cell, CellRecord> records;

  /** Whether the file on the disk is this store's content, so that a line can be added to it. */
  private boolean current;

  private CellStore(Journal journal, Conditions conditions, Map<Cell, CellRecord> records) {
    this.journal = journal;
    this.conditions = conditions;
    this.records = records;
  }

  /**
   * Reads what a folder holds.
   *
   * @param directory of the results
   * @param preset whose cells they must be
   * @param conditions of this run
   * @throws RunFolderException if cells are there that were measured under other conditions
   * @throws dev.feedlight.bench.results.ResultFileException for the first finished line that cannot
   *     be read
   * @throws IOException if the file cannot be read
   */
  static CellStore open(Path directory, Preset preset, Conditions conditions) throws IOException {
    Journal journal = new Journal(directory.resolve(NAME));
    List<String> lines = journal.lines();
    Map<Cell, CellRecord> records = new LinkedHashMap<>();
    if (lines.size() > 1) {
      requireSame(journal, parse(journal, 1, lines.getFirst(), Conditions.class), conditions);
      Map<String, Cell> known =
          preset.cells(Figure.named(Figure.ALL)).stream()
              .collect(Collectors.toMap(Cell::label, Function.identity()));
      for (int i = 1; i < lines.size(); i++) {
        add(journal, i + 1, lines.get(i), known, records);
      }
    }
    return new CellStore(journal, conditions, records);
  }

  private static void add(
      Journal journal, int number, String line, Map<String, Cell> known, Map<Cell, CellRecord> to)
      throws IOException {
    CellRecord stored = parse(journal, number, line, CellRecord.class);
    Cell cell = known.get(stored.label());
    if (cell == null) {
      throw journal.damaged(number, "the preset has no cell " + stored.label(), null);
    }
    try {
      stored.measurement();
    } catch (IllegalArgumentException e) {
      throw journal.damaged(number, e.getMessage(), e);
    }
    if (to.put(cell, stored) != null) {
      throw journal.damaged(number, "a second line for " + stored.label(), null);
    }
  }

  private static <T> T parse(Journal journal, int number, String line, Class<T> type)
      throws IOException {
    try {
      T value = MAPPER.readValue(line, type);
      if (value == null) {
        throw journal.damaged(number, "null is no cell", null);
      }
      return value;
    } catch (JsonProcessingException e) {
      throw journal.damaged(number, e.getOriginalMessage(), e);
    }
  }

  private static void requireSame(Journal journal, Conditions there, Conditions here) {
    Map<String, Object> others = keys(there);
    List<String> differences = new ArrayList<>();
    keys(here)
        .forEach(
            (key, value) -> {
              if (!Objects.equals(value, others.get(key))) {
                differences.add(key + " " + others.get(key) + ", here " + value);
              }
            });
    if (!differences.isEmpty()) {
      throw new RunFolderException(
          journal.path()
              + " holds cells measured under other conditions ("
              + String.join("; ", differences)
              + "): take another --out, or delete that file first");
    }
  }

  private static Map<String, Object> keys(Conditions conditions) {
    return MAPPER.convertValue(conditions, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  Path path() {
    return journal.path();
  }

  /** The model of what measured. */
  String model() {
    return conditions.model();
  }

  /**
   * The model of what measured the cells of a folder.
   *
   * @param directory of results
   * @return its name; empty if there are no cells
   * @throws dev.feedlight.bench.results.ResultFileException if the first line cannot be read
   * @throws IOException if the file cannot be read
   */
  static String model(Path directory) throws IOException {
    Journal journal = new Journal(directory.resolve(NAME));
    List<String> lines = journal.lines();
    return lines.size() > 1 ? parse(journal, 1, lines.getFirst(), Conditions.class).model() : "";
  }

  /** The cells that were measured. */
  Set<Cell> cells() {
    return Set.copyOf(records.keySet());
  }

  /** Their times. */
  Times times() {
    Times times = new Times();
    records.forEach((cell, stored) -> times.put(cell, stored.measurement()));
    return times;
  }

  /** How many cells there are of each commit. */
  Map<String, Long> commits() {
    return records.values().stream()
        .collect(Collectors.groupingBy(CellRecord::commit, TreeMap::new, Collectors.counting()));
  }

  /** Drops cells that are to be measured again; on the disk they stay until the first new one. */
  void forget(Collection<Cell> cells) {
    records.keySet().removeAll(cells);
    current = false;
  }

  /**
   * Keeps a cell; it is on the disk when this returns.
   *
   * @throws IOException if it cannot be written
   */
  void add(Cell cell, List<Double> millis, double seconds, String commit) throws IOException {
    CellRecord added = new CellRecord(cell.label(), millis, seconds, commit);
    records.put(cell, added);
    if (current) {
      journal.append(json(added));
    } else {
      // Also removes a line that an interrupted run left unfinished.
      List<String> lines = new ArrayList<>(List.of(json(conditions)));
      records.values().forEach(stored -> lines.add(json(stored)));
      journal.replace(lines);
      current = true;
    }
  }

  private static String json(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot fail to be written: " + value, e);
    }
  }
}
