package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.Evaluation;
import dev.feedlight.GptModel;
import dev.feedlight.MemoryEstimate;
import dev.feedlight.TrainingResult;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.training.GptData;
import dev.feedlight.bench.training.RateSchedule;
import dev.feedlight.bench.training.RunLength;
import dev.feedlight.bench.training.TransformerCost;
import dev.feedlight.data.text.TokenWindows;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code train gpt} tells about a run, as text and as JSON. */
final class GptReport implements TrainReport {
  private static final String LOSS = "heldout_loss";
  private static final String ACCURACY = "heldout_accuracy";
  private static final String TEST = "test_loss";

  private final Settings settings;
  private final GptData data;
  private final DeviceChoice choice;
  private final Path model;
  private DfaEngine engine;

  /** Tells of a run whose model is kept in a folder, or nowhere if that is null. */
  GptReport(Settings settings, GptData data, DeviceChoice choice, Path model) {
    this.settings = settings;
    this.data = data;
    this.choice = choice;
    this.model = model;
  }

  /** The arguments of a run. */
  record Settings(
      LearningRule rule,
      String preset,
      GptShape shape,
      FeedbackPoints points,
      InitialWeights weights,
      RunLength length,
      int windows,
      int microBatches,
      Double clipNorm,
      String optimizer,
      RateSchedule rate,
      Integer patience,
      boolean test,
      long seed) {
    long tokensPerStep() {
      return windows * shape.context();
    }
  }

  /** The engine that the report is about, once it is built. */
  void about(DfaEngine built) {
    engine = built;
  }

  @Override
  public TokenWindows training() {
    return data.training();
  }

  @Override
  public long stepsPerEpoch() {
    return training().size() / settings.windows;
  }

  @Override
  public RunLength length() {
    return settings.length;
  }

  void printSettings(PrintStream out) {
    TrainLines lines = new TrainLines(out);
    GptShape shape = settings.shape;
    lines.print("device", "%s", choice.line());
    lines.print(
        "data",
        "%s: %,d training tokens in %,d windows of %d, %,d held-out windows",
        data.label(),
        training().tokens(),
        training().size(),
        training().context(),
        data.heldOut().windows().size());
    lines.print(
        "network",
        "%s: width %d, %d layers, %d heads, MLP %d, %s sums, vocabulary %d, %,d parameters",
        settings.preset,
        shape.width(),
        shape.layers(),
        shape.heads(),
        shape.hidden(),
        Arguments.word(shape.residual()),
        shape.vocabulary(),
        shape.parameters());
    lines.print(
        "rule",
        "%s, %s feedback",
        RuleOptions.describe(settings.rule),
        Arguments.word(settings.points));
    lines.print(
        "training",
        "%s, learning rate %s, %d windows (%,d tokens) a step%s, %s%s, seed %d",
        settings.optimizer,
        settings.rate.text(),
        settings.windows,
        settings.tokensPerStep(),
        TrainLines.gradients(settings.microBatches, settings.clipNorm),
        settings.length.text(stepsPerEpoch()),
        TrainLines.earlyStop(settings.patience),
        settings.seed);
    lines.print(
        "to beat",
        "%.4f nats: knows nothing, ln(%d); %.4f: knows how often each token comes",
        uniformNats(),
        shape.vocabulary(),
        unigramNats());
  }

  private double uniformNats() {
    return data.heldOut().unigrams().uniformNats();
  }

  private double unigramNats() {
    return data.heldOut().unigrams().entropyNats();
  }

  /** Parameters, memory and time of a run that is not made. */
  void printPlan(PrintStream out, MemoryEstimate estimate) {
    TrainLines lines = new TrainLines(out);
    GptShape shape = settings.shape;
    ParameterTable table = new ParameterTable(out);
    table.begin();
    table.row("embedding", shape.embeddingParameters());
    table.row("attention", shape.layers(), shape.attentionParameters());
    table.row("MLP", shape.layers(), shape.mlpParameters());
    table.row("head", shape.headParameters());
    table.row("total", shape.parameters());
    table.row("at feedback points", shape.projectionWeights());
    table.row("of these fed by signals", shape.fedWeights());
    out.println();
    lines.memory(estimate, choice.device().memory(), "does not fit");
    double flops =
        settings.tokensPerStep()
            * new TransformerCost(settings.shape, settings.points, settings.rule).flopsPerToken();
    long steps = settings.length.steps(stepsPerEpoch());
    new PlannedTime(settings.rule, flops, steps, settings.tokensPerStep())
        .print(lines, choice.device());
  }

  @Override
  public Map<String, Double> measure(DfaEngine trained) {
    Map<String, Double> measured = new LinkedHashMap<>();
    Evaluation heldOut = trained.evaluate(data.heldOut().windows());
    measured.put(LOSS, heldOut.loss());
    measured.put(ACCURACY, heldOut.accuracy());
    if (settings.test) {
      measured.put(TEST, trained.evaluate(data.test().windows()).loss());
    }
    return measured;
  }

  @Override
  public void keep(PrintStream out, DfaEngine trained) throws IOException {
    if (model != null) {
      GptModel.write(model, settings.shape, data.tokenizer(), trained.network());
      out.println("wrote     " + model);
    }
  }

  @Override
  public void printResult(PrintStream out, TrainingResult trained, Map<String, Double> measured) {
    TrainLines lines = new TrainLines(out);
    lines.print(
        "trained",
        "%d steps, %,d tokens in %.1f s (measured), loss %.4f in the last epoch",
        trained.steps(),
        trained.steps() * settings.tokensPerStep(),
        trained.seconds(),
        trained.finalLoss());
    lines.print(
        "held out",
        "%.4f nats per token, next token right %.1f %%; token frequencies alone %.4f, nothing %.4f",
        measured.get(LOSS),
        100 * measured.get(ACCURACY),
        unigramNats(),
        uniformNats());
    if (settings.test) {
      lines.print(
          "test",
          "%.4f nats per token; token frequencies alone %.4f",
          measured.get(TEST),
          data.test().unigrams().entropyNats());
    }
    lines.optics(engine, settings.rule, trained);
  }

  @Override
  public JsonLine json(TrainingResult trained, Map<String, Double> measured) {
    GptShape shape = settings.shape;
    JsonLine line =
        new JsonLine()
            .put("command", "train gpt")
            .put("rule", settings.rule.name())
            .put("seed", settings.seed);
    TrainLines.putDevice(line, choice.device())
        .put("preset", settings.preset)
        .put("vocabulary", shape.vocabulary())
        .put("context", shape.context())
        .put("stride", training().stride())
        .put("width", shape.width())
        .put("depth", shape.layers())
        .put("heads", shape.heads())
        .put("hidden", shape.hidden())
        .put("initial_weights", Arguments.word(settings.weights))
        .put("residual", Arguments.word(shape.residual()))
        .put("parameters", shape.parameters())
        .put("feedback", Arguments.word(settings.points))
        .put("projected", RuleOptions.projectedName(settings.rule))
        .put("subtract_batch_mean", RuleOptions.subtractsBatchMean(settings.rule))
        .put(settings.length.unit(), settings.length.count())
        .put("batch", settings.windows)
        .put("micro_batches", settings.microBatches)
        .put("clip_norm", settings.clipNorm)
        .put("optimizer", settings.optimizer)
        .putAll(settings.rate.settings())
        .put("early_stop", settings.patience)
        .put("data", data.label())
        .put("tokenizer_sha256", data.tokenizer().sha256())
        .put("training_tokens", training().tokens())
        .put("ended", TrainLines.name(trained.ending()))
        .put("steps_done", trained.steps())
        .put("tokens", trained.steps() * settings.tokensPerStep());
    if (measured != null) {
      line.put("train_loss_nats", trained.finalLoss())
          .put("heldout_loss_nats", measured.get(LOSS))
          .put("heldout_accuracy", measured.get(ACCURACY))
          .put("test_loss_nats", measured.get(TEST));
    }
    line.put("unigram_entropy_nats", unigramNats())
        .put("ln_vocabulary", uniformNats())
        .put("train_seconds", trained.seconds());
    return TrainLines.putOptics(line, engine, settings.rule, trained)
        .put("commit", Commit.current());
  }
}
