package dev.feedlight.bench.cli;

import dev.feedlight.bench.training.GptData;
import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TextCorpus;
import dev.feedlight.data.text.TextSplit;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which GPT, where it takes its feedback, and the text that it learns. */
final class GptOptions {
  @Option(
      names = "--preset",
      paramLabel = "SIZE",
      defaultValue = "tiny",
      description =
          "tiny: 1.6 million parameters, minutes on a processor; small: 18 million; paper: the"
              + " 1.07 billion of the paper. Default: ${DEFAULT-VALUE}.")
  private String preset;

  @Mixin private final FeedbackOptions feedbackOptions = new FeedbackOptions();

  @Mixin private final ResidualOptions residualOptions = new ResidualOptions();

  @Mixin private final InitialWeightsOptions initialWeightsOptions = new InitialWeightsOptions();

  @Mixin private final TextOptions textOptions = new TextOptions();

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "A tokenizer.json with the vocabulary of the preset, 1016 tokens. Default: one is trained"
              + " on the training part of the text.")
  private Path tokenizer;

  @Option(
      names = "--split-seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Which conversations are training, validation and test part. Default: ${DEFAULT-VALUE}.")
  private long splitSeed;

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "24",
      description = "Tokens of a window. Default: ${DEFAULT-VALUE}, the paper's.")
  private int context;

  @Option(
      names = "--stride",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Tokens from one training window to the next. Default: ${DEFAULT-VALUE}, the paper's.")
  private int stride;

  @Option(
      names = "--held-out-windows",
      paramLabel = "N",
      defaultValue = "1024",
      description =
          "Windows of the validation part that are measured, at most; they do not overlap. Default:"
              + " ${DEFAULT-VALUE}.")
  private int heldOutWindows;

  String preset() {
    return Arguments.oneOf("--preset", List.of("tiny", "small", "paper"), preset);
  }

  GptShape shape() {
    GptShape shape =
        switch (preset()) {
          case "small" -> GptShape.SMALL;
          case "paper" -> GptShape.PAPER;
          default -> GptShape.TINY;
        };
    return shape
        .withContext(Arguments.atLeast("--context", 1, context))
        .withResidual(residualOptions.residual());
  }

  /** Refuses what has no effect with a rule. */
  void check(CommandSpec spec, LearningRule rule) {
    feedbackOptions.check(spec, rule);
  }

  FeedbackPoints points() {
    return feedbackOptions.points();
  }

  InitialWeights initialWeights() {
    return initialWeightsOptions.orElse(InitialWeights.SMALL_EMBEDDINGS);
  }

  GptData load(CommandSpec spec) throws IOException {
    Arguments.atLeast("--context", 1, context);
    Arguments.atLeast("--stride", 1, stride);
    Arguments.atLeast("--held-out-windows", 1, heldOutWindows);
    TextCorpus corpus = textOptions.load(spec);
    TextSplit split = TextSplit.of(corpus, splitSeed);
    return GptData.of(corpus, split, tokenizer(split), context, stride, heldOutWindows);
  }

  private BytePairTokenizer tokenizer(TextSplit split) throws IOException {
    int vocabulary = Math.toIntExact(shape().vocabulary());
    return tokenizer == null
        ? BytePairTokenizer.train(split.training(), vocabulary)
        : BytePairTokenizer.read(tokenizer).requireVocabulary(vocabulary, tokenizer.toString());
  }
}
