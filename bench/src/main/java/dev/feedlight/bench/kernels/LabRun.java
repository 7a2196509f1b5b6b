package dev.feedlight.bench.kernels;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.device.Device;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.CudaDevice;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private final DeviceChoice choice;
  private final Path directory;
  private final String preset;
  private final String command;
  private final PrintStream out;

  /**
   * Prepares a run.
   *
   * @param choice the device, open; a GPU is measured with Feedlight's own products, a processor by
   *     one thread
   * @param directory where results go; made if missing
   * @param preset {@code smoke} for tiny operands, whose numbers mean nothing
   * @param command the command that repeats the run
   * @param out for the table
   * @throws IllegalArgumentException if there are no generations in the device's precision
   */
  public LabRun(
      DeviceChoice choice, Path directory, String preset, String command, PrintStream out) {
    Precision precision = choice.device().precision();
    boolean gpu = choice.device() instanceof CudaDevice;
    List<Precision> measured = gpu ? GpuGenerations.PRECISIONS : CpuGenerations.PRECISIONS;
    if (!measured.contains(precision)) {
      throw new IllegalArgumentException(
          String.format(
              "of kernels on %s there are generations in %s, none in %s",
              gpu ? "a GPU" : "the processor",
              String.join(" and ", measured.stream().map(Precision::label).toList()),
              precision.label()));
    }
    this.choice = choice;
    this.directory = directory;
    this.preset = preset;
    this.command = command;
    this.out = out;
  }

  /**
   * Measures and writes {@code results.jsonl}, in which lines of other experiments, devices and
   * precisions stay, and {@code summary.md}.
   *
   * @return the files written
   * @throws IOException if they cannot be written
   */
  public List<Path> run() throws IOException {
    Files.createDirectories(directory);
    Device device = choice.device();
    boolean smoke = preset.equals("smoke");
    out.println("device    " + choice.line());
    Ceilings ceilings = null;
    List<Generation> all;
    if (device instanceof CudaDevice cuda) {
      ceilings = Ceilings.measure(cuda, smoke);
      out.println("ceilings  " + ceilings.line());
      all = GpuGenerations.measure(cuda, smoke, ceilings);
    } else {
      all = CpuGenerations.measure(smoke);
    }
    String table = table(all);
    out.print(table);
    return new KernelPage("Generations of kernels", directory, preset, command)
        .write(
            List.of(EXPERIMENT),
            all.stream().map(one -> line(device, one)).toList(),
            choice,
            ceilings,
            METHOD + table);
  }

  private ResultLine line(Device device, Generation one) {
    return KernelsRun.line(device, preset, EXPERIMENT, Metric.MS_PER_STEP)
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
