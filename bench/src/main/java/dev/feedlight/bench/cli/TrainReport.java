package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.Evaluation;
import dev.feedlight.MemoryEstimate;
import dev.feedlight.TrainingResult;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.device.DeviceRates;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.opu.FrameLog;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code train} tells about a run, as text and as JSON. */
final class TrainReport {
  private final Settings settings;
  private final DataOptions.Loaded data;
  private final DeviceChoice choice;
  private final DfaEngine engine;

  TrainReport(Settings settings, DataOptions.Loaded data, DeviceChoice choice, DfaEngine engine) {
    this.settings = settings;
    this.data = data;
    this.choice = choice;
    this.engine = engine;
  }

  /** The arguments of a run. */
  record Settings(
      LearningRule rule,
      List<Integer> hidden,
      String activation,
      int epochs,
      int batch,
      int microBatches,
      Double clipNorm,
      double dropout,
      String optimizer,
      double learningRate,
      Integer patience,
      long seed) {}

  void printSettings(PrintStream out) {
    print(out, "device", "%s", choice.line());
    print(
        out,
        "data",
        "%s: %d training and %d test examples",
        data.label(),
        data.split().training().size(),
        data.split().test().size());
    print(
        out,
        "network",
        "%s, %s, %,d parameters",
        widths(),
        settings.activation,
        engine.network().parameterCount());
    print(out, "rule", "%s", RuleOptions.describe(settings.rule));
    print(
        out,
        "training",
        "%s, learning rate %s, batch %d%s%s%s, %d epochs of %d steps%s, seed %d",
        settings.optimizer,
        number(settings.learningRate),
        settings.batch,
        settings.microBatches == 1 ? "" : " in " + settings.microBatches + " passes",
        settings.clipNorm == null ? "" : ", gradients clipped to " + number(settings.clipNorm),
        settings.dropout == 0 ? "" : ", dropout " + number(settings.dropout),
        settings.epochs,
        stepsPerEpoch(),
        settings.patience == null ? "" : ", stops after " + settings.patience + " without progress",
        settings.seed);
  }

  private long stepsPerEpoch() {
    return data.split().training().size() / settings.batch;
  }

  /** What the run holds, once all of it is allocated. */
  void printMemory(PrintStream out) {
    MemoryReport memory = engine.memory();
    print(out, "memory", "%s live: %s", bytes(memory.liveBytes()), scopes(memory.scopes()));
  }

  /** What a run would hold that does not fit. */
  static void printMemory(PrintStream out, MemoryEstimate estimate, MemoryReport memory) {
    print(
        out,
        "memory",
        "%s needed: %s; %s live of %s: does not fit, so there is no plan",
        bytes(estimate.peakBytes()),
        scopes(estimate.scopes()),
        bytes(memory.liveBytes()),
        bytes(memory.capacityBytes()));
  }

  void printPlan(PrintStream out, DeviceRates rates) {
    out.println();
    out.println(engine.plan());
    out.println();
    print(
        out,
        "floor",
        "%.3f ms per step at %.0f GFLOP/s and %.1f GB/s, both just measured",
        1e3 * engine.plan().floorSeconds(rates.flopsPerSecond(), rates.bytesPerSecond()),
        rates.flopsPerSecond() * 1e-9,
        rates.bytesPerSecond() * 1e-9);
    printMemory(out);
  }

  private static String scopes(Map<String, Long> scopes) {
    return scopes.entrySet().stream()
        .filter(scope -> scope.getValue() > 0)
        .map(scope -> scope.getKey() + " " + bytes(scope.getValue()))
        .collect(Collectors.joining(", "));
  }

  void printResult(PrintStream out, TrainingResult trained, Evaluation test) {
    print(
        out,
        "trained",
        "%d steps in %.1f s (measured), loss %.4f in the last epoch%s",
        trained.steps(),
        trained.seconds(),
        trained.finalLoss(),
        trained.ending() == TrainingResult.Ending.STOPPED_EARLY
            ? ", stopped early after epoch "
                + trained.steps() / stepsPerEpoch()
                + " of "
                + settings.epochs
            : "");
    print(
        out,
        "test",
        "accuracy %.2f %%, loss %.4f nats, %d examples",
        100 * test.accuracy(),
        test.loss(),
        test.examples());
    FrameLog frames = engine.frameLog();
    if (frames != null) {
      print(
          out,
          "optics",
          "%,d projections, %,d frames, ternary density %.3f; modelled %.1f s by clock %s (a model,"
              + " not measured)",
          frames.projections(),
          frames.frames(),
          frames.density(),
          trained.modelledOpticalSeconds(),
          RuleOptions.optics(settings.rule).opu().clock().name());
    }
  }

  static String name(TrainingResult.Ending ending) {
    return ending.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The result as one JSON object.
   *
   * @param test null for a run that was interrupted
   */
  JsonLine json(TrainingResult trained, Evaluation test) {
    JsonLine line =
        new JsonLine()
            .put("command", "train mlp")
            .put("rule", settings.rule.name())
            .put("seed", settings.seed)
            .put("device", choice.device().name())
            .put("threads", choice.device().threads())
            .put("dtype", choice.device().precision().label())
            .put("epochs", settings.epochs)
            .put("batch", settings.batch)
            .put("micro_batches", settings.microBatches)
            .put("clip_norm", settings.clipNorm)
            .put("dropout", settings.dropout)
            .put("hidden", settings.hidden)
            .put("activation", settings.activation)
            .put("optimizer", settings.optimizer)
            .put("learning_rate", settings.learningRate)
            .put("data", data.label())
            .put("training_examples", data.split().training().size())
            .put("test_examples", data.split().test().size())
            .put("parameters", engine.network().parameterCount())
            .put("early_stop", settings.patience)
            .put("ended", name(trained.ending()))
            .put("epochs_done", trained.steps() / stepsPerEpoch())
            .put("steps", trained.steps());
    if (trained.steps() >= stepsPerEpoch()) {
      line.put("train_loss_nats", trained.finalLoss());
    }
    if (test != null) {
      line.put("test_accuracy", test.accuracy()).put("test_loss_nats", test.loss());
    }
    line.put("train_seconds", trained.seconds());
    FrameLog frames = engine.frameLog();
    if (frames != null) {
      OpticalProjector optics = RuleOptions.optics(settings.rule);
      line.put("optics", OpticsOptions.describe(optics.opu()))
          .put("transmission", optics.opu().matrix().toString())
          .put("bits", optics.opu().camera().quantised() ? optics.opu().camera().bits() : null)
          .put("ternary", TernaryRuleConverter.text(optics.ternaryRule()))
          .put("signal_scale", SignalScaleConverter.text(optics.scale()))
          .put("ternary_density", frames.density())
          .put("frames", frames.frames())
          .put("clock", optics.opu().clock().name())
          .put("modelled_optical_seconds", trained.modelledOpticalSeconds());
    }
    return line.put("commit", Commit.current());
  }

  private String widths() {
    return data.split().training().inputs()
        + settings.hidden.stream().map(width -> "-" + width).collect(Collectors.joining())
        + "-"
        + data.split().training().outputs();
  }

  static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toString();
  }

  private static String bytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes * 1e-6);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  private static void print(PrintStream out, String what, String format, Object... values) {
    out.println(
        String.format(Locale.ROOT, "%-9s ", what) + String.format(Locale.ROOT, format, values));
  }
}
