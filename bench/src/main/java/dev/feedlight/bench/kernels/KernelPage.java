package dev.feedlight.bench.kernels;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.device.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder that a run of kernels writes: {@code results.jsonl} and {@code summary.md}.
 *
 * @param title heading of the summary
 * @param directory there already
 * @param preset {@code smoke} for numbers that mean nothing, which the summary then says
 * @param command the command that repeats the run
 */
record KernelPage(String title, Path directory, String preset, String command) {
  /**
   * Writes both files. Of the result lines that are there, those of other experiments, devices and
   * precisions stay.
   *
   * @param experiments that the run measures
   * @param lines all of one device and precision; at least one
   * @param choice the device
   * @param ceilings measured by the run; null for none
   * @param body Markdown: what was measured and how
   * @return the files
   * @throws IOException if they cannot be written
   */
  List<Path> write(
      List<String> experiments,
      List<ResultLine> lines,
      DeviceChoice choice,
      Ceilings ceilings,
      String body)
      throws IOException {
    ResultLine model = lines.getFirst();
    ResultFile results = new ResultFile(directory.resolve("results.jsonl"));
    List<ResultLine> all =
        new ArrayList<>(
            results.linesBeside(
                line ->
                    experiments.contains(line.experiment())
                        && model.device().equals(line.device())
                        && model.dtype().equals(line.dtype())));
    all.addAll(lines);
    results.write(all);
    Path summary = directory.resolve("summary.md");
    String part =
        "- device: "
            + choice.line()
            + "\n"
            + (ceilings == null ? "" : "- measured at the beginning: " + ceilings.line() + "\n")
            + "\n"
            + body
            + (preset.equals("smoke") ? "\nPreset smoke: these numbers mean nothing.\n" : "");
    new SummaryWriter(title, command, Machine.detect(), Commit.current(), Instant.now(), List.of())
        .write(summary, part, List.of());
    return List.of(results.path(), summary);
  }
}
