package dev.feedlight.bench.cli;

import dev.feedlight.nn.InitialWeights;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How large the first weights of a Transformer are. */
final class InitialWeightsOptions {
  private static final String NAME = "--initial-weights";

  @Option(
      names = NAME,
      paramLabel = "SIZE",
      description =
          "First weights: gpt2, normal with deviation 0.02; unit-variance, variance 1 / inputs and"
              + " embeddings of variance 1. Default: gpt2 of a GPT, unit-variance of a ViT.")
  private String weights;

  /** As the option says it. */
  static String name(InitialWeights weights) {
    return weights.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  InitialWeights orElse(InitialWeights byDefault) {
    if (weights == null) {
      return byDefault;
    }
    String one = Arguments.oneOf(NAME, List.of("gpt2", "unit-variance"), weights);
    return one.equals("gpt2") ? InitialWeights.GPT2 : InitialWeights.UNIT_VARIANCE;
  }
}
