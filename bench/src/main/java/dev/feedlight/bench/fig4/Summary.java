package dev.feedlight.bench.fig4;

import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.device.Machine;
import dev.feedlight.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code summary.md}: what was run, what it says, what it does not say, and all numbers. */
final class Summary {
  private final Setup setup;
  private final List<ResultLine> lines;
  private final Account account;
  private final String command;
  private final Machine machine;

  Summary(Setup setup, List<ResultLine> lines, Account account, String command, Machine machine) {
    this.setup = setup;
    this.lines = lines;
    this.account = account;
    this.command = command;
    this.machine = machine;
  }

  void write(Path file, List<Path> files) throws IOException {
    List<String> pictures =
        files.stream()
            .map(path -> path.getFileName().toString())
            .filter(name -> name.endsWith(".png"))
            .toList();
    SummaryWriter writer =
        new SummaryWriter(
            "Fig. 4, preset " + setup.preset().name(),
            command,
            machine,
            setup.commit(),
            Instant.now(),
            pictures);
    String head = writer.markdown(List.of());
    String tables = writer.markdown(withoutRepetition()).substring(head.length());
    String page = head + findings() + method() + missing() + tables;
    AtomicFile.write(file, page.getBytes(StandardCharsets.UTF_8));
  }

  /** Panels a and b hold the same measurements: one table is enough. */
  private List<ResultLine> withoutRepetition() {
    return setup.figures().contains(Figure.FIG4A)
        ? lines.stream().filter(line -> !line.experiment().equals(Figure.FIG4B.toString())).toList()
        : lines;
  }

  private String findings() {
    List<String> sentences = new Findings(setup, lines).sentences();
    return sentences.isEmpty() ? "" : "## What it says\n\n" + bullets(sentences);
  }

  private String method() {
    Preset preset = setup.preset();
    List<String> items =
        new ArrayList<>(
            List.of(
                "A network has one width everywhere: input, `depth` hidden blocks (tanh) and an"
                    + " output block, so depth + 1 square matrices; mean squared error on random"
                    + " data, plain SGD, fp32, batch "
                    + preset.batch()
                    + ". The paper's batch is not published. Panels a and b draw the same"
                    + " measurements.",
                "A step is forward pass, loss, feedback and updates. The data lie on the device:"
                    + " copying a batch is not part of it.",
                "Values are medians over "
                    + preset.forks() * preset.iterations()
                    + " iterations of "
                    + preset.iterationMillis()
                    + " ms (each the mean of its steps), low and high the fastest and the slowest"
                    + " iteration, "
                    + preset.forks()
                    + " JVM(s) per cell. The spread between "
                    + (preset.forks() == 1 ? "JVMs and between machines" : "machines")
                    + " is not in it.",
                setup.device().device().equals("cpu")
                    ? "Every step ends before the next one begins."
                    : "A measured call is up to 16 steps, one behind the other in the device's"
                        + " queue, and one wait at their end.",
                "Warm-up of each JVM: the same code on a problem of width "
                    + WarmUp.NETWORK_WIDTH
                    + ", "
                    + WarmUp.WIDTH
                    + " for projections by themselves (same rule, matrix, batch and threads) until"
                    + " the JVM's compilers are idle, at most "
                    + seconds(preset.opticalWarmUpMillis())
                    + " with emulated optics and "
                    + seconds(preset.digitalWarmUpMillis())
                    + " without; then "
                    + preset.warmUpIterations()
                    + " iterations of the cell itself, which do not count.",
                "`clock: none` and `clock: emulated` are measured. Emulated ODFA computes the"
                    + " optics on this device; its time says nothing about real optics.",
                "`clock: modelled` is the measured electronic part of the ODFA step (everything"
                    + " but the projection: experiment `fig4_electronics`, which is no whole step)"
                    + " plus the optical"
                    + " clock `"
                    + setup.clock().name()
                    + "`, "
                    + number(1e3 * setup.clock().secondsPerProjection())
                    + " ms per sample ("
                    + setup.clock().source()
                    + "). No optics were there. Transfer to and from the unit, and its driver's"
                    + " work, are not in it.",
                "`overlapped` takes the slower of electronics and optics instead of their sum: it"
                    + " assumes that one batch is projected while another is computed, so that"
                    + " updates come one step late. An idealisation; this library does not train"
                    + " so.",
                "Ratios of panel c: low is the numerator's low over the denominator's high, and the"
                    + " other way round. The emulated projection includes ternarization and"
                    + " read-out."));
    items.addAll(course());
    return "## What is measured and what is modelled\n\n" + bullets(items);
  }

  /** Runs that were not one piece, and cells with fewer iterations. */
  private List<String> course() {
    Preset preset = setup.preset();
    int full = preset.forks() * preset.iterations();
    List<String> items = new ArrayList<>();
    if (lines.stream().anyMatch(line -> line.n() != null && line.n() < full)) {
      items.add(
          "Where one step is longer than an iteration there are fewer of them, at least one per"
              + " JVM, each of one step; from 20 s a step on without iterations that do not count."
              + " `n` says how many there are.");
    }
    account.timeLine().ifPresent(line -> items.add("Time: " + line + "."));
    if (account.before() > 0) {
      items.add(
          account.before() + " cells were measured by earlier runs into this folder (`--resume`).");
    }
    if (account.commits().size() > 1) {
      items.add(
          "Cells are of several commits: "
              + account.commits().entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(commit -> commit.getValue() + " of " + commit.getKey())
                  .collect(Collectors.joining(", "))
              + ".");
    }
    return items;
  }

  private String missing() {
    if (account.missing().isEmpty()) {
      return "";
    }
    StringBuilder table =
        new StringBuilder("## Not measured\n\n| cell | value | why |\n|---|---|---|\n");
    for (Missing cell : account.missing()) {
      table
          .append("| ")
          .append(cell.cell().label())
          .append(" | not measured | ")
          .append(cell.reason())
          .append(": ")
          .append(cell.detail().replace("|", "\\|"))
          .append(" |\n");
    }
    return table.append('\n').toString();
  }

  private static String seconds(int millis) {
    return String.format(Locale.ROOT, "%.1f s", millis * 1e-3);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
  }

  private static String bullets(List<String> items) {
    StringBuilder text = new StringBuilder();
    items.forEach(item -> text.append("- ").append(item).append('\n'));
    return text.append('\n').toString();
  }
}
