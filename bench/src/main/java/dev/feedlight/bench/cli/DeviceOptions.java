package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import picocli.CommandLine.Option;

/** Where a command runs. */
final class DeviceOptions {
  /** More threads than any processor has. */
  private static final int MOST_THREADS = 4096;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description =
          "auto, cpu or cuda; auto says what it takes and why. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the processor. Default: one per core.")
  private Integer threads;

  String name() {
    return Arguments.oneOf("--device", DeviceChoice.NAMES, device);
  }

  int threads() {
    if (threads == null) {
      return DeviceChoice.ALL_CORES;
    }
    if (threads > MOST_THREADS) {
      throw new UsageException("--threads must be at most " + MOST_THREADS + ", not " + threads);
    }
    return (int) Arguments.atLeast("--threads", 1, threads);
  }

  DeviceChoice open() {
    return DeviceChoice.open(name(), threads());
  }
}
