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
          "End when the loss on what is held back (--hold-back; of a text the validation part,"
              + " with --epochs) has not become lower for so many epochs. Default: never.")
  private Integer patience;

  /**
   * Checks the option.
   *
   * @param needed option without which it makes no sense
   * @param why what is missing then
   */
  void check(CommandSpec spec, String needed, String why) {
    check(spec, needed, "N", why);
  }

  /** The same, where the value of the other option is not a number. */
  void check(CommandSpec spec, String needed, String value, String why) {
    if (patience == null) {
      return;
    }
    Arguments.atLeast(NAME, 1, patience);
    if (!spec.commandLine().getParseResult().hasMatchedOption(needed)) {
      throw new UsageException(NAME + " " + why + ": give " + needed + " " + value);
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
