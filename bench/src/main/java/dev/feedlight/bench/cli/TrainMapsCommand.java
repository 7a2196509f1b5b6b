package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.ProgressPrinter;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.training.RunLength;
import dev.feedlight.learn.LearningRule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What {@code train vit} and {@code train fcnn} have in common: all but the network. */
@Command(abbreviateSynopsis = true, sortOptions = false, footerHeading = "%nExamples:%n")
abstract class TrainMapsCommand implements Callable<Integer> {
  private static final String EPOCHS = "--epochs";
  private static final String STEPS = "--steps";

  /** Passes where nothing else is said (ours). */
  private static final int DEFAULT_EPOCHS = 30;

  /** The presets, of both networks. */
  static final List<String> PRESETS = List.of("tiny", "medium", "paper");

  private final Streams streams;
  private final Interruption interruption;

  @Spec private CommandSpec spec;

  @Mixin private final RuleOptions ruleOptions = RuleOptions.ofNumbers();

  @Mixin private final MapDataOptions dataOptions = new MapDataOptions();

  @Option(
      names = EPOCHS,
      paramLabel = "N",
      description = "Passes over the training set. Default: " + DEFAULT_EPOCHS + ".")
  private Integer epochs;

  @Option(names = STEPS, paramLabel = "N", description = "In place of --epochs: steps of training.")
  private Long steps;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "8",
      description = "Examples per step. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Mixin private final GradientOptions gradientOptions = new GradientOptions();

  @Mixin private final OptimizerOptions optimizerOptions = OptimizerOptions.ofNumbers();

  @Mixin private final EarlyStopOptions earlyStopOptions = new EarlyStopOptions();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Of weights, feedback, optics, noise and the order of examples. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private final CheckpointOptions checkpointOptions = new CheckpointOptions();

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  @Mixin private final RunOptions runOptions = new RunOptions();

  TrainMapsCommand(Streams streams, Interruption interruption) {
    this.streams = streams;
    this.interruption = interruption;
  }

  /** The size that was asked for, one of {@link #PRESETS}. */
  abstract String preset();

  /** Extents of the maps that the preset is made for. */
  abstract MapData.Extents presetExtents();

  /** The network of the preset for such maps. */
  abstract MapModel model(CommandSpec command, LearningRule rule, MapData.Extents extents);

  @Override
  public Integer call() throws IOException {
    runOptions.check(spec);
    Arguments.oneOf("--preset", PRESETS, preset());
    LearningRule rule = ruleOptions.rule(spec);
    Arguments.atLeast("--batch", 1, batch);
    RunLength length = length();
    earlyStopOptions.check(
        spec,
        ClimateOptions.HOLD_BACK,
        "NAME:FIRST-LAST",
        "would choose by the years that are measured at the end");
    checkpointOptions.check(spec, runOptions.dryRun());
    EngineBuilder builder =
        DfaEngine.builder()
            .rule(rule)
            .optimizer(optimizerOptions.optimizer())
            .schedule(optimizerOptions.rate().schedule())
            .batch(batch)
            .seed(seed)
            .listener(new ProgressPrinter(streams.text(runOptions.json()), streams.terminal()));
    gradientOptions.configure(builder, rule, batch);
    try (DeviceChoice choice = deviceOptions.open()) {
      MapData data = dataOptions.load(spec, presetExtents(), seed);
      Arguments.wholeBatch(batch, data.split().training().size(), "examples of the training set");
      earlyStopOptions.configure(builder, data.split().test());
      MapModel model = model(spec, rule, data.extents());
      model.configure(builder.device(choice.device()).outputWeights(data.areas()));
      MapReport report = new MapReport(settings(rule, model, length), data, choice);
      if (runOptions.dryRun()) {
        report.printSettings(streams.out());
        report.printPlan(streams.out(), builder.memory());
        return Failures.DONE;
      }
      return train(builder, report, data, choice);
    }
  }

  private int train(EngineBuilder builder, MapReport report, MapData data, DeviceChoice choice)
      throws IOException {
    checkpointOptions.configure(builder, report.stepsPerEpoch());
    try (EventLog events = runOptions.eventLog(streams, checkpointOptions)) {
      TrainRun run =
          new TrainRun(
              new TrainRun.Outputs(
                  streams, runOptions.json(), interruption, checkpointOptions, null, events));
      run.listenTo(builder);
      try (DfaEngine engine = builder.build()) {
        report.about(engine);
        report.printSettings(streams.text(runOptions.json()));
        new TrainLines(streams.text(runOptions.json())).memory(engine);
        DataOptions.Loaded recorded = new DataOptions.Loaded(data.label(), data.split());
        return run.run(
            engine,
            report,
            () -> runOptions.runFile(spec, seed, RunRecord.data(recorded), choice, engine));
      }
    }
  }

  private MapReport.Settings settings(LearningRule rule, MapModel model, RunLength length) {
    return new MapReport.Settings(
        rule,
        preset(),
        model,
        length,
        batch,
        gradientOptions.microBatches(),
        gradientOptions.maxNorm(),
        earlyStopOptions.patience(),
        optimizerOptions.name(),
        optimizerOptions.rate(),
        seed);
  }

  private RunLength length() {
    if (steps == null) {
      int count = epochs == null ? DEFAULT_EPOCHS : epochs;
      return new RunLength.Epochs(Arguments.atLeast(EPOCHS, 1, count));
    }
    Arguments.refuse(spec, "with " + STEPS, List.of(EPOCHS));
    return new RunLength.Steps(Arguments.atLeast(STEPS, 1, steps));
  }
}
