package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.Evaluation;
import dev.feedlight.MemoryEstimate;
import dev.feedlight.TrainingResult;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.training.RateSchedule;
import dev.feedlight.bench.training.RunLength;
import dev.feedlight.data.Dataset;
import dev.feedlight.learn.LearningRule;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What {@code train vit} and {@code train fcnn} tell about a run, as text and as JSON. */
final class MapReport implements TrainReport {
  private static final String LOSS = "test_loss";
  private static final String RMSE = "test_rmse";

  private final Settings settings;
  private final MapData data;
  private final DeviceChoice choice;
  private DfaEngine engine;

  MapReport(Settings settings, MapData data, DeviceChoice choice) {
    this.settings = settings;
    this.data = data;
    this.choice = choice;
  }

  /** The arguments of a run. */
  record Settings(
      LearningRule rule,
      String preset,
      MapModel model,
      RunLength length,
      int batch,
      int microBatches,
      Double clipNorm,
      Integer patience,
      String optimizer,
      RateSchedule rate,
      long seed) {}

  /** The engine that the report is about, once it is built. */
  void about(DfaEngine built) {
    engine = built;
  }

  @Override
  public Dataset training() {
    return data.split().training();
  }

  @Override
  public long stepsPerEpoch() {
    return training().size() / settings.batch;
  }

  @Override
  public RunLength length() {
    return settings.length;
  }

  void printSettings(PrintStream out) {
    TrainLines lines = new TrainLines(out);
    MapData.Extents extents = data.extents();
    MapModel model = settings.model;
    lines.print("device", "%s", choice.line());
    lines.print(
        "data",
        "%s: %d training and %d test examples, %d x %d x %d to %d x %d x %d%s",
        data.label(),
        training().size(),
        data.split().test().size(),
        extents.channels(),
        extents.height(),
        extents.width(),
        extents.maps(),
        extents.height(),
        extents.width(),
        data.unitNote().map(note -> "; " + note).orElse(""));
    lines.print(
        "network",
        "%s %s: %s, %,d parameters",
        model.name(),
        settings.preset,
        model.text(),
        model.parameters());
    lines.print("rule", "%s", RuleOptions.describe(settings.rule));
    lines.print(
        "training",
        "%s, learning rate %s, batch %d%s, %s%s, seed %d",
        settings.optimizer,
        settings.rate.text(),
        settings.batch,
        TrainLines.gradients(settings.microBatches, settings.clipNorm),
        settings.length.text(stepsPerEpoch()),
        TrainLines.earlyStop(settings.patience),
        settings.seed);
  }

  /** Parameters, memory and time of a run that is not made. */
  void printPlan(PrintStream out, MemoryEstimate estimate) {
    MapModel model = settings.model;
    ParameterTable table = new ParameterTable(out);
    table.begin();
    model.print(table);
    table.row("total", model.parameters());
    table.row("in blocks fed by signals", model.fedParameters());
    out.println();
    TrainLines lines = new TrainLines(out);
    lines.memory(estimate, choice.device().memory(), "does not fit");
    new PlannedTime(
            settings.rule,
            settings.batch * model.flopsPerExample(settings.rule),
            settings.length.steps(stepsPerEpoch()),
            settings.batch * model.rowsPerExample())
        .print(lines, choice.device());
  }

  @Override
  public Map<String, Double> measure(DfaEngine trained) {
    Evaluation test = trained.evaluate(data.split().test());
    Map<String, Double> measured = new LinkedHashMap<>();
    measured.put(LOSS, test.loss());
    measured.put(RMSE, test.rmse() * data.scale());
    return measured;
  }

  @Override
  public void printResult(PrintStream out, TrainingResult trained, Map<String, Double> measured) {
    TrainLines lines = new TrainLines(out);
    lines.print(
        "trained",
        "%d steps in %.1f s (measured), loss %.5f in the last epoch",
        trained.steps(),
        trained.seconds(),
        trained.finalLoss());
    lines.print(
        "test",
        "area-weighted RMSE %.4f%s, loss %.5f, %d examples",
        measured.get(RMSE),
        data.unit() == null ? "" : " " + data.unit(),
        measured.get(LOSS),
        data.split().test().size());
    lines.optics(engine, settings.rule, trained);
  }

  @Override
  public JsonLine json(TrainingResult trained, Map<String, Double> measured) {
    MapModel model = settings.model;
    JsonLine line =
        new JsonLine()
            .put("command", "train " + model.name())
            .put("rule", settings.rule.name())
            .put("seed", settings.seed);
    TrainLines.putDevice(line, choice.device())
        .put("preset", settings.preset)
        .put("model", model.name())
        .put("inputs", data.extents().inputs())
        .put("outputs", data.extents().outputs());
    model.put(line);
    line.put("parameters", model.parameters())
        .put("fed_parameters", model.fedParameters())
        .put("projected", RuleOptions.projectedName(settings.rule))
        .put("subtract_batch_mean", RuleOptions.subtractsBatchMean(settings.rule))
        .put(settings.length.unit(), settings.length.count())
        .put("batch", settings.batch)
        .put("micro_batches", settings.microBatches)
        .put("clip_norm", settings.clipNorm)
        .put("early_stop", settings.patience)
        .put("optimizer", settings.optimizer)
        .putAll(settings.rate.settings())
        .put("data", data.label())
        .put("training_examples", training().size())
        .put("test_examples", data.split().test().size())
        .put("ended", TrainLines.name(trained.ending()))
        .put("steps_done", trained.steps());
    if (measured != null) {
      String unit =
          data.unit() == null
              ? ""
              : "_" + data.unit().toLowerCase(Locale.ROOT).replace("/", "_per_");
      line.put("train_loss", trained.finalLoss())
          .put("test_loss", measured.get(LOSS))
          .put("rmse" + unit, measured.get(RMSE));
    }
    line.put("train_seconds", trained.seconds());
    return TrainLines.putOptics(line, engine, settings.rule, trained)
        .put("commit", Commit.current());
  }
}
