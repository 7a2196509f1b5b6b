package dev.feedlight.bench.optics;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.device.Device;
import dev.feedlight.device.Machine;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.opu.Dmd;
import dev.feedlight.opu.EmulatedOpu;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.TransmissionMatrix;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Time of the emulated unit by itself: the complex field of a batch of ternary vectors, and their
 * whole projection, four camera frames with noise and read-out. Both take turns in one JVM.
 */
public final class OpuBench {
  /** Name in result files. */
  public static final String EXPERIMENT = "opu_bench";

  /** Before measuring, as a share of it. */
  private static final double WARM_UP = 2.0 / 3;

  private static final int FEWEST_ROUNDS = 5;
  private static final int MOST_ROUNDS = 301;

  private final Request request;
  private final PrintStream out;

  /**
   * What is measured.
   *
   * @param matrix kind
   * @param inputs entries of a vector; a DMD has so many mirrors if its own are too few
   * @param outputs pixels
   * @param batch vectors at a time
   * @param device as on the command line
   * @param threads as for {@link DeviceChoice#open}
   * @param seed of matrix, noise and vectors
   * @param seconds of measuring
   * @param directory where results go; null for none
   * @param command the command line that repeats the run
   */
  public record Request(
      TransmissionMatrix matrix,
      int inputs,
      int outputs,
      int batch,
      String device,
      int threads,
      long seed,
      double seconds,
      Path directory,
      String command) {}

  /**
   * Prepares a run.
   *
   * @param request what is measured
   * @param out for progress
   */
  public OpuBench(Request request, PrintStream out) {
    this.request = request;
    this.out = out;
  }

  /**
   * Measures.
   *
   * @return the files written, if any
   * @throws IOException if they cannot be written
   */
  public List<Path> run() throws IOException {
    List<ResultLine> lines = new ArrayList<>();
    try (DeviceChoice choice = DeviceChoice.open(request.device(), request.threads())) {
      out.println("device    " + choice.line());
      Device device = choice.device();
      try (Scope scope = device.openScope("OPU bench")) {
        EmulatedOpu unit = unit(device, scope);
        if (unit.matrixOrigin() != null) {
          out.println("matrix    " + unit.matrixOrigin());
        }
        Runnable[] parts = {field(device, scope, unit), projection(device, scope, unit)};
        double[][] times = measure(parts);
        String[] names = {"field", "projection"};
        for (int i = 0; i < parts.length; i++) {
          lines.add(line(names[i], times[i], device));
        }
      }
    }
    return request.directory() == null ? List.of() : write(lines);
  }

  private EmulatedOpu unit(Device device, Scope scope) {
    OpuSettings settings =
        OpuSettings.defaults()
            .withMatrix(request.matrix())
            .withDmd(new Dmd(Math.max(request.inputs(), Dmd.DEFAULT_MIRRORS)));
    return new EmulatedOpu(
        device, scope, settings, request.inputs(), request.outputs(), request.seed());
  }

  private Tensor vectors(Device device, Scope scope) {
    Shape shape = new Shape(request.batch(), request.inputs());
    byte[] ternary = new byte[shape.arrayLength()];
    SplittableRandom random = new SplittableRandom(request.seed());
    for (int i = 0; i < ternary.length; i++) {
      ternary[i] = (byte) random.nextInt(-1, 2);
    }
    Tensor vectors = scope.allocate("ternary vectors", shape, DType.S8);
    device.write(vectors, ternary);
    return vectors;
  }

  private Runnable field(Device device, Scope scope, EmulatedOpu unit) {
    Tensor vectors = vectors(device, scope);
    Tensor field =
        scope.allocate("field", new Shape(request.batch(), 2L * request.outputs()), fieldType());
    return device.prepare(
        Plan.record("field", device.kernels(), ops -> unit.issueField(ops, field, vectors)));
  }

  private DType fieldType() {
    return switch (request.matrix()) {
      case STORED, PROCEDURAL -> DType.S32;
      case STRUCTURED, GAUSSIAN32, CURAND -> DType.F32;
    };
  }

  private Runnable projection(Device device, Scope scope, EmulatedOpu unit) {
    Shape shape = new Shape(request.batch(), request.inputs());
    Tensor vectors = vectors(device, scope);
    Tensor error = scope.allocate("vectors as floats", shape, DType.F32);
    float[] values = new float[shape.arrayLength()];
    byte[] ternary = new byte[values.length];
    device.read(vectors, ternary);
    for (int i = 0; i < values.length; i++) {
      values[i] = ternary[i];
    }
    device.write(error, values);
    Tensor counts = scope.allocate("ternary counts", new Shape(request.batch(), 2), DType.S32);
    Tensor scale = scope.allocate("signal scale", Shape.vector(request.batch()), DType.F32);
    Tensor signal =
        scope.allocate("signal", new Shape(request.batch(), request.outputs()), DType.F32);
    StepControl control = new StepControl(device, scope);
    device.eager().fill(scale, 1);
    device.eager().ternarize(vectors, counts, error, new TernaryRule.Sign(), 0, control);
    Runnable project =
        device.prepare(
            Plan.record(
                "projection",
                device.kernels(),
                ops -> unit.issue(ops, signal, vectors, counts, scale, control)));
    long[] number = new long[1];
    return () -> {
      control.begin(Optimizer.sgd(), 0, number[0]++, request.batch());
      project.run();
    };
  }

  /** Milliseconds, in turns. */
  private double[][] measure(Runnable... parts) {
    long start = System.nanoTime();
    int rounds = 0;
    while (rounds < 3 || seconds(start) < WARM_UP * request.seconds()) {
      for (Runnable part : parts) {
        part.run();
      }
      rounds++;
    }
    int measured =
        (int) Math.clamp(rounds * request.seconds() / seconds(start), FEWEST_ROUNDS, MOST_ROUNDS);
    double[][] times = new double[parts.length][measured];
    for (int round = 0; round < measured; round++) {
      for (int i = 0; i < parts.length; i++) {
        long begin = System.nanoTime();
        parts[i].run();
        times[i][round] = seconds(begin) * 1e3;
      }
    }
    return times;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }

  private ResultLine line(String part, double[] times, Device device) {
    Arrays.sort(times);
    int n = times.length;
    double batch = request.batch();
    double median = times[n / 2] / batch;
    out.printf(
        Locale.ROOT,
        "%-10s %s %d -> %d, batch %d: median %.4g ms a vector (quartiles %.4g to %.4g, fastest"
            + " %.4g, n %d)%n",
        part,
        request.matrix(),
        request.inputs(),
        request.outputs(),
        request.batch(),
        median,
        times[n / 4] / batch,
        times[n - 1 - n / 4] / batch,
        times[0] / batch,
        n);
    return ResultLine.of(EXPERIMENT, Metric.MS_PER_SAMPLE)
        .implementation(ResultLine.Implementation.FEEDLIGHT)
        .threads(device.threads())
        .transmission(request.matrix().toString())
        .inputs(request.inputs())
        .outputs(request.outputs())
        .setting("part=" + part)
        .batch(request.batch())
        .device(device.name())
        .value(median)
        .spread(times[n / 4] / batch, times[n - 1 - n / 4] / batch)
        .n(n)
        .commit(Commit.current())
        .build();
  }

  private List<Path> write(List<ResultLine> lines) throws IOException {
    Files.createDirectories(request.directory());
    ResultFile results = new ResultFile(request.directory().resolve("results.jsonl"));
    List<ResultLine> all = new ArrayList<>(results.linesBeside(this::replaced));
    all.addAll(lines);
    results.write(all);
    Path summary = request.directory().resolve("summary.md");
    new SummaryWriter(
            "The emulated unit by itself",
            request.command(),
            Machine.detect(),
            Commit.current(),
            Instant.now(),
            List.of())
        .write(summary, all.stream().filter(l -> l.experiment().equals(EXPERIMENT)).toList());
    return List.of(results.path(), summary);
  }

  /** Whether an earlier line is of the same sizes. */
  private boolean replaced(ResultLine line) {
    return line.experiment().equals(EXPERIMENT)
        && request.matrix().toString().equals(line.transmission())
        && line.inputs() == request.inputs()
        && line.outputs() == request.outputs()
        && line.batch() == request.batch();
  }
}
