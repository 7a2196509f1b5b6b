package dev.feedlight.bench.step;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.device.DeviceRates;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.device.Machine;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.cpu.FmaPeak;
import dev.feedlight.device.cuda.Products;
import dev.feedlight.io.AtomicFile;
import dev.feedlight.learn.LearningRules;
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
 * How much of a training step its matrix products are, and how DFA's step compares with
 * backpropagation's. JMH cannot interleave, so this takes turns: step and products of every rule,
 * one after the other, many times in one JVM; ratios are of medians.
 */
public final class StepRun {
  private static final int WARM_UP_ROUNDS = 20;

  /** For the JVM to compile what small networks do in microseconds (ours). */
  private static final double WARM_UP_SECONDS = 3;

  private static final int ROUNDS = 41;

  /**
   * A network to measure.
   *
   * @param width of every layer
   * @param depth hidden layers
   * @param batch samples per step
   */
  public record Size(int width, int depth, int batch) {}

  /** The sizes that are measured by default. */
  public static final List<Size> SIZES =
      List.of(
          new Size(256, 4, 32),
          new Size(256, 16, 128),
          new Size(1024, 4, 32),
          new Size(1024, 4, 128),
          new Size(1024, 16, 128));

  /** One small network, for tests. */
  public static final List<Size> SMOKE = List.of(new Size(16, 2, 8));

  private static final List<String> EXPERIMENTS = List.of("step", "step_products");

  private static final String TABLE_HEAD =
      "| width | hidden layers | batch | rule | step, ms | bare products, ms | products / step |"
          + " products, GFLOP/s | share of the FMA peak | step / BP's step |\n"
          + "|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|\n";

  private final String device;
  private final int threads;
  private final Precision precision;
  private final Products products;
  private final long seed;
  private final Path directory;
  private final String command;
  private final PrintStream out;
  private final List<ResultLine> lines = new ArrayList<>();
  private final StringBuilder table = new StringBuilder();

  /**
   * Prepares a run.
   *
   * @param device as on the command line
   * @param threads as for {@link DeviceChoice#open}
   * @param precision of the device
   * @param products what computes them on a GPU
   * @param seed of weights and feedback
   * @param directory where results go; made if missing
   * @param command the command that repeats the run
   * @param out for progress, a line per rule and size
   */
  public StepRun(
      String device,
      int threads,
      Precision precision,
      Products products,
      long seed,
      Path directory,
      String command,
      PrintStream out) {
    this.device = device;
    this.threads = threads;
    this.precision = precision;
    this.products = products;
    this.seed = seed;
    this.directory = directory;
    this.command = command;
    this.out = out;
  }

  /**
   * Measures and writes {@code results.jsonl}, in which lines of other experiments and precisions
   * stay, and {@code summary.md}.
   *
   * @param sizes networks
   * @return the files written
   * @throws IOException if they cannot be written
   */
  public List<Path> run(List<Size> sizes) throws IOException {
    Files.createDirectories(directory);
    try (DeviceChoice choice = DeviceChoice.open(device, threads, precision, products)) {
      out.println("device    " + choice.line());
      DeviceRates rates = DeviceRates.measure(choice.device());
      String ratesLine =
          String.format(
              Locale.ROOT,
              "Measured in the same JVM before: a 1024 x 1024 x 1024 product in %s at %.0f"
                  + " GFLOP/s, a copy at %.1f GB/s.",
              precision.label(),
              rates.flopsPerSecond() * 1e-9,
              rates.bytesPerSecond() * 1e-9);
      double peak = choice.device() instanceof CpuDevice ? peak(choice) : Double.NaN;
      ratesLine += Double.isNaN(peak) ? "" : peakLine(choice, peak);
      out.println("rates     " + ratesLine);
      table.append(ratesLine).append("\n\n").append(TABLE_HEAD);
      out.print(TABLE_HEAD);
      for (Size size : sizes) {
        measure(choice, size, peak);
      }
    }
    ResultFile results = new ResultFile(directory.resolve("results.jsonl"));
    List<ResultLine> all = new ArrayList<>(results.linesBeside(this::replaces));
    all.addAll(lines);
    results.write(all);
    Path summary = directory.resolve("summary.md");
    AtomicFile.write(summary, page().getBytes(StandardCharsets.UTF_8));
    return List.of(results.path(), summary);
  }

  private static double peak(DeviceChoice choice) {
    try {
      return FmaPeak.measure(choice.device().threads());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Double.NaN;
    }
  }

  private static String peakLine(DeviceChoice choice, double peak) {
    return String.format(
        Locale.ROOT,
        " FMA peak of %d thread(s), vectors that stay in registers, fp32: %.0f GFLOP/s.",
        choice.device().threads(),
        peak * 1e-9);
  }

  /** Lines of this experiment in another precision stay. */
  private boolean replaces(ResultLine line) {
    boolean otherPrecision = line.dtype() != null && !line.dtype().equals(precision.label());
    return EXPERIMENTS.contains(line.experiment()) && !otherPrecision;
  }

  private String page() {
    String head =
        new SummaryWriter(
                "A training step beside its bare products",
                command,
                Machine.detect(),
                Commit.current(),
                Instant.now(),
                List.of())
            .markdown(List.of());
    return head
        + "Networks: input, hidden layers (tanh) and output of one width, squared error, SGD."
        + " *Bare products* are the same matrix products on the same device without bias,"
        + " activation, mask, loss, checks and optics. Steps and products of all rules take turns"
        + " in one JVM; medians of "
        + ROUNDS
        + " rounds, after at least "
        + WARM_UP_ROUNDS
        + " rounds and "
        + Math.round(WARM_UP_SECONDS)
        + " s of warm-up per size. `odfa` is the *emulated* optical projection, procedural"
        + " medium.\n\n"
        + table
        + "\n`results.jsonl` holds median and quartiles: experiment `step`, and `step_products` for"
        + " the bare products.\n";
  }

  private void measure(DeviceChoice choice, Size size, double peak) {
    List<StepAgainstProducts> pairs = new ArrayList<>();
    try {
      for (String rule : LearningRules.NAMES) {
        pairs.add(
            new StepAgainstProducts(
                choice.device(),
                LearningRules.named(rule),
                size.width,
                size.depth,
                size.batch,
                seed));
      }
      double[][] steps = new double[pairs.size()][ROUNDS];
      double[][] products = new double[pairs.size()][ROUNDS];
      warmUp(pairs);
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < pairs.size(); i++) {
          steps[i][round] = milliseconds(pairs.get(i)::runStep);
          products[i][round] = milliseconds(pairs.get(i)::runProducts);
        }
      }
      double reference = Spread.of(steps[0]).median();
      for (int i = 0; i < pairs.size(); i++) {
        String rule = LearningRules.NAMES.get(i);
        Spread step = Spread.of(steps[i]);
        Spread bare = Spread.of(products[i]);
        lines.add(line(EXPERIMENTS.get(0), choice, size, rule, step));
        lines.add(line(EXPERIMENTS.get(1), choice, size, rule, bare));
        double rate = pairs.get(i).productFlops() / bare.median() * 1e3;
        String row =
            String.format(
                Locale.ROOT,
                "| %d | %d | %d | %s | %.3f | %.3f | %.2f | %.0f | %s | %.2f |",
                size.width,
                size.depth,
                size.batch,
                rule,
                step.median(),
                bare.median(),
                bare.median() / step.median(),
                rate * 1e-9,
                Double.isNaN(peak) ? "" : String.format(Locale.ROOT, "%.2f", rate / peak),
                step.median() / reference);
        table.append(row).append('\n');
        out.println(row);
      }
    } finally {
      pairs.forEach(StepAgainstProducts::close);
    }
  }

  private static void warmUp(List<StepAgainstProducts> pairs) {
    long start = System.nanoTime();
    for (int round = 0;
        round < WARM_UP_ROUNDS || (System.nanoTime() - start) * 1e-9 < WARM_UP_SECONDS;
        round++) {
      for (StepAgainstProducts pair : pairs) {
        pair.runStep();
        pair.runProducts();
      }
    }
  }

  private ResultLine line(
      String experiment, DeviceChoice choice, Size size, String rule, Spread spread) {
    return ResultLine.of(experiment, Metric.MS_PER_STEP)
        .model(ResultLine.Model.MLP)
        .implementation(ResultLine.Implementation.FEEDLIGHT)
        .optimizer("sgd")
        .dtype(precision.label())
        .threads(choice.device().threads())
        .rule(ResultLine.Rule.valueOf(rule.toUpperCase(Locale.ROOT)))
        .width(size.width)
        .depth(size.depth)
        .batch(size.batch)
        .device(choice.device().name())
        .value(spread.median())
        .spread(spread.low(), spread.high())
        .n(ROUNDS)
        .commit(Commit.current())
        .build();
  }

  private static double milliseconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-6;
  }
}
