package dev.feedlight.bench.knobs;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.data.Split;
import dev.feedlight.device.Machine;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.LearningRules;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Trains a small network by ODFA while one knob of the optics moves at a time, beside the other
 * rules, and writes accuracy and alignment against every knob.
 */
public final class OpticsRun {
  /** Name in result files. */
  public static final String EXPERIMENT = "optics";

  private final Request request;
  private final PrintStream out;
  private final List<ResultLine> lines = new ArrayList<>();
  private final String commit = Commit.current();

  /**
   * What is asked for.
   *
   * @param preset how much is trained
   * @param data label of the data set
   * @param split its examples
   * @param device as on the command line
   * @param threads as for {@link DeviceChoice#open}
   * @param seed first seed; the others follow it
   * @param directory where results go; made if missing
   * @param command the command line that repeats the run
   */
  public record Request(
      Preset preset,
      String data,
      Split split,
      String device,
      int threads,
      long seed,
      Path directory,
      String command) {}

  /**
   * Prepares a run.
   *
   * @param request what is asked for
   * @param out for progress, a line per setting
   */
  public OpticsRun(Request request, PrintStream out) {
    this.request = request;
    this.out = out;
  }

  /**
   * Trains and writes {@code results.jsonl}, in which lines of other experiments stay, {@code
   * summary.md} and the pictures.
   *
   * @return the files written
   * @throws IOException if they cannot be written
   * @throws NoPicturesException if this Java cannot draw; results and summary are written then
   */
  public List<Path> run() throws IOException {
    Files.createDirectories(request.directory());
    ResultFile results = new ResultFile(request.directory().resolve("results.jsonl"));
    List<ResultLine> all =
        new ArrayList<>(results.linesBeside(line -> line.experiment().equals(EXPERIMENT)));
    Runs runs = train();
    all.addAll(lines);
    results.write(all);
    Path summary = request.directory().resolve("summary.md");
    new SummaryWriter(
            "What each part of the optics does to training",
            request.command(),
            Machine.detect(),
            commit,
            Instant.now(),
            List.of("optics-accuracy.png", "optics-alignment.png"))
        .write(summary, lines.stream().filter(line -> line.seed() == null).toList());
    List<Path> files = new ArrayList<>(List.of(results.path(), summary));
    NoPicturesException.requireDrawing();
    files.addAll(new OpticsFigures(runs, conditions()).write(request.directory()));
    return files;
  }

  private Runs train() {
    Preset preset = request.preset();
    try (DeviceChoice choice = DeviceChoice.open(request.device(), request.threads())) {
      out.println("device    " + choice.line());
      Trainer trainer = new Trainer(choice.device(), preset, request.split());
      Runs runs = new Runs(Knobs.all(trainer.projections()));
      for (String rule : Runs.BASELINES) {
        LearningRule learning = LearningRules.named(rule);
        runs.add(rule, seeds(trainer, learning, rule.equals("dfa")));
        report(rule, "", "", runs.baseline(rule));
      }
      runs.add(Configuration.DEFAULT, seeds(trainer, Configuration.DEFAULT.rule(), true));
      report("odfa", "", "", runs.optical());
      for (Knob knob : runs.knobs()) {
        for (Knob.Setting setting : knob.settings()) {
          Configuration configuration = setting.configuration();
          if (!runs.has(configuration)) {
            runs.add(configuration, seeds(trainer, configuration.rule(), true));
          }
          report("odfa", knob.name(), setting.label(), runs.of(setting));
        }
      }
      return runs;
    }
  }

  private List<Outcome> seeds(Trainer trainer, LearningRule rule, boolean aligned) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < request.preset().seeds(); i++) {
      outcomes.add(trainer.train(rule, aligned, request.seed() + i));
    }
    return outcomes;
  }

  private void report(String rule, String knob, String setting, Runs.Set runs) {
    add(rule, knob, setting, Metric.HELDOUT_ACCURACY, runs.of(Outcome::heldBackAccuracy));
    if (knob.isEmpty()) {
      add(rule, knob, setting, Metric.TEST_ACCURACY, runs.of(Outcome::testAccuracy));
    }
    add(rule, knob, setting, Metric.GRADIENT_ALIGNMENT, runs.of(Outcome::gradientAlignment));
    add(rule, knob, setting, Metric.WEIGHT_ALIGNMENT, runs.of(Outcome::weightAlignment));
    add(rule, knob, setting, Metric.DENSITY, runs.of(Outcome::density));
    out.printf(
        Locale.ROOT,
        "%-5s %-20s %-12s accuracy %.2f %%  gradient alignment %s%n",
        rule,
        knob,
        setting,
        100 * runs.of(Outcome::heldBackAccuracy).mean(),
        text(runs, Outcome::gradientAlignment));
  }

  private static String text(Runs.Set runs, ToDoubleFunction<Outcome> what) {
    Seeds seeds = runs.of(what);
    return seeds.defined() ? String.format(Locale.ROOT, "%.3f", seeds.mean()) : "-";
  }

  private void add(String rule, String knob, String setting, Metric metric, Seeds seeds) {
    if (!seeds.defined()) {
      return;
    }
    for (int i = 0; i < seeds.values().size(); i++) {
      lines.add(
          line(rule, knob, setting, metric)
              .value(seeds.values().get(i))
              .seed(request.seed() + i)
              .build());
    }
    lines.add(
        line(rule, knob, setting, metric)
            .value(seeds.mean())
            .spread(Math.min(seeds.low(), seeds.mean()), Math.max(seeds.high(), seeds.mean()))
            .n(seeds.values().size())
            .build());
  }

  private ResultLineBuilder line(String rule, String knob, String setting, Metric metric) {
    Preset preset = request.preset();
    ResultLineBuilder line =
        ResultLine.of(EXPERIMENT, metric)
            .preset(preset.name())
            .data(request.data())
            .model(ResultLine.Model.MLP)
            .implementation(ResultLine.Implementation.FEEDLIGHT)
            .optimizer("adam")
            .dtype("fp32")
            .rule(Rule.valueOf(rule.toUpperCase(Locale.ROOT)))
            .width(preset.hidden())
            .depth(2)
            .batch(preset.batch())
            .device(request.device())
            .commit(commit);
    return knob.isEmpty() ? line : line.setting(knob + "=" + setting);
  }

  private String conditions() {
    Preset preset = request.preset();
    return String.format(
        Locale.ROOT,
        "%s, %d examples kept back \u00B7 %d-%d-%d-%d tanh \u00B7 %d epochs \u00B7 Adam %s \u00B7"
            + " batch %d \u00B7 %d seeds",
        request.data(),
        preset.heldBack(),
        request.split().training().inputs(),
        preset.hidden(),
        preset.hidden(),
        request.split().training().outputs(),
        preset.epochs(),
        preset.learningRate(),
        preset.batch(),
        preset.seeds());
  }
}
