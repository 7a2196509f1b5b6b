package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.device.DeviceRates;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Machine;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.CudaLibraries;
import dev.feedlight.device.cuda.CudaStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code doctor}: what this machine and this build can do. */
@Command(
    name = "doctor",
    description = {
      "Report Java, processor, libraries and memory, and measure the device for about two seconds;"
          + " of a GPU also which kernels it takes, and the table of products by ours and by cuBLAS"
          + " that bench products has measured.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight doctor",
      "  feedlight doctor --precision bf16",
      "  feedlight doctor --threads 1 --json"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final String PRODUCT_TABLE = "cuda_product_table";
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private final Streams streams;

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  @Option(names = "--json", description = "Print one JSON object on standard output, nothing else.")
  private boolean json;

  DoctorCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("java", Runtime.version().toString());
    facts.put("java_home", System.getProperty("java.home"));
    facts.put("vector_module", ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent());
    machine(facts);
    CudaStatus cuda = CudaStatus.detect();
    facts.putAll(cuda.facts());
    CudaLibraries.detect()
        .forEach((name, found) -> facts.put(name.toLowerCase(Locale.ROOT), found));
    DeviceException broken = null;
    // A GPU is opened once: by the choice if that takes one or tries to, otherwise to see it work.
    if (cuda.missing().isEmpty() && deviceOptions.name().equals("cpu")) {
      openGpu(facts);
    }
    try (DeviceChoice choice = deviceOptions.open()) {
      DeviceRates rates = DeviceRates.measure(choice.device());
      facts.put("device", choice.line());
      if (choice.device() instanceof CudaDevice gpu) {
        choices(facts, gpu);
      }
      facts.put("native_library", nativeLibrary());
      facts.put("threads", choice.device().threads());
      facts.put("dtype", choice.device().precision().label());
      facts.put("product_gflops", rounded(rates.flopsPerSecond() * 1e-9));
      facts.put("copy_gb_per_s", rounded(rates.bytesPerSecond() * 1e-9));
    } catch (DeviceException e) {
      // What is known of the machine helps to mend the device, so it is printed first.
      facts.put("device", "does not work: " + e.getMessage());
      broken = e;
    }
    print(facts);
    if (broken != null) {
      throw broken;
    }
    return Failures.DONE;
  }

  private static void openGpu(Map<String, Object> facts) {
    try (CudaDevice gpu = CudaDevice.open()) {
      choices(facts, gpu);
    } catch (DeviceException e) {
      facts.put("cuda", "does not work: " + e.getMessage());
    }
  }

  /** Which kernels a GPU takes, and what its products took by ours and by cuBLAS. */
  private static void choices(Map<String, Object> facts, CudaDevice gpu) {
    gpu.choices().forEach((what, how) -> facts.put("cuda_" + what, how));
    facts.put(PRODUCT_TABLE, ProductsReport.of(gpu));
  }

  private static void machine(Map<String, Object> facts) {
    Machine machine = Machine.detect();
    facts.put("processor", machine.cpu());
    facts.put("cores", machine.processors());
    facts.put("instruction_sets", machine.instructionSets());
    facts.put("memory_gib", rounded(machine.memoryBytes() / 0x1p30));
    facts.put("system", machine.os());
    facts.put("commit", Commit.current());
  }

  private void print(Map<String, Object> facts) {
    PrintStream out = streams.out();
    if (json) {
      JsonLine line = new JsonLine().put("command", "doctor");
      facts.forEach(
          (name, value) ->
              line.put(name, value instanceof ProductsReport report ? report.json() : value));
      out.println(line);
      return;
    }
    facts.values().removeIf(Objects::isNull);
    facts.forEach(
        (name, value) ->
            out.printf(Locale.ROOT, "%-19s %s%n", name.replace('_', ' '), text(value)));
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(" "))
        : String.valueOf(value);
  }

  /** Where oneDNN was unpacked to, as the system sees it; null where it does not tell. */
  private static String nativeLibrary() {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains("libdnnl"))
          .map(line -> line.substring(line.indexOf('/')))
          .findFirst()
          .orElse(null);
    } catch (IOException | UncheckedIOException e) {
      return null;
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
