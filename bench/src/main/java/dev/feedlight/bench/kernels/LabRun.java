package dev.feedlight.bench.kernels;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.device.Device;
import dev.feedlight.device.Machine;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.io.AtomicFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Generations of a kernel side by side: those of kernels/lab and those that a device takes. */
public final class LabRun {
  /** Of the result lines. */
  public static final String EXPERIMENT = "lab";

  private static final String HEAD =
      """
      | step | generation | MB | time, us (quartiles) | GB/s | generation 1 / this |
      |---|---|--:|--:|--:|--:|
      """;

  private static final String METHOD =
      """
      What the generations are says kernels/lab/README.md. Times are of a whole step, medians and
      quartiles of the rounds: on a GPU by events around replays of a graph, on a processor of one
      thread on its core, both generations in turns. *MB* is what a generation moves at least, each of its
      passes over the weights counted, and *GB/s* that over its time.

      """;

  private final Path directory;
  private final String preset;
  private final String command;
  private final PrintStream out;

  /**
   * Prepares a run.
   *
   * @param directory where results go; made if missing
   * @param preset {@code smoke} for tiny operands, whose numbers mean nothing
   * @param command the command that repeats the run
   * @param out for the table
   */
  public LabRun(Path directory, String preset, String command, PrintStream out) {
    this.directory = directory;
    this.preset = preset;
    this.command = command;
    this.out = out;
  }

  /**
   * Measures and writes {@code results.jsonl}, in which lines of other experiments, devices and
   * precisions stay, and {@code summary.md}.
   *
   * @param choice the device, open
   * @return the files written
   * @throws IOException if they cannot be written
   */
  public List<Path> run(DeviceChoice choice) throws IOException {
    Files.createDirectories(directory);
    Device device = choice.device();
    boolean smoke = preset.equals("smoke");
    out.println("device    " + choice.line());
    String reached = "";
    List<Generation> all;
    if (device instanceof CudaDevice cuda) {
      Ceilings ceilings = Ceilings.measure(cuda, smoke);
      out.println("ceilings  " + ceilings.line());
      reached = "- measured at the beginning: " + ceilings.line() + "\n";
      all = GpuGenerations.measure(cuda, smoke, ceilings);
    } else {
      all = CpuGenerations.measure(smoke);
    }
    String table = table(all);
    out.print(table);
    List<ResultLine> lines = all.stream().map(one -> line(device, one)).toList();
    ResultFile results = new ResultFile(directory.resolve("results.jsonl"));
    List<ResultLine> kept = new ArrayList<>(results.linesBeside(line -> replaces(line, device)));
    kept.addAll(lines);
    results.write(kept);
    String head =
        new SummaryWriter(
                "Generations of kernels",
                command,
                Machine.detect(),
                Commit.current(),
                Instant.now(),
                List.of())
            .markdown(List.of());
    String page =
        head
            + "- device: "
            + choice.line()
            + "\n"
            + reached
            + "\n"
            + METHOD
            + table
            + (smoke ? "\nPreset smoke: these numbers mean nothing.\n" : "");
    Path summary = directory.resolve("summary.md");
    AtomicFile.write(summary, page.getBytes(StandardCharsets.UTF_8));
    return List.of(results.path(), summary);
  }

  private static boolean replaces(ResultLine line, Device device) {
    return line.experiment().equals(EXPERIMENT)
        && line.device().equals(name(device))
        && line.dtype().equals(device.precision().label());
  }

  private static String name(Device device) {
    return device.name() + ": " + device.identity().model();
  }

  private ResultLine line(Device device, Generation one) {
    return ResultLine.of(EXPERIMENT, Metric.MS_PER_STEP)
        .preset(preset)
        .data("random")
        .implementation(ResultLine.Implementation.FEEDLIGHT)
        .dtype(device.precision().label())
        .device(name(device))
        .commit(Commit.current())
        .setting(
            "step="
                + one.step().replace(", ", ",").replace(": ", ":").replace(' ', '_')
                + " generation="
                + one.number()
                + " bytes="
                + one.bytes())
        .value(one.seconds().median() * 1e3)
        .spread(one.seconds().low() * 1e3, one.seconds().high() * 1e3)
        .n(one.n())
        .build();
  }

  private static String table(List<Generation> all) {
    StringBuilder text = new StringBuilder(HEAD);
    for (Generation one : all) {
      double time = one.seconds().median();
      double taken =
          all.stream()
              .filter(other -> other.step().equals(one.step()) && other.number() == 1)
              .mapToDouble(other -> other.seconds().median())
              .findFirst()
              .orElseThrow();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d: %s | %.1f | %.2f (%.2f to %.2f) | %.1f | %.2f |%n",
              one.step(),
              one.number(),
              one.what(),
              one.bytes() * 1e-6,
              time * 1e6,
              one.seconds().low() * 1e6,
              one.seconds().high() * 1e6,
              one.bytes() / time * 1e-9,
              taken / time));
    }
    return text.toString();
  }
}
