package dev.feedlight.bench.plot;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The paper's Fig. 4 from measured lines: {@code fig4a} (time against width), {@code fig4b} (time
 * against depth) and {@code fig4c} (ODFA's time over DFA's against the size of the projection).
 *
 * <p>Read are lines with {@code experiment} of that name, Feedlight's own, whose batch, dtype,
 * device and threads agree: {@code ms_per_sample} with rule, clock, overlapped, transmission, width
 * and depth for the first two; {@code ratio_step} and {@code ratio_projection} with clock,
 * overlapped, transmission and {@code outputs} = n for the third. A line without seed wins over
 * those with one, a later line over an earlier one.
 */
public final class Fig4Figures {
  private static final int COMMIT_DIGITS = 12;
  private static final int RATIO_HEIGHT = 430;

  private final List<ResultLine> lines;
  private final String machine;

  /**
   * Prepares the figures of {@code lines}.
   *
   * @param lines of any experiment; others than Fig. 4 are passed over
   * @param machine the device's name for the caption, such as the CPU model; may be empty
   */
  public Fig4Figures(List<ResultLine> lines, String machine) {
    this.lines = List.copyOf(lines);
    this.machine = machine;
  }

  /**
   * Writes PNG and SVG of every figure that has lines.
   *
   * @return the files written, none if there is nothing to draw
   * @throws FigureDataException if the lines of a figure mix setups or lack keys; no file of any
   *     figure is then written
   * @throws NoPicturesException if Java finds no font on this machine
   * @throws IOException if a file cannot be written
   */
  public List<Path> write(Path directory) throws IOException {
    List<String> names = names();
    List<FigureSheet> sheets = names.stream().map(this::sheet).toList();
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < sheets.size(); i++) {
      files.addAll(FigureWriter.write(sheets.get(i), directory, names.get(i)));
    }
    return files;
  }

  /** The figures that there are lines for, in order. */
  public List<String> names() {
    return Stream.of("fig4a", "fig4b", "fig4c")
        .filter(
            name ->
                lines.stream()
                    .anyMatch(
                        line ->
                            line.experiment().equals(name)
                                && Fig4Lines.isOwn(line.implementation())))
        .toList();
  }

  /**
   * One figure.
   *
   * @param name {@code fig4a}, {@code fig4b} or {@code fig4c}
   * @throws FigureDataException if there are no lines for it, or they mix setups or lack keys
   */
  public FigureSheet sheet(String name) {
    return switch (name) {
      case "fig4a" -> times(Fig4Axis.WIDTH, name);
      case "fig4b" -> times(Fig4Axis.DEPTH, name);
      case "fig4c" -> ratios(name);
      default -> throw new FigureDataException("no figure " + name + "; fig4a, fig4b, fig4c are");
    };
  }

  private FigureSheet times(Fig4Axis axis, String name) {
    Fig4Lines picked = Fig4Lines.of(name, lines, Metric.MS_PER_SAMPLE);
    TimePanels panels = new TimePanels(picked, axis);
    List<String> caption = caption(picked, panels.notes());
    return new FigureSheet(
        "Fig. 4" + name.charAt(4) + ": training time against " + axis.noun(),
        caption,
        panels.panels(),
        panels.columns(),
        panels.columns() == 2 ? 340 : 290,
        panels.legend());
  }

  private FigureSheet ratios(String name) {
    Fig4Lines picked = Fig4Lines.of(name, lines, Metric.RATIO_STEP, Metric.RATIO_PROJECTION);
    picked.requireOne("depth", ResultLine::depth);
    RatioPanels panels = new RatioPanels(picked);
    List<String> caption = caption(picked, panels.notes());
    return new FigureSheet(
        "Fig. 4c: time by ODFA over time by DFA against the size of the projection",
        caption,
        panels.panels(),
        panels.panels().size(),
        RATIO_HEIGHT,
        panels.legend());
  }

  private List<String> caption(Fig4Lines picked, String notes) {
    List<String> parts = new ArrayList<>();
    add(parts, picked, ResultLine::preset, "preset %s");
    add(parts, picked, ResultLine::batch, "batch %s");
    add(parts, picked, ResultLine::dtype, "%s");
    String device = String.join(", ", picked.texts(ResultLine::device));
    parts.add(
        Stream.of(device, machine)
            .filter(text -> !text.isBlank())
            .collect(Collectors.joining(": ", "device ", "")));
    add(parts, picked, ResultLine::threads, "%s threads");
    add(parts, picked, Fig4Figures::shortCommit, "commit %s");
    List<Integer> counts =
        picked.texts(ResultLine::n).stream().map(Integer::valueOf).sorted().toList();
    String n =
        counts.isEmpty()
            ? ""
            : counts.getFirst().equals(counts.getLast())
                ? String.format(Locale.ROOT, " of %d", counts.getFirst())
                : String.format(Locale.ROOT, " of %d to %d", counts.getFirst(), counts.getLast());
    return List.of(
        String.join(" \u00B7 ", parts),
        "Markers: median" + n + " iterations; bars: low to high. " + notes);
  }

  private static void add(
      List<String> parts, Fig4Lines picked, Function<ResultLine, ?> key, String format) {
    List<String> values = picked.texts(key);
    if (!values.isEmpty()) {
      parts.add(String.format(Locale.ROOT, format, String.join(", ", values)));
    }
  }

  /** The first digits are enough to find it; a mark of local changes stays. */
  private static String shortCommit(ResultLine line) {
    String commit = line.commit();
    return commit == null
        ? null
        : commit.replaceFirst("^([0-9a-f]{" + COMMIT_DIGITS + "})[0-9a-f]+", "$1");
  }
}
