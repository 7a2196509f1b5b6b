package dev.feedlight.bench.cli;

import dev.feedlight.bench.optics.OpuBench;
import dev.feedlight.opu.TransmissionMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code opu bench}: the emulated unit by itself. */
@Command(
    name = "bench",
    description = {
      "Measure what a projection costs: the complex field of ternary vectors, and the whole"
          + " projection of four camera frames with noise and read-out. About ten seconds.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight opu bench --matrix structured --inputs 1048576 --outputs 1048576",
      "  feedlight opu bench --matrix procedural --inputs 10 --outputs 1024 --batch 128 --out"
          + " results"
    })
final class OpuBenchCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Option(
      names = "--matrix",
      paramLabel = "KIND",
      defaultValue = "procedural",
      description =
          "procedural, stored, structured, gaussian32, or curand (on cuda). Default:"
              + " ${DEFAULT-VALUE}.")
  private String matrix;

  @Option(
      names = "--inputs",
      paramLabel = "N",
      defaultValue = "1016",
      description = "Entries of a vector. Default: ${DEFAULT-VALUE}.")
  private int inputs;

  @Option(
      names = "--outputs",
      paramLabel = "M",
      defaultValue = "2040",
      description = "Pixels. Default: ${DEFAULT-VALUE}.")
  private int outputs;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "1",
      description = "Vectors at a time. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "6",
      description = "Of measuring, after two thirds of it to warm up. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for results.jsonl and summary.md; made if missing. Lines of other sizes stay.")
  private Path directory;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of matrix, noise and vectors. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  OpuBenchCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<TransmissionMatrix> kinds = List.of(TransmissionMatrix.values());
    List<String> names = kinds.stream().map(TransmissionMatrix::toString).toList();
    TransmissionMatrix kind = kinds.get(names.indexOf(Arguments.oneOf("--matrix", names, matrix)));
    Arguments.atLeast("--inputs", 1, inputs);
    Arguments.atLeast("--outputs", 1, outputs);
    Arguments.atLeast("--batch", 1, batch);
    deviceOptions.requirePlainProducts("has no effect on the optics, which have no dense products");
    if (!(seconds > 0 && seconds <= 600)) {
      throw new UsageException("--seconds must lie in (0, 600], not " + seconds);
    }
    if (directory != null) {
      Arguments.folder("--out", directory);
    }
    OpuBench.Request request =
        new OpuBench.Request(
            kind,
            inputs,
            outputs,
            batch,
            deviceOptions.name(),
            deviceOptions.threads(),
            seed,
            seconds,
            directory,
            repeat());
    return RunRecord.around(
        spec,
        directory,
        Map.of("seed", seed),
        deviceOptions,
        () -> {
          new OpuBench(request, streams.out())
              .run()
              .forEach(file -> streams.out().println("wrote     " + file));
          return Failures.DONE;
        });
  }

  private String repeat() {
    return String.format(
        Locale.ROOT,
        "./feedlight opu bench --matrix %s --inputs %d --outputs %d --batch %d --seed %d%s --out"
            + " %s",
        matrix,
        inputs,
        outputs,
        batch,
        seed,
        deviceOptions.threads() > 0 ? " --threads " + deviceOptions.threads() : "",
        directory);
  }
}
