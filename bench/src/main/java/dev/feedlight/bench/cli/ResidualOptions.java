package dev.feedlight.bench.cli;

import dev.feedlight.nn.Residual;
import picocli.CommandLine.Option;

/** How the sub-layers of a Transformer are added. */
final class ResidualOptions {
  private static final String NAME = "--residual";

  @Option(
      names = NAME,
      paramLabel = "SUM",
      defaultValue = "standardized",
      description =
          "How attention and MLP are added: standardized, to mean 0 and variance 1 for each token;"
              + " plain, as they are, as in GPT-2, where direct feedback learns badly. Default:"
              + " ${DEFAULT-VALUE}.")
  private String residual;

  Residual residual() {
    return Arguments.constant(NAME, Residual.class, residual);
  }
}
