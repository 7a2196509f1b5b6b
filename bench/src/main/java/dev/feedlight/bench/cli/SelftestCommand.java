package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.selftest.ParityCase;
import dev.feedlight.selftest.ParityCases;
import dev.feedlight.selftest.ParityResult;
import dev.feedlight.selftest.ParityRunner;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code selftest}: every operation of a device against the oracle. */
@Command(
    name = "selftest",
    description = {
      "Hold every operation of a device against the double-precision oracle, in less than a"
          + " minute.",
      "",
      "The table gives, per operation, the case that comes nearest to its tolerance. Errors are"
          + " absolute, or units in the last place where bits are compared.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight selftest --device cpu",
      "  feedlight selftest --precision bf16",
      "  feedlight selftest --cases --seed 7",
      "  feedlight selftest --device cuda --filter linear"
    })
final class SelftestCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "" + ParityCases.DEFAULT_SEED,
      description = "Decides the values of all operands. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      defaultValue = "",
      description =
          "Only cases whose name contains TEXT, upper and lower case alike; names begin with the"
              + " operation.")
  private String filter;

  @Option(names = "--cases", description = "One line for every case.")
  private boolean cases;

  @Option(names = "--json", description = "End with one JSON object on standard output.")
  private boolean json;

  SelftestCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    PrintStream out = streams.text(json);
    List<ParityCase> wanted =
        ParityCases.all(seed).stream()
            .filter(
                one ->
                    one.name().toLowerCase(Locale.ROOT).contains(filter.toLowerCase(Locale.ROOT)))
            .toList();
    if (wanted.isEmpty()) {
      throw new UsageException("--filter " + filter + " leaves no case (--cases lists them)");
    }
    List<ParityResult> failed = new ArrayList<>();
    int count;
    double seconds;
    String device;
    try (DeviceChoice choice = deviceOptions.open()) {
      device = choice.device().name();
      out.println("device    " + choice.line());
      out.println(row("error", "tolerance", "ms", "cases", "failed", "case"));
      long start = System.nanoTime();
      Map<String, List<ParityResult>> groups = new LinkedHashMap<>();
      for (ParityCase parityCase : wanted) {
        ParityResult result = ParityRunner.run(choice.device(), parityCase);
        groups
            .computeIfAbsent(parityCase.operation().getSimpleName(), _ -> new ArrayList<>())
            .add(result);
        if (cases) {
          out.println(line(result, List.of(result)));
        }
      }
      seconds = (System.nanoTime() - start) * 1e-9;
      count = groups.values().stream().mapToInt(List::size).sum();
      for (List<ParityResult> group : groups.values()) {
        group.stream().filter(result -> !result.passed()).forEach(failed::add);
        if (!cases) {
          out.println(line(worst(group), group));
        }
      }
    }
    failed.forEach(result -> out.println("FAILED    " + result.message()));
    out.printf(
        Locale.ROOT, "done      %d cases, %d failed, %.1f s%n", count, failed.size(), seconds);
    if (json) {
      streams.out().println(json(device, count, failed, seconds));
    }
    if (!failed.isEmpty()) {
      throw new CommandFailedException(
          failed.size()
              + " of "
              + count
              + " cases failed, the first: "
              + failed.getFirst().message());
    }
    return Failures.DONE;
  }

  private String json(String device, int count, List<ParityResult> failed, double seconds) {
    return new JsonLine()
        .put("command", "selftest")
        .put("device", device)
        .put("dtype", deviceOptions.precision().label())
        .put("seed", seed)
        .put("cases", count)
        .put("failed", failed.stream().map(result -> result.parityCase().name()).toList())
        .put("seconds", seconds)
        .toString();
  }

  private static ParityResult worst(List<ParityResult> group) {
    return group.stream().max(Comparator.comparingDouble(SelftestCommand::strain)).orElseThrow();
  }

  /** Error over tolerance; failures, NaN among them, are the most. */
  private static double strain(ParityResult result) {
    if (!result.passed()) {
      return Double.POSITIVE_INFINITY;
    }
    return result.worstError() == 0 ? 0 : result.worstError() / result.tolerance();
  }

  private static String line(ParityResult shown, List<ParityResult> group) {
    return row(
        number(shown.worstError()),
        number(shown.tolerance()),
        String.format(
            Locale.ROOT, "%.1f", group.stream().mapToDouble(ParityResult::milliseconds).sum()),
        String.valueOf(group.size()),
        String.valueOf(group.stream().filter(result -> !result.passed()).count()),
        shown.parityCase().name());
  }

  private static String row(
      String error, String tolerance, String ms, String cases, String failed, String name) {
    return String.format(
        Locale.ROOT, "%9s %9s %9s %6s %6s  %s", error, tolerance, ms, cases, failed, name);
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.2e", value);
  }
}
