package dev.feedlight.bench.optics;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures how well units read out, and writes {@code results.jsonl}, in which lines of other
 * experiments and presets stay, {@code summary.md} and heat maps. Results are written after every
 * medium, so that an interrupted run keeps what it has.
 */
public final class QualityRun {
  private final Request request;
  private final PrintStream out;

  /**
   * What is asked for.
   *
   * @param preset values of the knobs
   * @param device as on the command line
   * @param threads as for {@link DeviceChoice#open}
   * @param seed of the first medium, its noise and its vectors; those of others follow
   * @param directory where results go; made if missing
   * @param command the command that repeats the run
   */
  public record Request(
      QualityPreset preset,
      String device,
      int threads,
      long seed,
      Path directory,
      String command) {}

  /**
   * What came of it.
   *
   * @param settings number of settings measured
   * @param problems why pictures could not be drawn; else empty
   * @param files written
   */
  public record Outcome(int settings, List<String> problems, List<Path> files) {}

  /**
   * Prepares a run.
   *
   * @param request what is asked for
   * @param out for progress, a line per medium
   */
  public QualityRun(Request request, PrintStream out) {
    this.request = request;
    this.out = out;
  }

  /**
   * Runs.
   *
   * @return what came of it
   * @throws IOException if results cannot be written, or earlier ones not be read
   */
  public Outcome run() throws IOException {
    ResultFile file = new ResultFile(request.directory.resolve("results.jsonl"));
    List<ResultLine> others =
        file.linesBeside(line -> QualityLines.isReplaced(line, request.preset));
    Files.createDirectories(request.directory);
    Map<QualitySetting, QualityResult> measured = new LinkedHashMap<>();
    QualityLines lines;
    try (DeviceChoice choice = DeviceChoice.open(request.device, request.threads)) {
      out.println("device      " + choice.line());
      lines = new QualityLines(request.preset, choice.device(), request.seed);
      announce();
      for (int medium = 0; medium < request.preset.media(); medium++) {
        measure(choice, request.seed + medium, measured);
        List<ResultLine> all = new ArrayList<>(others);
        all.addAll(lines.of(measured));
        file.write(all);
      }
    }
    List<Path> files = new ArrayList<>(List.of(file.path()));
    List<String> problems = new ArrayList<>();
    // Without fonts there are no pictures, but there are the numbers.
    try {
      NoPicturesException.requireDrawing();
      files.addAll(
          new QualityFigures(request.preset, measured, lines.commit()).write(request.directory));
    } catch (NoPicturesException e) {
      problems.add("pictures: " + e.getMessage());
    }
    Path summary = request.directory.resolve("summary.md");
    new QualitySummary(request.preset, measured, request.command, lines.commit())
        .write(summary, files);
    files.add(summary);
    return new Outcome(measured.size(), problems, files);
  }

  private void announce() {
    QualityPreset preset = request.preset;
    out.printf(
        Locale.ROOT,
        "preset      %s: %d settings of %d vectors in %d media, %d inputs, %d pixels%n",
        preset.name(),
        preset.settings().size(),
        preset.vectors(),
        preset.media(),
        preset.inputs(),
        preset.outputs());
  }

  private void measure(
      DeviceChoice choice, long seed, Map<QualitySetting, QualityResult> measured) {
    QualityPreset preset = request.preset;
    ReadoutQuality quality =
        new ReadoutQuality(
            choice.device(), preset.inputs(), preset.outputs(), preset.vectors(), seed);
    long start = System.nanoTime();
    for (QualitySetting setting : preset.settings()) {
      List<ReadoutQuality.Correlations> media =
          new ArrayList<>(
              measured.containsKey(setting) ? measured.get(setting).media() : List.of());
      media.add(quality.measure(setting));
      measured.put(setting, new QualityResult(media));
    }
    out.printf(
        Locale.ROOT, "medium      seed %d, %.1f s%n", seed, (System.nanoTime() - start) * 1e-9);
  }
}
