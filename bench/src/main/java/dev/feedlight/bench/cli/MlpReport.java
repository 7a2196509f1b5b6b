package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.Evaluation;
import dev.feedlight.TrainingResult;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.training.RateSchedule;
import dev.feedlight.bench.training.RunLength;
import dev.feedlight.data.Dataset;
import dev.feedlight.learn.LearningRule;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code train mlp} tells about a run, as text and as JSON. */
final class MlpReport implements TrainReport {
  private static final String LOSS = "test_loss";
  private static final String ACCURACY = "test_accuracy";

  private final Settings settings;
  private final DataOptions.Loaded data;
  private final DeviceChoice choice;
  private final DfaEngine engine;

  MlpReport(Settings settings, DataOptions.Loaded data, DeviceChoice choice, DfaEngine engine) {
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
      RateSchedule rate,
      Integer patience,
      long seed) {}

  void printSettings(PrintStream out) {
    TrainLines lines = new TrainLines(out);
    lines.print("device", "%s", choice.line());
    lines.print(
        "data",
        "%s: %d training and %d test examples",
        data.label(),
        data.split().training().size(),
        data.split().test().size());
    lines.print(
        "network",
        "%s, %s, %,d parameters",
        widths(),
        settings.activation,
        engine.network().parameterCount());
    lines.print("rule", "%s", RuleOptions.describe(settings.rule));
    lines.print(
        "training",
        "%s, learning rate %s, batch %d%s%s, %d epochs of %d steps%s, seed %d",
        settings.optimizer,
        settings.rate.text(),
        settings.batch,
        TrainLines.gradients(settings.microBatches, settings.clipNorm),
        settings.dropout == 0 ? "" : ", dropout " + TrainLines.number(settings.dropout),
        settings.epochs,
        stepsPerEpoch(),
        TrainLines.earlyStop(settings.patience),
        settings.seed);
  }

  @Override
  public long stepsPerEpoch() {
    return data.split().training().size() / settings.batch;
  }

  @Override
  public Dataset training() {
    return data.split().training();
  }

  @Override
  public RunLength length() {
    return new RunLength.Epochs(settings.epochs);
  }

  @Override
  public Map<String, Double> measure(DfaEngine trained) {
    Evaluation test = trained.evaluate(data.split().test());
    Map<String, Double> measured = new LinkedHashMap<>();
    measured.put(LOSS, test.loss());
    measured.put(ACCURACY, test.accuracy());
    return measured;
  }

  @Override
  public void printResult(PrintStream out, TrainingResult trained, Map<String, Double> measured) {
    TrainLines lines = new TrainLines(out);
    lines.print(
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
    lines.print(
        "test",
        "accuracy %.2f %%, loss %.4f nats, %d examples",
        100 * measured.get(ACCURACY),
        measured.get(LOSS),
        data.split().test().size());
    lines.optics(engine, settings.rule, trained);
  }

  @Override
  public JsonLine json(TrainingResult trained, Map<String, Double> measured) {
    JsonLine line =
        new JsonLine()
            .put("command", "train mlp")
            .put("rule", settings.rule.name())
            .put("seed", settings.seed);
    TrainLines.putDevice(line, choice.device())
        .put("epochs", settings.epochs)
        .put("batch", settings.batch)
        .put("micro_batches", settings.microBatches)
        .put("clip_norm", settings.clipNorm)
        .put("dropout", settings.dropout)
        .put("hidden", settings.hidden)
        .put("activation", settings.activation)
        .put("optimizer", settings.optimizer)
        .putAll(settings.rate.settings())
        .put("data", data.label())
        .put("training_examples", data.split().training().size())
        .put("test_examples", data.split().test().size())
        .put("parameters", engine.network().parameterCount())
        .put("early_stop", settings.patience)
        .put("ended", TrainLines.name(trained.ending()))
        .put("epochs_done", trained.steps() / stepsPerEpoch())
        .put("steps", trained.steps());
    if (trained.steps() >= stepsPerEpoch()) {
      line.put("train_loss_nats", trained.finalLoss());
    }
    if (measured != null) {
      line.put("test_accuracy", measured.get(ACCURACY)).put("test_loss_nats", measured.get(LOSS));
    }
    line.put("train_seconds", trained.seconds());
    return TrainLines.putOptics(line, engine, settings.rule, trained)
        .put("commit", Commit.current());
  }

  private String widths() {
    return data.split().training().inputs()
        + settings.hidden.stream().map(width -> "-" + width).collect(Collectors.joining())
        + "-"
        + data.split().training().outputs();
  }
}
