package dev.feedlight.bench.cli;

import dev.feedlight.EarlyStopping;
import dev.feedlight.EngineBuilder;
import dev.feedlight.data.Examples;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a run ends before its last epoch. */
final class EarlyStopOptions {
  private static final String NAME = "--early-stop";

  @Option(
      names = NAME,
      paramLabel = "EPOCHS",
      description =
          "End when the loss on what is held back (--hold-back N; of a text the validation part,"
              + " with --epochs) has not become lower for so many epochs. Default: never.")
  private Integer patience;

  /**
   * Checks the option.
   *
   * @param needed option without which it makes no sense
   * @param why what is missing then
   */
  void check(CommandSpec spec, String needed, String why) {
    if (patience == null) {
      return;
    }
    Arguments.atLeast(NAME, 1, patience);
    if (!spec.commandLine().getParseResult().hasMatchedOption(needed)) {
      throw new UsageException(NAME + " " + why + ": give " + needed + " N");
    }
  }

  void configure(EngineBuilder builder, Examples heldOut) {
    if (patience != null) {
      builder.earlyStopping(new EarlyStopping(heldOut, patience, 0));
    }
  }

  /** Epochs without progress, or null. */
  Integer patience() {
    return patience;
  }
}
