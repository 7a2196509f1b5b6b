package dev.feedlight.bench.cli;

import dev.feedlight.nn.InitialWeights;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How large the first weights of a Transformer are. */
final class InitialWeightsOptions {
  private static final String NAME = "--initial-weights";
  private static final List<String> NAMES =
      Stream.of(InitialWeights.values()).map(InitialWeightsOptions::name).toList();

  @Option(
      names = NAME,
      paramLabel = "SIZE",
      description =
          "First weights: unit-variance, variance 1 / inputs and embeddings of variance 1;"
              + " small-embeddings, the same with embeddings of deviation 0.02; gpt2, 0.02"
              + " everywhere. Default: small-embeddings of a GPT, unit-variance of a ViT.")
  private String weights;

  /** As the option says it. */
  static String name(InitialWeights weights) {
    return weights.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  InitialWeights orElse(InitialWeights byDefault) {
    if (weights == null) {
      return byDefault;
    }
    String one = Arguments.oneOf(NAME, NAMES, weights);
    return InitialWeights.valueOf(one.replace('-', '_').toUpperCase(Locale.ROOT));
  }
}
