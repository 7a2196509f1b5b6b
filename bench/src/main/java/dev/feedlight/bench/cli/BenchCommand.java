package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.fig4.Fig4Drawing;
import dev.feedlight.bench.fig4.Fig4Run;
import dev.feedlight.bench.fig4.Figure;
import dev.feedlight.bench.fig4.Preset;
import dev.feedlight.bench.fig4.TimeLimit;
import dev.feedlight.bench.kernels.KernelsRun;
import dev.feedlight.bench.kernels.LabRun;
import dev.feedlight.bench.kernels.ProductDevices;
import dev.feedlight.bench.kernels.ProductsRun;
import dev.feedlight.bench.pytorch.PyTorchException;
import dev.feedlight.bench.pytorch.PyTorchRun;
import dev.feedlight.bench.results.RunFolderException;
import dev.feedlight.bench.step.StepRun;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.Products;
import dev.feedlight.opu.OpuClock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: the paper's Fig. 4 on this machine. */
@Command(
    name = "bench",
    description = {
      "Measure the paper's Fig. 4 by JMH and write results.jsonl, summary.md and the pictures (PNG"
          + " and SVG).",
      "",
      "fig4a: time per sample against width; fig4b: against depth (the same measurements); fig4c:"
          + " optical over digital time, against the size of the projection; all: the three.",
      "draw: the pictures from the results in DIR, measured where nothing could be drawn.",
      "step: training steps beside their bare matrix products, in turns in one JVM (not by JMH).",
      "kernels: every kernel by the device's clock beside its floor, from a bandwidth and rates of"
          + " products that the same run measures.",
      "products: products of dense layers by ours and by cuBLAS on a GPU; writes the table that"
          + " --products measured goes by; kernels compares them too, but leaves the table.",
      "lab: generations of a kernel side by side, those of kernels/lab and those that are taken.",
      "pytorch: our training steps beside PyTorch's, measured by a Python that has it, on one"
          + " device.",
      "peers: libtorch's training steps beside ours; built apart, see ./feedlight bench peers"
          + " --help.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight bench all --preset quick --out results",
      "  feedlight bench fig4c --preset quick --out results --clock lighton-2020",
      "  feedlight bench all --preset paper --out results --dry-run",
      "  feedlight bench all --preset paper --out results --limit-minutes 40",
      "  feedlight bench all --preset paper --out results --resume",
      "  feedlight bench draw --out results",
      "  feedlight bench products --device cuda --out results",
      "  java -jar bench/target/benchmarks.jar -l     (the same benchmarks, by hand)",
      "",
      "Before the first measurement the figures print how long they will take, how much memory the",
      "largest cell needs and which cells do not fit. Coarse grids come before fine ones, and what",
      "is compared at one place is measured together. Results are written after every cell:",
      "interrupted (exit code 130), a run keeps what it has, and --resume goes on there. Lines of",
      "other experiments in DIR/results.jsonl stay. A cell that does not fit into memory or into",
      "the time limit is not measured, and summary.md says so; after a cell that fails the exit",
      "code is 1. Preset smoke is for tests: its numbers mean nothing."
    })
final class BenchCommand implements Callable<Integer> {
  private static final String STEP = "step";
  private static final String DRAW = "draw";
  private static final String KERNELS = "kernels";
  private static final String PRODUCTS = "products";
  private static final String LAB = "lab";
  private static final String PYTORCH = "pytorch";
  private static final String PYTHON = "--python";
  private static final String LIMIT = "--limit-minutes";
  private static final String RESUME = "--resume";
  private static final String DRY_RUN = "--dry-run";

  private final Streams streams;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "FIGURE",
      description = "fig4a, fig4b, fig4c, all, draw, step, kernels, products, lab or pytorch.")
  private String figure;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      defaultValue = "quick",
      description =
          "quick: widths 128 to 1024, depths 1 to 16, projections of 1000 and 3000, batch 32; at"
              + " most five minutes on two cores. paper: widths 100 to 3080, depths 1 to 96,"
              + " projections of 1000 to 10^6 as far as memory goes, three JVMs per cell; hours."
              + " Default: ${DEFAULT-VALUE}.")
  private String preset;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the results; made if missing.")
  private Path directory;

  @Option(
      names = "--clock",
      paramLabel = "NAME",
      defaultValue = "paper-fig4",
      description =
          "Model of the optics' time: paper-fig4, paper-frames, paper-language, lighton-2020."
              + " Default: ${DEFAULT-VALUE}.")
  private String clock;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of weights, data, feedback and optics. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = LIMIT,
      paramLabel = "N",
      description =
          "Of the figures: measure no longer than N minutes, so much of the grid as fits. 0: only"
              + " write again what is derived from cells that are there.")
  private Double limitMinutes;

  @Option(
      names = RESUME,
      description =
          "Of the figures: measure only what DIR/cells.jsonl does not hold yet. Refused if it was"
              + " measured under other conditions.")
  private boolean resume;

  @Option(
      names = DRY_RUN,
      description = "Of the figures: print the plan, measure and write nothing.")
  private boolean dryRun;

  @Option(
      names = PYTHON,
      paramLabel = "PROGRAM",
      defaultValue = "python3",
      description = "Of pytorch: a Python that has torch. Default: ${DEFAULT-VALUE}.")
  private String python;

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  BenchCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Arguments.folder("--out", directory);
    List<String> figures =
        Stream.concat(
                Figure.names().stream(), Stream.of(DRAW, STEP, KERNELS, PRODUCTS, LAB, PYTORCH))
            .toList();
    return switch (Arguments.oneOf("FIGURE", figures, figure)) {
      case STEP -> runStep();
      case DRAW -> draw();
      case KERNELS -> runKernels();
      case PRODUCTS -> runProducts();
      case LAB -> runLab();
      case PYTORCH -> runPyTorch();
      default -> runFigures();
    };
  }

  private int draw() throws IOException {
    Arguments.refuse(spec, "with draw", List.of(LIMIT, RESUME, DRY_RUN, "--device", "--threads"));
    List<Path> files = Fig4Drawing.draw(directory);
    if (files.isEmpty()) {
      throw new UsageException("--out " + directory + " holds no results of Fig. 4 to draw");
    }
    files.forEach(file -> streams.out().println("wrote     " + file));
    return Failures.DONE;
  }

  private int runStep() throws IOException {
    Arguments.refuse(spec, "with step", List.of(LIMIT, RESUME, DRY_RUN));
    StepRun run =
        new StepRun(
            deviceOptions.name(),
            deviceOptions.threads(),
            deviceOptions.precision(),
            deviceOptions.products(),
            seed,
            directory,
            repeat(),
            streams.out());
    boolean smoke = chosenPreset().equals(Preset.SMOKE);
    return recorded(Map.of("seed", seed), () -> run.run(smoke ? StepRun.SMOKE : StepRun.SIZES));
  }

  private int runKernels() throws IOException {
    Arguments.refuse(spec, "with kernels", List.of(LIMIT, RESUME, DRY_RUN));
    KernelsRun run = new KernelsRun(directory, chosenPreset().name(), repeat(), streams.out());
    return recorded(
        Map.of(),
        () -> {
          try (DeviceChoice choice = deviceOptions.open()) {
            return run.run(choice);
          }
        });
  }

  private int runProducts() throws IOException {
    Arguments.refuse(spec, "with products", List.of(LIMIT, RESUME, DRY_RUN, "--threads"));
    deviceOptions.requirePlainProducts("is decided by bench products, which measures both in fp32");
    if (deviceOptions.name().equals("cpu")) {
      throw new UsageException(
          "bench products compares with cuBLAS, which is for GPUs; run with --device cuda");
    }
    ProductsRun run = new ProductsRun(directory, chosenPreset().name(), repeat(), streams.out());
    // Opened before anything is recorded: a folder that is refused stays as it is.
    try (ProductDevices devices = ProductDevices.open()) {
      return recorded(Map.of(), () -> run.run(devices));
    }
  }

  private int runLab() throws IOException {
    Arguments.refuse(spec, "with lab", List.of(LIMIT, RESUME, DRY_RUN));
    deviceOptions.requireOwnProducts(
        "has no effect with lab, whose generations are all Feedlight's own: leave it out");
    if (deviceOptions.name().equals("cpu")) {
      deviceOptions.requirePlainProducts(
          "is for lab on a GPU; of the processor there are generations in fp32");
    }
    if (deviceOptions.name().equals("cuda")) {
      Arguments.refuse(spec, "with lab on a GPU", List.of(DeviceOptions.THREADS));
    } else {
      deviceOptions.requireOneThread("with lab, which measures one thread of a processor");
    }
    // Opened before anything is recorded: a folder that is refused stays as it is.
    try (DeviceChoice choice = deviceOptions.open()) {
      LabRun run =
          Arguments.accepted(
              DeviceOptions.PRECISION,
              () -> new LabRun(choice, directory, chosenPreset().name(), repeat(), streams.out()));
      return recorded(Map.of(), () -> run.run());
    }
  }

  /** What measures, and gives the files that it wrote. */
  private interface Measuring {
    List<Path> run() throws IOException;
  }

  /** Measures with a record of it beside the results, and names the files. */
  private int recorded(Map<String, ?> known, Measuring measuring) throws IOException {
    return RunRecord.around(
        spec,
        directory,
        known,
        deviceOptions,
        () -> {
          measuring.run().forEach(file -> streams.out().println("wrote     " + file));
          return Failures.DONE;
        });
  }

  private int runPyTorch() throws IOException {
    Arguments.refuse(spec, "with pytorch", List.of(LIMIT, RESUME, DRY_RUN));
    deviceOptions.requirePlainProducts("is decided by bench pytorch, which measures all of them");
    boolean smoke = chosenPreset().equals(Preset.SMOKE);
    PyTorchRun run = new PyTorchRun(directory, smoke, seed, python, repeat(), streams.out());
    return recorded(
        Map.of("seed", seed),
        () -> {
          try {
            return run.run(deviceOptions.name(), deviceOptions.threads());
          } catch (PyTorchException e) {
            throw e.missing()
                ? new UsageException(e.getMessage(), e)
                : new CommandFailedException(e.getMessage());
          }
        });
  }

  private int runFigures() throws IOException {
    deviceOptions.requirePlainProducts(
        "is for bench step and kernels; the figures are measured in fp32");
    Fig4Run.Request request =
        new Fig4Run.Request(
            Figure.named(figure),
            chosenPreset(),
            deviceOptions.name(),
            deviceOptions.threads(),
            seed,
            Arguments.accepted("--clock", () -> OpuClock.preset(clock)),
            directory,
            repeat(),
            resume ? Fig4Run.Start.RESUMED : Fig4Run.Start.AFRESH,
            limit());
    Fig4Run run = new Fig4Run(request, streams.out());
    try {
      run.plan();
    } catch (RunFolderException e) {
      throw new UsageException(e.getMessage(), e);
    }
    // Recorded from here on: a folder that is refused stays as it is.
    return dryRun
        ? Failures.DONE
        : RunRecord.around(
            spec, directory, Map.of("seed", seed), deviceOptions, () -> runFigures(run));
  }

  private int runFigures(Fig4Run run) throws IOException {
    PrintStream out = streams.out();
    long start = System.nanoTime();
    Fig4Run.Outcome outcome = run.run();
    outcome.files().forEach(file -> out.println("wrote     " + file));
    out.printf(
        Locale.ROOT,
        "done      %d cells in %.0f s%s%n",
        outcome.measured(),
        (System.nanoTime() - start) * 1e-9,
        outcome.missing() == 0 ? "" : ", " + outcome.missing() + " not measured");
    if (!outcome.problems().isEmpty()) {
      throw new CommandFailedException(
          outcome.problems().size()
              + " of what was asked for could not be done, the first: "
              + outcome.problems().getFirst());
    }
    return Failures.DONE;
  }

  private TimeLimit limit() {
    return limitMinutes == null
        ? TimeLimit.NONE
        : Arguments.accepted(LIMIT, () -> TimeLimit.ofMinutes(limitMinutes));
  }

  private Preset chosenPreset() {
    List<Preset> presets = Stream.concat(Preset.PRESETS.stream(), Stream.of(Preset.SMOKE)).toList();
    List<String> names = presets.stream().map(Preset::name).toList();
    return presets.get(names.indexOf(Arguments.oneOf("--preset", names, preset)));
  }

  private String repeat() {
    List<String> words = new ArrayList<>(List.of("./feedlight", "bench", figure));
    words.addAll(List.of("--preset", preset, "--device", deviceOptions.name()));
    boolean drawn = Figure.names().contains(figure);
    if (drawn) {
      words.addAll(List.of("--clock", clock));
    }
    if (drawn || figure.equals(STEP) || figure.equals(PYTORCH)) {
      words.addAll(List.of("--seed", String.valueOf(seed)));
    }
    if (deviceOptions.threads() > 0) {
      words.addAll(List.of("--threads", String.valueOf(deviceOptions.threads())));
    }
    if (deviceOptions.precision() != Precision.FP32) {
      words.addAll(List.of(DeviceOptions.PRECISION, deviceOptions.precision().label()));
    }
    if (deviceOptions.products() != Products.OWN) {
      words.addAll(List.of(DeviceOptions.PRODUCTS, deviceOptions.products().toString()));
    }
    if (figure.equals(PYTORCH)) {
      words.addAll(List.of(PYTHON, python));
    }
    if (limitMinutes != null) {
      words.addAll(List.of(LIMIT, String.valueOf(limitMinutes)));
    }
    words.addAll(List.of("--out", directory.toString()));
    return String.join(" ", words);
  }
}
