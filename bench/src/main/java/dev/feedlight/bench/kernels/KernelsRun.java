package dev.feedlight.bench.kernels;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.bench.step.Spread;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.CudaDevice;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every kernel's time, by the device's own clock, beside its floor: bytes over the bandwidth and
 * operations over the rate of products that the same run measured.
 */
public final class KernelsRun {
  /** Of the result lines of kernels. */
  public static final String EXPERIMENT = "kernels";

  /** Of the result lines of ceilings. */
  public static final String CEILINGS = "kernels_ceilings";

  private static final String HEAD =
      "| kernel | operands | sets | MB | MFLOP | floor, us | by | time, us (quartiles) | floor /"
          + " time |\n|---|---|--:|--:|--:|--:|---|--:|--:|\n";

  private static final String METHOD =
      """
      A call is one operation (or the operations that are named) with operands of its own; *sets* of
      operands take turns so that together they exceed the cache. Times are by the device's clock (on
      a GPU events around replays of a graph), medians and quartiles of the rounds. The *floor* of a call is
      for each operation the larger of its bytes, each operand once, over the bandwidth of a copy and
      of its multiplications and additions over the rate of a large product, both measured in this
      run; `by` says which of the two is larger. What a kernel draws or looks up (Philox, `tanh`) is not
      in it. In a group of updates a call is one of them.

      """;

  private final Path directory;
  private final boolean smoke;
  private final String preset;
  private final String command;
  private final PrintStream out;
  private final List<ResultLine> lines = new ArrayList<>();

  /**
   * Prepares a run.
   *
   * @param directory where results go; made if missing
   * @param preset {@code smoke} for tiny operands, whose numbers mean nothing
   * @param command the command that repeats the run
   * @param out for progress, a line per kernel
   */
  public KernelsRun(Path directory, String preset, String command, PrintStream out) {
    this.directory = directory;
    this.smoke = preset.equals("smoke");
    this.preset = preset;
    this.command = command;
    this.out = out;
  }

  /**
   * Measures and writes {@code results.jsonl}, in which lines of other experiments, devices and
   * precisions stay, and {@code summary.md}; on a GPU in fp32 with products by ours and by cuBLAS
   * in both, or why there are none. The table that {@code --products measured} goes by stays as it
   * is: only {@link ProductsRun} writes that.
   *
   * @param choice the device, open
   * @return the files written
   * @throws IOException if they cannot be written
   */
  public List<Path> run(DeviceChoice choice) throws IOException {
    Files.createDirectories(directory);
    Device device = choice.device();
    out.println("device    " + choice.line());
    Ceilings ceilings = Ceilings.measure(device, smoke);
    out.println("ceilings  " + ceilings.line());
    out.print(HEAD);
    ceilingLines(device, ceilings);
    KernelTime.Effort effort = smoke ? KernelTime.Effort.SMOKE : KernelTime.Effort.FULL;
    StringBuilder table = new StringBuilder(HEAD);
    for (KernelCase one : smoke ? KernelCases.smoke() : KernelCases.paper()) {
      KernelTime time = KernelTime.measure(device, one, ceilings, effort);
      String row = row(time);
      table.append(row).append('\n');
      out.println(row);
      kernelLines(device, time);
    }
    ProductTimes products = products(device, ceilings, effort);
    out.print(products.markdown());
    lines.addAll(products.lines(() -> ProductsRun.line(device, preset)));
    return new KernelPage("Kernels beside their floors", directory, preset, command)
        .write(
            List.of(EXPERIMENT, CEILINGS, ProductsRun.EXPERIMENT),
            lines,
            choice,
            ceilings,
            METHOD + table + "\n" + products.markdown());
  }

  /** Empty where they cannot be compared or fail: the kernels have been measured all the same. */
  private ProductTimes products(Device device, Ceilings ceilings, KernelTime.Effort effort) {
    if (!(device instanceof CudaDevice) || device.precision() != Precision.FP32) {
      return ProductTimes.none("cuBLAS is for products in fp32 on a GPU");
    }
    try (ProductDevices devices = ProductDevices.open()) {
      List<ProductCase> cases = smoke ? KernelCases.fewProducts() : KernelCases.products();
      return ProductTimes.measure(devices, cases, ceilings, effort, _ -> {});
    } catch (DeviceException e) {
      return ProductTimes.none(e.getMessage());
    }
  }

  private void ceilingLines(Device device, Ceilings ceilings) {
    lines.add(
        line(device, CEILINGS, Metric.BYTES_PER_S)
            .setting("operation=copy")
            .value(ceilings.bytesPerSecond())
            .build());
    ceilings
        .flopsPerSecond()
        .forEach(
            (type, rate) ->
                lines.add(
                    line(device, CEILINGS, Metric.FLOPS_PER_S)
                        .setting("operation=product type=" + type)
                        .value(rate)
                        .build()));
  }

  private static String setting(KernelTime time) {
    return "kernel="
        + word(time.measured().kernel())
        + " operands="
        + word(time.measured().shape())
        + " sets="
        + time.sets();
  }

  private ResultLine timeLine(Device device, String setting, KernelTime time) {
    Spread seconds = time.seconds();
    return line(device, EXPERIMENT, Metric.MS_PER_CALL)
        .setting(setting)
        .value(seconds.median() * 1e3)
        .spread(seconds.low() * 1e3, seconds.high() * 1e3)
        .n(time.n())
        .build();
  }

  private void kernelLines(Device device, KernelTime time) {
    Spread seconds = time.seconds();
    double floor = time.floor().seconds();
    String setting = setting(time);
    lines.add(timeLine(device, setting, time));
    lines.add(
        line(device, EXPERIMENT, Metric.MS_FLOOR).setting(setting).value(floor * 1e3).build());
    lines.add(
        line(device, EXPERIMENT, Metric.FLOOR_SHARE)
            .setting(setting)
            .value(time.share())
            .spread(floor / seconds.high(), floor / seconds.low())
            .n(time.n())
            .build());
  }

  private ResultLineBuilder line(Device device, String experiment, Metric metric) {
    return line(device, preset, experiment, metric);
  }

  /** Begins a result line. */
  static ResultLineBuilder line(Device device, String preset, String experiment, Metric metric) {
    return ResultLine.of(experiment, metric)
        .preset(preset)
        .data("random")
        .implementation(ResultLine.Implementation.FEEDLIGHT)
        .dtype(device.precision().label())
        .device(device.name() + ": " + device.identity().model())
        .commit(Commit.current());
  }

  /** Without blanks, which part the pairs of a setting. */
  private static String word(String text) {
    return text.replace(", ", ",").replace(' ', '_');
  }

  private static String row(KernelTime time) {
    Spread seconds = time.seconds();
    return String.format(
        Locale.ROOT,
        "| `%s` | %s | %d | %.3f | %.1f | %.2f | %s | %.2f (%.2f to %.2f) | %.2f |",
        time.measured().kernel(),
        time.measured().shape(),
        time.sets(),
        time.call().bytes() * 1e-6,
        time.call().flops() * 1e-6,
        time.floor().seconds() * 1e6,
        time.floor().arithmetic() ? "flops" : "bytes",
        seconds.median() * 1e6,
        seconds.low() * 1e6,
        seconds.high() * 1e6,
        time.share());
  }
}
