package dev.feedlight.bench.fig4;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.plot.Fig4Figures;
import dev.feedlight.bench.plot.MissingFontsException;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.device.Machine;
import dev.feedlight.opu.OpuClock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Measures Fig. 4, cell by cell, each in a JVM of its own, and writes {@code results.jsonl},
 * pictures and {@code summary.md}. The results are written after every cell, so that an interrupted
 * run keeps what it has. Lines of other experiments in the same {@code results.jsonl} stay.
 */
public final class Fig4Run {
  /** A measured JVM itself, with oneDNN and some heap (ours, rounded up). */
  private static final long JVM_BYTES = 400_000_000L;

  private final Request request;
  private final PrintStream out;
  private final LongSupplier freeMemory;
  private final List<String> problems = new ArrayList<>();

  /**
   * What is asked for.
   *
   * @param figures panels
   * @param preset sizes and times
   * @param device as on the command line
   * @param threads as for {@link DeviceChoice#open}
   * @param seed of weights, data, feedback and optics
   * @param clock model of the optics' time
   * @param directory where results go; made if missing
   * @param command the command that repeats the run
   */
  public record Request(
      List<Figure> figures,
      Preset preset,
      String device,
      int threads,
      long seed,
      OpuClock clock,
      Path directory,
      String command) {}

  /**
   * What came of it.
   *
   * @param measured number of cells measured
   * @param problems one line per cell that could not be measured, and for pictures not drawn
   * @param files written
   */
  public record Outcome(int measured, List<String> problems, List<Path> files) {}

  /**
   * Prepares a run.
   *
   * @param request what is asked for
   * @param out for progress, a line per cell
   */
  public Fig4Run(Request request, PrintStream out) {
    this(request, out, FreeMemory::bytes);
  }

  Fig4Run(Request request, PrintStream out, LongSupplier freeMemory) {
    this.request = request;
    this.out = out;
    this.freeMemory = freeMemory;
  }

  /**
   * Runs.
   *
   * @return what came of it; cells that failed are among the problems
   * @throws IOException if results cannot be written, or earlier ones not be read
   */
  public Outcome run() throws IOException {
    ResultFile file = new ResultFile(request.directory().resolve("results.jsonl"));
    List<ResultLine> others = othersIn(file);
    Setup setup = setUp();
    Files.createDirectories(request.directory());
    Times times = measure(setup, file, others);
    List<ResultLine> lines = Lines.of(setup, times);
    List<Path> files = new ArrayList<>();
    if (!lines.isEmpty()) {
      Machine machine = Machine.detect();
      files.add(file.path());
      files.addAll(draw(lines, machine));
      Path summary = request.directory().resolve("summary.md");
      new Summary(setup, lines, problems, request.command(), machine).write(summary, files);
      files.add(summary);
    }
    return new Outcome(times.size(), List.copyOf(problems), files);
  }

  /** Without fonts there are no pictures, but there are the numbers. */
  private List<Path> draw(List<ResultLine> lines, Machine machine) throws IOException {
    try {
      return new Fig4Figures(lines, machine.cpu()).write(request.directory());
    } catch (MissingFontsException e) {
      problems.add("pictures: " + e.getMessage());
      return List.of();
    }
  }

  private List<ResultLine> othersIn(ResultFile file) throws IOException {
    if (!Files.exists(file.path())) {
      return List.of();
    }
    return file.read().stream()
        .filter(line -> !Lines.isReplaced(line, request.preset(), request.figures()))
        .toList();
  }

  private Setup setUp() {
    try (DeviceChoice choice = DeviceChoice.open(request.device(), request.threads())) {
      out.println("device    " + choice.line());
      return new Setup(
          request.figures(),
          request.preset(),
          request.clock(),
          choice.device().name(),
          choice.device().threads(),
          Commit.current());
    }
  }

  private Times measure(Setup setup, ResultFile file, List<ResultLine> others) throws IOException {
    List<Cell> cells = request.preset().cells(request.figures());
    CellRunner runner =
        new CellRunner(request.preset(), request.device(), request.threads(), request.seed());
    announce(cells);
    Times times = new Times();
    long start = System.nanoTime();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      String number = String.format(Locale.ROOT, "[%2d/%d] ", i + 1, cells.size());
      try {
        requireMemory(cell);
        Measurement measured = runner.measure(cell);
        times.put(cell, measured);
        List<ResultLine> lines = new ArrayList<>(others);
        lines.addAll(Lines.of(setup, times));
        file.write(lines);
        out.println(number + result(cell, measured, start, i + 1, cells.size()));
      } catch (CellFailedException e) {
        problems.add(cell.label() + ": " + e.getMessage());
        out.println(number + cell.label() + ": left out: " + e.getMessage());
      }
    }
    return times;
  }

  private void announce(List<Cell> cells) {
    Preset preset = request.preset();
    out.printf(
        Locale.ROOT,
        "preset    %s: %d cells of %d x (%d + %d) iterations of %d ms, batch %d; about %s%n",
        preset.name(),
        cells.size(),
        preset.forks(),
        preset.warmUpIterations(),
        preset.iterations(),
        preset.iterationMillis(),
        preset.batch(),
        duration(preset.seconds(cells)));
  }

  private static String result(Cell cell, Measurement measured, long start, int done, int cells) {
    double spent = (System.nanoTime() - start) * 1e-9;
    return String.format(
        Locale.ROOT,
        "%s: %.3f ms (%.3f to %.3f), %s left",
        cell.label(),
        measured.median(),
        measured.low(),
        measured.high(),
        duration(spent / done * (cells - done)));
  }

  private void requireMemory(Cell cell) throws CellFailedException {
    long needed = JVM_BYTES + cell.deviceBytes(request.preset().batch());
    long free = freeMemory.getAsLong();
    if (needed > free) {
      throw new CellFailedException(
          String.format(
              Locale.ROOT,
              "needs about %.0f MB of memory, %.0f MB are free",
              needed * 1e-6,
              free * 1e-6));
    }
  }

  private static String duration(double seconds) {
    return seconds < 90
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : String.format(Locale.ROOT, "%.1f min", seconds / 60);
  }
}
