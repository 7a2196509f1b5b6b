package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.RunFile;
import dev.feedlight.data.Dataset;
import dev.feedlight.data.DatasetDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes {@code run.json} of a command. */
final class RunRecord {
  private RunRecord() {}

  /** A command that writes results. */
  @FunctionalInterface
  interface Body {
    int run() throws IOException;
  }

  /**
   * Runs a command with a record of it beside its results.
   *
   * @param spec the command
   * @param directory for results; null for none, and no record
   * @param known what the command knows of itself besides its options, for example its seed
   * @param options opens the device that is recorded, once more and only to look at it
   */
  static int around(
      CommandSpec spec, Path directory, Map<String, ?> known, DeviceOptions options, Body body)
      throws IOException {
    if (directory == null) {
      return body.run();
    }
    RunFile file = begin(spec, directory, known, options);
    int code = body.run();
    file.complete(Map.of("exit_code", code));
    return code;
  }

  /** The same for a short command that refuses arguments while it runs: recorded at its end. */
  static int after(
      CommandSpec spec, Path directory, Map<String, ?> known, DeviceOptions options, Body body)
      throws IOException {
    Map<String, Object> started = new LinkedHashMap<>(known);
    started.put("started", Instant.now().toString());
    int code = body.run();
    begin(spec, directory, started, options).complete(Map.of("exit_code", code));
    return code;
  }

  private static RunFile begin(
      CommandSpec spec, Path directory, Map<String, ?> known, DeviceOptions options)
      throws IOException {
    Map<String, Object> more = new LinkedHashMap<>(known);
    try (DeviceChoice choice = options.open()) {
      more.put("device", RunFile.tree(choice.device().identity()));
    }
    return RunFile.begin(directory, invocation(spec), more);
  }

  static RunFile.Invocation invocation(CommandSpec spec) {
    Map<String, String> configuration = new LinkedHashMap<>();
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      configuration.put(parameter.paramLabel(), String.valueOf(parameter.<Object>getValue()));
    }
    for (OptionSpec option : spec.options()) {
      Object value = option.getValue();
      if (value != null && !option.usageHelp() && !option.versionHelp()) {
        configuration.put(option.longestName(), String.valueOf(value));
      }
    }
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    String name = spec.qualifiedName().replaceFirst("^feedlight ", "");
    return new RunFile.Invocation(name, arguments, configuration);
  }

  /** What the data are, whatever files they came from. */
  static Map<String, Object> data(DataOptions.Loaded data) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", data.label());
    put(entry, "training", data.split().training());
    put(entry, "test", data.split().test());
    return entry;
  }

  private static void put(Map<String, Object> entry, String part, Dataset examples) {
    entry.put(part + "_examples", examples.size());
    entry.put(part + "_sha256", DatasetDigest.sha256(examples));
  }
}
