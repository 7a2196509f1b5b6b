package dev.feedlight.bench.cli;

import dev.feedlight.nn.InitialWeights;
import picocli.CommandLine.Option;

/** How large the first weights of a Transformer are. */
final class InitialWeightsOptions {
  private static final String NAME = "--initial-weights";

  @Option(
      names = NAME,
      paramLabel = "SIZE",
      description =
          "First weights: unit-variance, variance 1 / inputs and embeddings of variance 1;"
              + " small-embeddings, the same with embeddings of deviation 0.02; gpt2, 0.02"
              + " everywhere. Default: small-embeddings of a GPT, unit-variance of a ViT.")
  private String weights;

  InitialWeights orElse(InitialWeights byDefault) {
    return weights == null ? byDefault : Arguments.constant(NAME, InitialWeights.class, weights);
  }
}
