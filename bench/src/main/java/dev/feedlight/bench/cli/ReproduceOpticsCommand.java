package dev.feedlight.bench.cli;

import dev.feedlight.bench.knobs.OpticsRun;
import dev.feedlight.bench.knobs.Preset;
import dev.feedlight.bench.plot.NoPicturesException;
import java.io.IOException;
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
import picocli.CommandLine.Spec;

/** {@code reproduce optics}: what each knob of the optics does to training. */
@Command(
    name = "optics",
    description = {
      "Fashion-MNIST trained by ODFA while one knob of the optics moves at a time (bits,"
          + " noise, exposure, ternary rule, amplitude, read-out, matrix, drift), beside BP, DFA"
          + " and SHLW: accuracy on training examples kept back, and alignment, three seeds.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight reproduce optics --out results",
      "  feedlight reproduce optics --preset full --data-dir fashion-mnist --out results"
    })
final class ReproduceOpticsCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      defaultValue = "quick",
      description =
          "quick: 784-256-256-10, 10 epochs, at most ten minutes on two cores; full:"
              + " 784-1024-1024-10, 10 epochs, hours (meant for --data-dir)."
              + " Default: ${DEFAULT-VALUE}.")
  private String preset;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the results; made if missing.")
  private Path directory;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "First seed; the others follow it. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Folder with the four files of Fashion-MNIST, or of another set of ten classes in the"
              + " same layout. Default: the subset in the jar.")
  private Path data;

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  ReproduceOpticsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    deviceOptions.requirePlainProducts("has no effect here: this experiment trains in fp32");
    Arguments.folder("--out", directory);
    Preset chosen = chosenPreset();
    DataOptions.Loaded images = DataOptions.images(data);
    OpticsRun run =
        new OpticsRun(
            new OpticsRun.Request(
                chosen,
                images.label(),
                images.split(),
                deviceOptions.name(),
                deviceOptions.threads(),
                seed,
                directory,
                repeat()),
            streams.out());
    return RunRecord.around(
        spec,
        directory,
        Map.of("seed", seed, "data", RunRecord.data(images)),
        deviceOptions,
        () -> reproduce(run));
  }

  private int reproduce(OpticsRun run) throws IOException {
    long start = System.nanoTime();
    try {
      run.run().forEach(file -> streams.out().println("wrote     " + file));
    } catch (NoPicturesException e) {
      throw new CommandFailedException(e.getMessage());
    }
    streams.out().printf(Locale.ROOT, "done      in %.0f s%n", (System.nanoTime() - start) * 1e-9);
    return Failures.DONE;
  }

  private Preset chosenPreset() {
    List<Preset> presets = Stream.concat(Preset.PRESETS.stream(), Stream.of(Preset.SMOKE)).toList();
    List<String> names = presets.stream().map(Preset::name).toList();
    return presets.get(names.indexOf(Arguments.oneOf("--preset", names, preset)));
  }

  private String repeat() {
    List<String> words = new ArrayList<>(List.of("./feedlight", "reproduce", "optics"));
    words.addAll(List.of("--preset", preset, "--device", deviceOptions.name()));
    words.addAll(List.of("--seed", String.valueOf(seed)));
    if (data != null) {
      words.addAll(List.of("--data-dir", data.toString()));
    }
    if (deviceOptions.threads() > 0) {
      words.addAll(List.of("--threads", String.valueOf(deviceOptions.threads())));
    }
    words.addAll(List.of("--out", directory.toString()));
    return String.join(" ", words);
  }
}
