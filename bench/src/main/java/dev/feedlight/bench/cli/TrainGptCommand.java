package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.GptModel;
import dev.feedlight.ProgressPrinter;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.training.GptData;
import dev.feedlight.bench.training.RunLength;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.GptShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train gpt}: a language model. */
@Command(
    name = "gpt",
    description = {
      "Train a GPT on a text by any of the four rules and measure its loss on text held out.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight train gpt --rule odfa",
      "  feedlight train gpt --rule bp --steps 300 --warm-up 50 --schedule cosine --json",
      "  feedlight train gpt --rule odfa --model model",
      "  feedlight train gpt --rule dfa --feedback macro --project output --test",
      "  feedlight train gpt --rule odfa --preset small --data cornell --data-dir corpus.zip"
          + " --epochs 2",
      "  feedlight train gpt --rule odfa --preset paper --optimizer sgd --dry-run",
      "  feedlight train gpt --rule odfa --checkpoint run1 --every 200 --out run1-log",
      "  feedlight train gpt --rule odfa --checkpoint run1 --every 200 --resume",
      "",
      "The loss is in nats per token. Choose settings by that of the validation part, which is"
          + " told",
      "at the end; --test also tells that of the test part, for a last look.",
      "With --checkpoint, Ctrl-C ends the run after a checkpoint (exit code 130), and --resume"
          + " goes",
      "on from it. The last line of standard output is one JSON object with --json."
    })
final class TrainGptCommand implements Callable<Integer> {
  private static final String EPOCHS = "--epochs";
  private static final String STEPS = "--steps";
  private static final String MODEL = "--model";

  /** Steps where nothing else is said (ours): minutes with preset tiny. */
  private static final long DEFAULT_STEPS = 1000;

  private final Streams streams;
  private final Interruption interruption;

  @Spec private CommandSpec spec;

  @Mixin private final RuleOptions ruleOptions = RuleOptions.ofTokens();

  @Mixin private final GptOptions gptOptions = new GptOptions();

  @Option(
      names = STEPS,
      paramLabel = "N",
      description = "Steps of training. Default: " + DEFAULT_STEPS + ".")
  private Long steps;

  @Option(
      names = EPOCHS,
      paramLabel = "N",
      description = "In place of --steps: passes over all training windows.")
  private Integer epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Windows per step. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Mixin private final GradientOptions gradientOptions = new GradientOptions();

  @Mixin private final OptimizerOptions optimizerOptions = OptimizerOptions.ofTokens();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Of weights, feedback, optics, noise and the order of windows. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--test", description = "Measure the test part too, once, at the end.")
  private boolean test;

  @Mixin private final AlignmentOptions alignmentOptions = new AlignmentOptions();

  @Mixin private final EarlyStopOptions earlyStopOptions = new EarlyStopOptions();

  @Option(
      names = MODEL,
      paramLabel = "DIR",
      description =
          "Write the trained model into DIR at the end, for generate and for PyTorch; there must be"
              + " nothing of that name yet. Default: none.")
  private Path model;

  @Mixin private final CheckpointOptions checkpointOptions = new CheckpointOptions();

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  @Mixin private final RunOptions runOptions = new RunOptions();

  TrainGptCommand(Streams streams, Interruption interruption) {
    this.streams = streams;
    this.interruption = interruption;
  }

  @Override
  public Integer call() throws IOException {
    runOptions.check(spec);
    if (runOptions.dryRun()) {
      Arguments.refuse(spec, "with --dry-run", List.of("--test", MODEL));
    }
    LearningRule rule = ruleOptions.rule(spec);
    gptOptions.check(spec, rule);
    Arguments.atLeast("--batch", 1, batch);
    earlyStopOptions.check(spec, EPOCHS, "counts epochs");
    GptReport.Settings settings = settings(rule);
    checkpointOptions.check(spec, runOptions.dryRun());
    requireModelFolder();
    EngineBuilder builder =
        DfaEngine.builder()
            .rule(rule)
            .optimizer(optimizerOptions.optimizer())
            .schedule(optimizerOptions.rate().schedule())
            .batch(batch)
            .seed(seed)
            .alignmentEvery(alignmentOptions.every(spec, rule, runOptions.dryRun()))
            .listener(new ProgressPrinter(streams.text(runOptions.json()), streams.terminal()));
    gradientOptions.configure(builder, rule, batch);
    try (DeviceChoice choice = deviceOptions.open()) {
      GptData data = gptOptions.load(spec);
      Arguments.wholeBatch(batch, data.training().size(), "windows of the training part");
      builder
          .device(choice.device())
          .gpt(settings.shape(), settings.points(), data.tokenizer())
          .initialWeights(settings.weights());
      GptReport report = new GptReport(settings, data, choice, model);
      if (runOptions.dryRun()) {
        report.printSettings(streams.out());
        report.printPlan(streams.out(), builder.memory());
        return Failures.DONE;
      }
      checkpointOptions.configure(builder, report.stepsPerEpoch());
      earlyStopOptions.configure(builder, data.heldOut().windows());
      AlignmentCurves curves = curves(settings, data, choice);
      try (EventLog events = runOptions.eventLog(streams, checkpointOptions)) {
        TrainRun run =
            new TrainRun(
                new TrainRun.Outputs(
                    streams, runOptions.json(), interruption, checkpointOptions, curves, events));
        run.listenTo(builder);
        try (DfaEngine engine = builder.build()) {
          report.about(engine);
          report.printSettings(streams.text(runOptions.json()));
          new TrainLines(streams.text(runOptions.json())).memory(engine);
          return run.run(
              engine, report, () -> runOptions.runFile(spec, seed, data.record(), choice, engine));
        }
      }
    }
  }

  private AlignmentCurves curves(GptReport.Settings settings, GptData data, DeviceChoice choice)
      throws IOException {
    GptShape shape = settings.shape();
    return alignmentOptions.curves(
        new AlignmentCurves.Run(
            "gpt",
            data.label(),
            shape.layers() + " layers of width " + shape.width(),
            settings.rule(),
            settings.optimizer(),
            settings.rate(),
            shape.layers(),
            batch,
            settings.tokensPerStep() / settings.microBatches(),
            seed,
            choice.device()),
        runOptions.directory());
  }

  private GptReport.Settings settings(LearningRule rule) {
    return new GptReport.Settings(
        rule,
        gptOptions.preset(),
        gptOptions.shape(),
        gptOptions.points(),
        gptOptions.initialWeights(),
        length(),
        batch,
        gradientOptions.microBatches(),
        gradientOptions.maxNorm(),
        optimizerOptions.name(),
        optimizerOptions.rate(),
        earlyStopOptions.patience(),
        test,
        seed);
  }

  /** A run of hours must not end at a name. */
  private void requireModelFolder() throws IOException {
    if (model == null) {
      return;
    }
    GptModel.requireWritable(model);
    requireOutside("--checkpoint", checkpointOptions.directory());
    requireOutside("--out", runOptions.directory());
  }

  private void requireOutside(String option, Path directory) {
    if (directory != null && absolute(directory).startsWith(absolute(model))) {
      throw new UsageException(
          option
              + " "
              + directory
              + " must not lie in "
              + MODEL
              + " "
              + model
              + ", which holds the model alone");
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private RunLength length() {
    if (epochs == null) {
      long count = steps == null ? DEFAULT_STEPS : Arguments.atLeast(STEPS, 1, steps);
      return new RunLength.Steps(count);
    }
    Arguments.refuse(spec, "with " + EPOCHS, List.of(STEPS));
    return new RunLength.Epochs(Arguments.atLeast(EPOCHS, 1, epochs));
  }
}
