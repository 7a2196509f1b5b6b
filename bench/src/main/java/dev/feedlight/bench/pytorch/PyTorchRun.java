package dev.feedlight.bench.pytorch;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.peers.PeerCell;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Machine;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.Products;
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

/**
 * Training steps of Feedlight, then of PyTorch, on one device in one run: BP and DFA of nets of
 * square layers, in every precision that the device has.
 */
public final class PyTorchRun {
  /** Of the result lines of both sides. */
  public static final String EXPERIMENT = "pytorch";

  /** Those of the project's goals: wide with a large batch and with one sample, and narrow. */
  private static final String PAPER_CELLS = "96x3080x512,96x3080x1,96x100x32";

  private static final String ALL_MODES = "eager,graph,compile,compile+graph";

  private static final String METHOD =
      """
      Input, `depth` hidden layers (tanh) and output of one width, with biases; squared error, SGD; weights
      and updates in fp32 on both sides, products in the precision of the row. DFA projects the error
      once, by one matrix for all hidden layers. Milliseconds per step, medians and quartiles of the rounds, on
      a GPU by CUDA events. PyTorch's step is written with autograd and by hand and runs eagerly, as a
      CUDA graph, compiled, and compiled as a graph; the fastest counts, all are in `results.jsonl`. Its
      updates are held against the same steps in double precision first.

      """;

  private final Path directory;
  private final boolean smoke;
  private final long seed;
  private final String python;
  private final String command;
  private final PrintStream out;

  /**
   * Prepares a run.
   *
   * @param directory where results go; made if missing
   * @param smoke whether numbers may mean nothing
   * @param seed of weights and data
   * @param python program that has PyTorch
   * @param command the command that repeats the run
   * @param out for progress
   */
  public PyTorchRun(
      Path directory, boolean smoke, long seed, String python, String command, PrintStream out) {
    this.directory = directory;
    this.smoke = smoke;
    this.seed = seed;
    this.python = python;
    this.command = command;
    this.out = out;
  }

  /**
   * Measures ours, then theirs, and writes {@code results.jsonl}, in which lines of other
   * experiments stay, and {@code summary.md}.
   *
   * @param device {@code auto}, {@code cpu} or {@code cuda}
   * @param threads of the processor
   * @return the files written
   * @throws IOException if they cannot be written
   * @throws PyTorchException if PyTorch's side fails; ours is written then
   */
  public List<Path> run(String device, int threads) throws IOException, PyTorchException {
    Files.createDirectories(directory);
    int rounds = smoke ? 3 : 31;
    List<PeerCell> cells = PeerCell.parse(smoke ? "2x16x4" : PAPER_CELLS);
    List<ResultLine> lines = new ArrayList<>();
    List<Precision> precisions = new ArrayList<>();
    String name = null;
    for (Precision precision : Precision.values()) {
      try (DeviceChoice choice = DeviceChoice.open(device, threads, precision, Products.OWN)) {
        name = choice.device().name();
        out.println("device    " + choice.line());
        lines.addAll(measure(choice.device(), cells, rounds));
        precisions.add(precision);
      } catch (DeviceException e) {
        if (precision == Precision.FP32) {
          throw e; // every device has it
        }
        out.println("left out  " + precision.label() + ": " + e.getMessage());
      }
    }
    ResultFile results = new ResultFile(directory.resolve("results.jsonl"));
    List<ResultLine> others =
        results.linesBeside(
            line ->
                line.experiment().equals(EXPERIMENT)
                    && lines.getFirst().device().equals(line.device()));
    write(results, others, lines);
    lines.addAll(
        new Script(python, name)
            .run(cells, precisions, smoke ? "eager" : ALL_MODES, rounds, seed, out));
    write(results, others, lines);
    String table = StepTable.markdown(lines);
    out.print(table);
    Path summary = directory.resolve("summary.md");
    AtomicFile.write(summary, page(lines, table).getBytes(StandardCharsets.UTF_8));
    return List.of(results.path(), summary);
  }

  private List<ResultLine> measure(Device device, List<PeerCell> cells, int rounds) {
    OwnSteps steps = new OwnSteps(device, rounds, smoke ? 0 : 20e-3, seed);
    List<ResultLine> lines = new ArrayList<>();
    for (PeerCell cell : cells) {
      for (Rule rule : List.of(Rule.BP, Rule.DFA)) {
        ResultLine line = steps.measure(rule, cell);
        out.printf(
            Locale.ROOT,
            "feedlight %s %s %s: %.4f ms (%.4f to %.4f)%n",
            cell.label(),
            line.dtype(),
            rule.name().toLowerCase(Locale.ROOT),
            line.value(),
            line.low(),
            line.high());
        lines.add(line);
      }
    }
    return lines;
  }

  private static void write(ResultFile results, List<ResultLine> others, List<ResultLine> lines)
      throws IOException {
    List<ResultLine> all = new ArrayList<>(others);
    all.addAll(lines);
    results.write(all);
  }

  private String page(List<ResultLine> lines, String table) {
    String head =
        new SummaryWriter(
                "Our training steps beside PyTorch's",
                command,
                Machine.detect(),
                Commit.current(),
                Instant.now(),
                List.of())
            .markdown(List.of());
    return head
        + "- device: "
        + lines.getFirst().device()
        + "\n- "
        + lines.getLast().setting().replaceFirst(".*torch=", "PyTorch ")
        + "\n\n"
        + METHOD
        + table
        + (smoke ? "\nPreset smoke: these numbers mean nothing.\n" : "");
  }
}
