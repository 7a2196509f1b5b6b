package dev.feedlight.bench.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** Options that every command has. */
final class GlobalOptions {
  private static final String VERBOSE = "--verbose";

  private GlobalOptions() {}

  static void addTo(CommandSpec root) {
    root.addOption(inherited(VERBOSE).description("Print the stack trace of a failure.").build());
    root.addOption(
        inherited("-h", "--help").usageHelp(true).description("Show this help.").build());
    root.addOption(
        inherited("-V", "--version").versionHelp(true).description("Show the version.").build());
  }

  private static OptionSpec.Builder inherited(String... names) {
    return OptionSpec.builder(names).type(boolean.class).scopeType(ScopeType.INHERIT);
  }

  /** Looked up before parsing, so that a failure to parse has its stack trace too. */
  static boolean verbose(String[] args) {
    return List.of(args).contains(VERBOSE);
  }
}
