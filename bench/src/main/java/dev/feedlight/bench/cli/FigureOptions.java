package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.bench.results.RunFolderException;
import dev.feedlight.bench.training.FigureRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How often, where and on what a figure's runs are trained; and that they are. */
final class FigureOptions {
  /** What a run may still take when it is to end: a step, a measurement, a checkpoint (ours). */
  private static final double SECONDS_TO_END = 120;

  @Option(names = "--seeds", paramLabel = "N", description = "Runs of each curve. Default: 1.")
  private Integer seeds;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "First seed; the others follow it. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the results; made if missing.")
  private Path directory;

  @Option(
      names = "--dry-run",
      description = "Print what would be trained and how long it takes; train and write nothing.")
  private boolean dryRun;

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  /** Refuses what cannot be a folder. */
  void check() {
    Arguments.folder("--out", directory);
  }

  int seeds(int byDefault) {
    return seeds == null ? byDefault : Math.toIntExact(Arguments.atLeast("--seeds", 1, seeds));
  }

  long seed() {
    return seed;
  }

  Path directory() {
    return directory;
  }

  DeviceChoice open() {
    return deviceOptions.open();
  }

  /** The command that does the same again. */
  String repeat(String figure, String preset, List<String> data, int runs) {
    List<String> words = new ArrayList<>(List.of("./feedlight", "reproduce", figure));
    words.addAll(List.of("--preset", preset));
    words.addAll(data);
    words.addAll(List.of("--seeds", String.valueOf(runs), "--seed", String.valueOf(seed)));
    words.addAll(List.of("--device", deviceOptions.name()));
    if (deviceOptions.threads() > 0) {
      words.addAll(List.of("--threads", String.valueOf(deviceOptions.threads())));
    }
    words.addAll(List.of("--out", directory.toString()));
    return String.join(" ", words);
  }

  /**
   * Checks the folder, prints the plan and trains.
   *
   * @param data what is learned, for {@code run.json}
   * @return an exit code
   */
  int carryOut(
      FigureRun run, CommandSpec spec, Object data, Streams streams, Interruption interruption)
      throws IOException {
    try {
      run.check();
    } catch (RunFolderException e) {
      throw new UsageException(e.getMessage(), e);
    }
    run.plan();
    // Recorded from here on: a folder that is refused stays as it is.
    return dryRun
        ? Failures.DONE
        : RunRecord.around(
            spec,
            directory,
            Map.of("seed", seed, "data", data),
            deviceOptions,
            () -> train(run, streams, interruption));
  }

  private static int train(FigureRun run, Streams streams, Interruption interruption)
      throws IOException {
    long start = System.nanoTime();
    List<Path> files;
    try (Interruption.Running _ =
        interruption.begin(
            "the run ends after this step, with a checkpoint", () -> SECONDS_TO_END)) {
      files = run.run();
    } catch (NoPicturesException e) {
      throw new CommandFailedException(e.getMessage());
    }
    if (files.isEmpty()) {
      streams.err().println("feedlight: interrupted; the same command goes on");
      return Failures.INTERRUPTED;
    }
    files.forEach(file -> streams.out().println("wrote     " + file));
    streams.out().printf(Locale.ROOT, "done      in %.0f s%n", (System.nanoTime() - start) * 1e-9);
    return Failures.DONE;
  }
}
