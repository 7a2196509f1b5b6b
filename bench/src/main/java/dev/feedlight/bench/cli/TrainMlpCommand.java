package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.MemoryEstimate;
import dev.feedlight.ProgressPrinter;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.device.DeviceRates;
import dev.feedlight.data.Dataset;
import dev.feedlight.device.Activation;
import dev.feedlight.learn.LearningRule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train mlp}: a network of dense blocks. */
@Command(
    name = "mlp",
    description = {
      "Train a multilayer perceptron by any of the four rules and measure it on the test set.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight train mlp --rule odfa",
      "  feedlight train mlp --rule dfa --data-dir fashion-mnist --hidden 1024,1024 --epochs 10",
      "  feedlight train mlp --rule odfa --bits 10 --ternary rms:0.6 --noise off --json",
      "  feedlight train mlp --rule bp --hidden 512 --dry-run",
      "  feedlight train mlp --rule dfa --alignment 20 --alignment-out results",
      "  feedlight train mlp --rule dfa --epochs 100 --checkpoint run1 --every 500 --out run1-log",
      "  feedlight train mlp --rule dfa --epochs 100 --checkpoint run1 --every 500 --resume",
      "  feedlight train mlp --rule odfa --hold-back 1500 --early-stop 3",
      "",
      "With --checkpoint, Ctrl-C ends the run after a checkpoint (exit code 130), and --resume"
          + " goes",
      "on from it; a second Ctrl-C ends it at once.",
      "The last line of standard output is one JSON object with --json; all else then goes to",
      "standard error. Options that would have no effect are refused."
    })
final class TrainMlpCommand implements Callable<Integer> {
  private final Streams streams;
  private final Interruption interruption;

  @Spec private CommandSpec spec;

  @Mixin private final RuleOptions ruleOptions = RuleOptions.ofNumbers();

  @Mixin private final DataOptions dataOptions = new DataOptions();

  @Option(
      names = "--hidden",
      paramLabel = "WIDTH",
      split = ",",
      defaultValue = "1024,1024",
      description = "Widths of the hidden blocks. Default: ${DEFAULT-VALUE}.")
  private List<Integer> hidden;

  @Mixin private final ActivationOptions activationOptions = new ActivationOptions();

  @Option(
      names = "--dropout",
      paramLabel = "RATE",
      defaultValue = "0",
      description =
          "Drop outputs of the hidden blocks at this rate while training. Default:"
              + " ${DEFAULT-VALUE}.")
  private double dropout;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Passes over the training set. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "Samples per step. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Mixin private final GradientOptions gradientOptions = new GradientOptions();

  @Mixin private final OptimizerOptions optimizerOptions = OptimizerOptions.ofNumbers();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Of weights, feedback, optics, noise, masks and the order of examples. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private final AlignmentOptions alignmentOptions = new AlignmentOptions();

  @Mixin private final CheckpointOptions checkpointOptions = new CheckpointOptions();

  @Mixin private final EarlyStopOptions earlyStopOptions = new EarlyStopOptions();

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  @Mixin private final RunOptions runOptions = new RunOptions();

  TrainMlpCommand(Streams streams, Interruption interruption) {
    this.streams = streams;
    this.interruption = interruption;
  }

  @Override
  public Integer call() throws IOException {
    runOptions.check(spec);
    boolean dryRun = runOptions.dryRun();
    boolean json = runOptions.json();
    LearningRule rule = ruleOptions.rule(spec);
    hidden.forEach(width -> Arguments.atLeast("--hidden", 1, width));
    Arguments.atLeast("--epochs", 1, epochs);
    Arguments.atLeast("--batch", 1, batch);
    earlyStopOptions.check(spec, "--hold-back", "needs examples to measure on");
    checkpointOptions.check(spec, dryRun);
    EngineBuilder builder =
        DfaEngine.builder()
            .rule(rule)
            .optimizer(optimizerOptions.optimizer())
            .schedule(optimizerOptions.rate().schedule())
            .batch(batch)
            .dropout(Arguments.fraction("--dropout", dropout))
            .seed(seed)
            .alignmentEvery(alignmentOptions.every(spec, rule, dryRun))
            .listener(new ProgressPrinter(streams.text(json), streams.terminal()));
    gradientOptions.configure(builder, rule, batch);
    Activation hiddenActivation = activationOptions.activation();
    try (DeviceChoice choice = deviceOptions.open()) {
      DataOptions.Loaded data = dataOptions.load(spec, seed);
      Dataset examples = data.split().training();
      Arguments.wholeBatch(batch, examples.size(), "examples of the training set");
      builder.device(choice.device()).inputs(examples.inputs());
      hidden.forEach(width -> builder.dense(width, hiddenActivation));
      builder.dense(examples.outputs(), Activation.IDENTITY);
      checkpointOptions.configure(builder, examples.size() / batch);
      earlyStopOptions.configure(builder, data.split().test());
      MemoryEstimate estimate = builder.memory();
      if (dryRun && !estimate.fits(choice.device().memory())) {
        new TrainLines(streams.out())
            .memory(estimate, choice.device().memory(), "does not fit, so there is no plan");
        return Failures.DONE;
      }
      AlignmentCurves curves = curves(rule, data, choice);
      try (EventLog events = runOptions.eventLog(streams, checkpointOptions)) {
        TrainRun run =
            new TrainRun(
                new TrainRun.Outputs(
                    streams, json, interruption, checkpointOptions, curves, events));
        run.listenTo(builder);
        try (DfaEngine engine = builder.build()) {
          MlpReport report = new MlpReport(settings(rule), data, choice, engine);
          report.printSettings(streams.text(json));
          if (dryRun) {
            new TrainLines(streams.out()).plan(engine, DeviceRates.measure(choice.device()));
            return Failures.DONE;
          }
          new TrainLines(streams.text(json)).memory(engine);
          return run.run(
              engine,
              report,
              () -> runOptions.runFile(spec, seed, RunRecord.data(data), choice, engine));
        }
      }
    }
  }

  private AlignmentCurves curves(LearningRule rule, DataOptions.Loaded data, DeviceChoice choice)
      throws IOException {
    Dataset examples = data.split().training();
    return alignmentOptions.curves(
        new AlignmentCurves.Run(
            "mlp",
            data.label(),
            examples.inputs()
                + "-"
                + hiddenText()
                + "-"
                + examples.outputs()
                + " "
                + activationOptions.name(),
            rule,
            optimizerOptions.name(),
            optimizerOptions.rate(),
            hidden.size(),
            batch,
            batch / gradientOptions.microBatches(),
            seed,
            choice.device()),
        runOptions.directory());
  }

  /** Many equal widths are counted. */
  private String hiddenText() {
    return hidden.size() > 3 && hidden.stream().distinct().count() == 1
        ? hidden.getFirst() + "\u00D7" + hidden.size()
        : hidden.stream().map(String::valueOf).collect(Collectors.joining("-"));
  }

  private MlpReport.Settings settings(LearningRule rule) {
    return new MlpReport.Settings(
        rule,
        hidden,
        activationOptions.name(),
        epochs,
        batch,
        gradientOptions.microBatches(),
        gradientOptions.maxNorm(),
        dropout,
        optimizerOptions.name(),
        optimizerOptions.rate(),
        earlyStopOptions.patience(),
        seed);
  }
}
