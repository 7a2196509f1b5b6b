package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.peers.PeerCell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line: measures in a JVM of its own, because some settings of OpenBLAS and libgomp can
 * only be made before a process starts. Exit codes: 0 done, 1 failed, 2 wrong arguments.
 */
@Command(
    name = "feedlight bench peers",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Training steps (BP and DFA) of libtorch beside ours, in turns in one JVM; writes"
          + " peers.jsonl, peers.md and the picture (PNG and SVG). All cells take about six minutes"
          + " on two cores."
    })
public final class Main implements Callable<Integer> {
  /** Variables that would change what is measured, such as a processor forced on OpenBLAS. */
  private static final List<String> CLEARED =
      List.of("OPENBLAS_", "GOTO_", "OMP_", "GOMP_", "KMP_", "MKL_", "DNNL_", "ONEDNN_", "ATEN_");

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the results; made if missing.")
  private Path directory;

  @Option(
      names = "--cells",
      paramLabel = "LIST",
      description =
          "DEPTHxWIDTH for batches 32 and 128, or DEPTHxWIDTHxBATCH, with commas between them."
              + " Lines of other cells in DIR/peers.jsonl stay. Default: all twelve.")
  private String cells;

  @Option(names = "--quick", description = "The two smallest cells only.")
  private boolean quick;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of weights, data and feedback. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--waiting",
      paramLabel = "HOW",
      defaultValue = "brief",
      description =
          "brief: libtorch's idle threads sleep soon, 5 ms of rest between turns. library: as"
              + " OpenMP and OpenBLAS do by themselves, 200 ms of rest. Default: ${DEFAULT-VALUE}.")
  private Waiting waiting;

  @Option(
      names = "--busy",
      description =
          "Measure although other processes use the machine; refused otherwise, since libtorch"
              + " suffers more from them than we do.")
  private boolean busy;

  private Main() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (quick && cells != null) {
      throw wrong("--quick and --cells exclude each other");
    }
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw wrong("--out " + directory + " is a file, not a folder");
    }
    ProcessBuilder builder = new ProcessBuilder(command(chosen())).inheritIO();
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> CLEARED.stream().anyMatch(name::startsWith));
    String cores = String.valueOf(Runtime.getRuntime().availableProcessors());
    environment.put("OPENBLAS_NUM_THREADS", cores);
    environment.put("OMP_NUM_THREADS", cores);
    environment.putAll(waiting.environment());
    Process process = builder.start();
    // An interrupted parent takes the measurement with it.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return process.waitFor() == 0 ? 0 : 1;
  }

  private List<PeerCell> chosen() {
    try {
      return quick ? PeerCell.quick() : cells == null ? PeerCell.all() : PeerCell.parse(cells);
    } catch (IllegalArgumentException e) {
      throw wrong("--cells: " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private List<String> command(List<PeerCell> chosen) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Djava.awt.headless=true");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Measurement.class.getName());
    command.add(directory.toString());
    command.add(String.join(",", chosen.stream().map(PeerCell::label).toList()));
    command.add(String.valueOf(seed));
    command.add(waiting.name());
    command.add(String.valueOf(busy));
    command.add(repeat());
    return command;
  }

  private String repeat() {
    List<String> words = new ArrayList<>(List.of("./feedlight", "bench", "peers"));
    if (quick) {
      words.add("--quick");
    } else if (cells != null) {
      words.addAll(List.of("--cells", cells));
    }
    if (busy) {
      words.add("--busy");
    }
    words.addAll(List.of("--waiting", waiting.label()));
    words.addAll(List.of("--seed", String.valueOf(seed), "--out", directory.toString()));
    return String.join(" ", words);
  }
}
