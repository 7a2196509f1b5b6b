package dev.feedlight.bench.kernels;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.device.Device;
import dev.feedlight.device.cuda.ProductTableFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Products of dense layers by our kernels and by cuBLAS: measured, written, and kept as the table
 * that {@code --products measured} goes by.
 */
public final class ProductsRun {
  /** Of the result lines. */
  public static final String EXPERIMENT = "kernels_products";

  private final Path directory;
  private final String preset;
  private final List<ProductCase> cases;
  private final KernelTime.Effort effort;
  private final String command;
  private final PrintStream out;

  /**
   * Prepares a run.
   *
   * @param directory where results go; made if missing
   * @param preset {@code smoke} for tiny operands, whose numbers mean nothing and are not kept
   * @param command the command that repeats the run
   * @param out for progress, a line per product
   */
  public ProductsRun(Path directory, String preset, String command, PrintStream out) {
    this(
        directory,
        preset,
        isSmoke(preset) ? KernelCases.fewProducts() : KernelCases.products(),
        isSmoke(preset) ? KernelTime.Effort.SMOKE : KernelTime.Effort.FULL,
        command,
        out);
  }

  /** The same for products of one's choice, measured as thoroughly as one likes. */
  ProductsRun(
      Path directory,
      String preset,
      List<ProductCase> cases,
      KernelTime.Effort effort,
      String command,
      PrintStream out) {
    this.directory = directory;
    this.preset = preset;
    this.cases = List.copyOf(cases);
    this.effort = effort;
    this.command = command;
    this.out = out;
  }

  private static boolean isSmoke(String preset) {
    return preset.equals("smoke");
  }

  /**
   * Measures and writes {@code results.jsonl}, in which other lines stay, {@code summary.md} and
   * the table that is kept.
   *
   * @param devices the GPU, open both ways
   * @return the files written
   * @throws IOException if they cannot be written
   * @throws dev.feedlight.device.DeviceException before anything is measured if there is no folder
   *     for the table; later if a kernel fails
   */
  public List<Path> run(ProductDevices devices) throws IOException {
    boolean smoke = isSmoke(preset);
    List<Path> kept =
        smoke ? List.of() : List.of(ProductTableFile.writable(devices.own().productOrigin()));
    Files.createDirectories(directory);
    boolean brief = effort.equals(KernelTime.Effort.SMOKE);
    out.println("device    " + devices.ownChoice().line());
    Ceilings ceilings = Ceilings.measure(devices.own(), brief);
    out.println("ceilings  " + ceilings.line());
    out.print(ProductTimes.HEAD);
    ProductTimes times = ProductTimes.measure(devices, cases, ceilings, effort, out::println);
    times.left().forEach(one -> out.println("not measured: " + one));
    out.println(times.verdict());
    List<Path> files =
        new ArrayList<>(
            new KernelPage("Products by ours and by cuBLAS", directory, preset, command)
                .write(
                    List.of(EXPERIMENT),
                    times.lines(() -> line(devices.own(), preset)),
                    devices.ownChoice(),
                    ceilings,
                    times.markdown()));
    if (smoke) {
      out.println("preset smoke: the numbers mean nothing, so the table is not kept");
    }
    for (Path file : kept) {
      times.keep(file, devices.own());
      files.add(file);
    }
    return files;
  }

  /** Begins a result line. */
  static ResultLineBuilder line(Device device, String preset) {
    return KernelsRun.line(device, preset, EXPERIMENT, Metric.MS_PER_CALL);
  }
}
