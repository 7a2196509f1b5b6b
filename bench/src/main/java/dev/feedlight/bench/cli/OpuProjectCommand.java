package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.optics.VectorFile;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.device.Scope;
import dev.feedlight.io.AtomicFile;
import dev.feedlight.opu.CalibrationReport;
import dev.feedlight.opu.EmulatedOpu;
import dev.feedlight.opu.OpuSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code opu project}: vectors from a file through the emulated unit. */
@Command(
    name = "project",
    description = {
      "Project ternary vectors by the emulated optics: y = Re(e^(-i phi) T t), one fixed phase per"
          + " pixel; entries of the real matrix have variance 1.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight opu project --input vectors.txt --outputs 2040",
      "  feedlight opu project --input vectors.txt --outputs 2040 --select --bits 10 --out y.txt",
      "  feedlight opu project --input vectors.txt --outputs 100 --optics ideal --seed 7 --json",
      "",
      "A line of the result belongs to a line of the input; numbers are separated by blanks and"
          + " read",
      "back to the same 32 bits. Without --out the report goes to standard error. With --json the",
      "last line of standard output is one JSON object."
    })
final class OpuProjectCommand implements Callable<Integer> {
  /** Entries and outputs of the vectors that are projected at once. */
  private static final long BATCH_NUMBERS = 1L << 22;

  private static final int LARGEST_BATCH = 256;

  private final Streams streams;

  @Spec private CommandSpec spec;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      required = true,
      description =
          "Text: one vector a line, numbers -1, 0 or 1 separated by blanks, tabs or commas; empty"
              + " lines and lines that begin with # are passed over.")
  private Path input;

  @Option(
      names = "--outputs",
      paramLabel = "M",
      required = true,
      description = "Numbers per projection, at most the camera's 2040 x 1088 pixels.")
  private long outputs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the projections go. Default: standard output.")
  private Path file;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of medium, defects and noise. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private final OpticsOptions opticsOptions = new OpticsOptions();

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  @Option(names = "--json", description = "End with one JSON object on standard output.")
  private boolean json;

  OpuProjectCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    OpuSettings settings = opticsOptions.settings(spec);
    Arguments.atLeast("--outputs", 1, outputs);
    if (file != null && Files.isDirectory(file)) {
      throw new UsageException("--out " + file + " is a folder, not a file");
    }
    VectorFile vectors = VectorFile.read(input, settings.dmd().mirrors());
    PrintStream text = file == null ? streams.err() : streams.text(json);
    ReportLines report = new ReportLines(text);
    deviceOptions.requirePlainProducts("has no effect on the optics, which have no dense products");
    try (DeviceChoice choice = deviceOptions.open();
        Scope scope = choice.device().openScope("OPU")) {
      EmulatedOpu unit =
          new EmulatedOpu(choice.device(), scope, settings, vectors.inputs(), outputs, seed);
      report.print("device", "%s", choice.line());
      report.print("unit", "%s: %s", opticsOptions.unit(), OpticsOptions.describe(settings));
      if (unit.matrixOrigin() != null) {
        report.print("matrix", "%s", unit.matrixOrigin());
      }
      text.println(unit.calibration());
      report.print(
          "vectors",
          "%,d of %,d entries, %.1f %% of them not 0",
          vectors.vectors().size(),
          vectors.inputs(),
          100 * vectors.density());
      double seconds = write(unit, vectors, batch(settings, vectors));
      report.print(
          "projected",
          "in %.3f s (measured); modelled %.3g s and %.3g J by clock %s (a model, not measured)",
          seconds,
          unit.log().modelledSeconds(),
          unit.log().modelledJoules(),
          settings.clock().name());
      if (file != null) {
        report.print("wrote", "%s", file);
      }
      if (json) {
        streams.out().println(json(choice, settings, unit, vectors, seconds));
      }
    }
    return Failures.DONE;
  }

  /**
   * Vectors that are projected at once. A medium stands still for a batch, so a drifting one has
   * none.
   */
  private int batch(OpuSettings settings, VectorFile vectors) {
    return settings.drift().drifts()
        ? 1
        : Math.clamp(BATCH_NUMBERS / (vectors.inputs() + outputs), 1, LARGEST_BATCH);
  }

  private double write(EmulatedOpu unit, VectorFile vectors, int batch) throws IOException {
    double[] seconds = {0};
    AtomicFile.Content content = out -> seconds[0] = project(unit, vectors, batch, out);
    if (file == null) {
      content.writeTo(streams.out());
      streams.out().flush();
    } else {
      AtomicFile.write(file, content);
    }
    return seconds[0];
  }

  /** Returns the time that projecting took, writing left out. */
  private static double project(EmulatedOpu unit, VectorFile vectors, int batch, OutputStream out)
      throws IOException {
    double seconds = 0;
    List<byte[]> all = vectors.vectors();
    for (int from = 0; from < all.size(); from += batch) {
      List<byte[]> some = all.subList(from, Math.min(all.size(), from + batch));
      byte[] joined = new byte[some.size() * vectors.inputs()];
      for (int i = 0; i < some.size(); i++) {
        System.arraycopy(some.get(i), 0, joined, i * vectors.inputs(), vectors.inputs());
      }
      long start = System.nanoTime();
      float[] projected = unit.project(joined);
      seconds += (System.nanoTime() - start) * 1e-9;
      print(projected, some.size(), out);
    }
    return seconds;
  }

  private static void print(float[] projected, int lines, OutputStream out) throws IOException {
    int numbers = projected.length / lines;
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < projected.length; i++) {
      boolean last = (i + 1) % numbers == 0;
      line.append(projected[i]).append(last ? '\n' : ' ');
      if (last) {
        out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
        line.setLength(0);
      }
    }
  }

  private String json(
      DeviceChoice choice,
      OpuSettings settings,
      EmulatedOpu unit,
      VectorFile vectors,
      double seconds) {
    CalibrationReport calibration = unit.calibration();
    return new JsonLine()
        .put("command", "opu project")
        .put("seed", seed)
        .put("device", choice.device().name())
        .put("threads", choice.device().threads())
        .put("optics", OpticsOptions.describe(settings))
        .put("transmission", settings.matrix().toString())
        .put("matrix_origin", unit.matrixOrigin() == null ? null : unit.matrixOrigin().toString())
        .put("bits", settings.camera().quantised() ? settings.camera().bits() : null)
        .put("inputs", vectors.inputs())
        .put("outputs", outputs)
        .put("vectors", vectors.vectors().size())
        .put("ternary_density", unit.log().density())
        .put("mirrors_per_input", calibration.mirrorsPerInput())
        .put("region_pixels", calibration.region())
        .put("accepted_pixels", calibration.acceptedPixels())
        .put("dark_pixels", calibration.darkPixels())
        .put("saturated_pixels", calibration.saturatedPixels())
        .put("mean_anchor_counts", calibration.meanAnchor())
        .put("project_seconds", seconds)
        .put("frames", unit.log().frames())
        .put("clock", settings.clock().name())
        .put("modelled_optical_seconds", unit.log().modelledSeconds())
        .put("modelled_optical_joules", unit.log().modelledJoules())
        .put("out", file == null ? null : file.toString())
        .put("commit", Commit.current())
        .toString();
  }
}
