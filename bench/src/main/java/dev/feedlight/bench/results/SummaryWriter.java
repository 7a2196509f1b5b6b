package dev.feedlight.bench.results;

import dev.feedlight.device.Machine;
import dev.feedlight.io.AtomicFile;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Writes {@code summary.md}: what was run and where, the pictures, and one table per experiment and
 * metric. A key that has one value in the whole table is said once above it, not in every row.
 *
 * @param title heading of the page
 * @param command the command line that repeats the run
 * @param machine where it ran
 * @param commit see {@link Commit}
 * @param date when it ran
 * @param pictures file names relative to the summary, in the order to show them
 */
public record SummaryWriter(
    String title,
    String command,
    Machine machine,
    String commit,
    Instant date,
    List<String> pictures) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Keys that are the table's heading, or columns of their own, or said once for the page. */
  private static final List<String> APART =
      List.of("experiment", "metric", "unit", "value", "low", "high", "n", "commit");

  public SummaryWriter {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(commit, "commit");
    Objects.requireNonNull(date, "date");
    pictures = List.copyOf(pictures);
  }

  /**
   * Writes the page for {@code lines}, replacing an older one as a whole.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file, List<ResultLine> lines) throws IOException {
    AtomicFile.write(file, markdown(lines).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a page with an experiment's own part before the tables, which sum up all seeds.
   *
   * @param part Markdown, with an empty line at its end
   * @param lines all; of single seeds none is shown
   * @throws IOException if it cannot be written
   */
  public void write(Path file, String part, List<ResultLine> lines) throws IOException {
    String head = markdown(List.of());
    List<ResultLine> summed = lines.stream().filter(line -> line.seed() == null).toList();
    String page = head + part + markdown(summed).substring(head.length());
    AtomicFile.write(file, page.getBytes(StandardCharsets.UTF_8));
  }

  /** The page as Markdown. */
  public String markdown(List<ResultLine> lines) {
    StringBuilder page = new StringBuilder();
    page.append("# ").append(title).append("\n\n");
    page.append("```\n").append(command.strip()).append("\n```\n\n");
    page.append("- date: ").append(DATE.format(date)).append('\n');
    page.append("- commit: ").append(commit).append('\n');
    page.append("- machine: ").append(machine.describe()).append("\n\n");
    for (String picture : pictures) {
      String name = picture.replaceFirst("\\.[^.]*$", "");
      page.append("![").append(name).append("](").append(picture).append(")\n\n");
    }
    Map<List<Object>, List<Map<String, Object>>> tables = new LinkedHashMap<>();
    for (ResultLine line : lines) {
      tables
          .computeIfAbsent(
              List.of(line.experiment(), line.metric(), line.unit()), k -> new ArrayList<>())
          .add(ResultFile.toMap(line));
    }
    tables.values().forEach(table -> appendTable(page, table));
    return page.toString();
  }

  private static void appendTable(StringBuilder page, List<Map<String, Object>> lines) {
    Map<String, Object> first = lines.getFirst();
    page.append("## ").append(first.get("experiment")).append(": ").append(first.get("metric"));
    page.append(" (").append(first.get("unit")).append(")\n\n");
    List<String> columns = new ArrayList<>();
    List<String> shared = new ArrayList<>();
    for (RecordComponent component : ResultLine.class.getRecordComponents()) {
      String key = component.getName();
      List<String> values = lines.stream().map(line -> cell(line.get(key))).distinct().toList();
      if (APART.contains(key) || values.equals(List.of(""))) {
        continue;
      }
      if (values.size() == 1 && lines.size() > 1) {
        shared.add(key + " " + values.getFirst());
      } else {
        columns.add(key);
      }
    }
    if (!shared.isEmpty()) {
      page.append("In every row: ").append(String.join(", ", shared)).append(".\n\n");
    }
    columns.addAll(List.of("value", "low", "high", "n"));
    appendRow(page, columns);
    appendRow(page, columns.stream().map(column -> "---:").toList());
    for (Map<String, Object> line : lines) {
      appendRow(page, columns.stream().map(column -> cell(line.get(column))).toList());
    }
    page.append('\n');
  }

  private static void appendRow(StringBuilder page, List<String> cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String cell(Object value) {
    return switch (value) {
      case null -> "";
      case Double number -> format(number);
      default -> value.toString().replace("|", "\\|").replaceAll("\\s+", " ");
    };
  }

  /** Four significant digits, without an exponent where that is readable. */
  private static String format(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    int decimals = size == 0 ? 0 : Math.clamp(3 - (long) Math.floor(Math.log10(size)), 0, 6);
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
