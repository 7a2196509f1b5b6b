package dev.feedlight.bench.cli;

import dev.feedlight.EngineBuilder;
import dev.feedlight.learn.LearningRule;
import picocli.CommandLine.Option;

/** What happens to gradients before they change weights. */
final class GradientOptions {
  @Option(
      names = "--accumulate",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Split the batch into K passes and add up their gradients: less memory for activations,"
              + " more for gradients. Default: ${DEFAULT-VALUE}.")
  private int microBatches;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description =
          "Scale the gradient of all parameters down to NORM where it is larger. Default: off.")
  private Double maxNorm;

  /** Checks the options and passes them on. */
  void configure(EngineBuilder builder, LearningRule rule, int batch) {
    Arguments.atLeast("--accumulate", 1, microBatches);
    if (batch % microBatches != 0) {
      throw new UsageException(
          "--batch must be a multiple of --accumulate "
              + microBatches
              + ", not "
              + batch
              + " ("
              + batch % microBatches
              + " left over)");
    }
    if (microBatches > 1 && rule.needsWholeBatch()) {
      throw new UsageException(
          "--accumulate "
              + microBatches
              + " splits the batch whose mean --subtract-batch-mean takes out: leave one of the two"
              + " out, or give --subtract-batch-mean off");
    }
    builder.accumulate(microBatches);
    if (maxNorm != null) {
      builder.clipGlobalNorm(Arguments.positive("--clip", maxNorm));
    }
  }

  int microBatches() {
    return microBatches;
  }

  /** The largest norm, or null. */
  Double maxNorm() {
    return maxNorm;
  }
}
