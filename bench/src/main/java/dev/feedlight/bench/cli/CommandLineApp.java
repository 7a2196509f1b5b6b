package dev.feedlight.bench.cli;

import dev.feedlight.data.DataCatalog;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The tree of commands. */
public final class CommandLineApp {
  private CommandLineApp() {}

  /**
   * Runs a command.
   *
   * @param args arguments
   * @param streams where it writes
   * @param interruption tells it to end
   * @return the exit code
   */
  public static int run(String[] args, Streams streams, Interruption interruption) {
    return run(args, streams, interruption, DataCatalog.standard());
  }

  /**
   * Runs a command with other data sets to fetch.
   *
   * @param args arguments
   * @param streams where it writes
   * @param interruption tells it to end
   * @param catalog what {@code data list} and {@code data fetch} know
   * @return the exit code
   */
  public static int run(
      String[] args, Streams streams, Interruption interruption, DataCatalog catalog) {
    CommandLine commandLine = tree(streams, interruption, catalog);
    Failures failures = new Failures(streams, GlobalOptions.verbose(args));
    commandLine.setParameterExceptionHandler((e, _) -> failures.report(e, e.getCommandLine()));
    commandLine.setExecutionExceptionHandler((e, command, _) -> failures.report(e, command));
    try {
      return commandLine.execute(args);
    } catch (Error e) {
      return failures.report(e, commandLine);
    }
  }

  /**
   * The commands with their options, for help and for tests of it.
   *
   * @param streams where commands write
   * @return the root command
   */
  public static CommandLine tree(Streams streams) {
    return tree(streams, new Interruption(), DataCatalog.standard());
  }

  private static CommandLine tree(Streams streams, Interruption interruption, DataCatalog catalog) {
    CommandLine train =
        new CommandLine(new Group())
            .addSubcommand(new TrainMlpCommand(streams, interruption))
            .addSubcommand(new TrainGptCommand(streams, interruption))
            .addSubcommand(new TrainVitCommand(streams, interruption))
            .addSubcommand(new TrainFcnnCommand(streams, interruption));
    train.getCommandSpec().name("train");
    train.getCommandSpec().usageMessage().description("Train a network and measure it.");
    CommandLine commandLine =
        new CommandLine(root())
            .addSubcommand(train)
            .addSubcommand(new BenchCommand(streams))
            .addSubcommand(reproduce(streams, interruption))
            .addSubcommand(opu(streams))
            .addSubcommand(data(streams, catalog))
            .addSubcommand(tokenizer(streams))
            .addSubcommand(new GenerateCommand(streams))
            .addSubcommand(new SelftestCommand(streams))
            .addSubcommand(new DoctorCommand(streams))
            .addSubcommand(new BundleCommand(streams));
    commandLine.setOut(writer(streams.out()));
    commandLine.setErr(writer(streams.err()));
    commandLine.setUsageHelpWidth(100);
    commandLine.setUsageHelpLongOptionsMaxWidth(34);
    commandLine.setAbbreviatedOptionsAllowed(false);
    return commandLine;
  }

  private static CommandLine reproduce(Streams streams, Interruption interruption) {
    CommandLine reproduce =
        new CommandLine(new Group())
            .addSubcommand(new ReproduceFig2Command(streams, interruption))
            .addSubcommand(new ReproduceFig3Command(streams, interruption))
            .addSubcommand(new ReproduceOpticsCommand(streams));
    reproduce.getCommandSpec().name("reproduce");
    reproduce
        .getCommandSpec()
        .usageMessage()
        .description(
            "Run an experiment and write results.jsonl, summary.md and the pictures (PNG and SVG).")
        .footerHeading("%nExamples:%n")
        .footer(
            "  feedlight reproduce fig2 --out results",
            "  feedlight reproduce fig3 --out results",
            "  feedlight reproduce optics --out results");
    return reproduce;
  }

  private static CommandLine opu(Streams streams) {
    CommandLine opu =
        new CommandLine(new Group())
            .addSubcommand(new OpuProjectCommand(streams))
            .addSubcommand(new OpuSpeckleCommand(streams))
            .addSubcommand(new OpuQualityCommand(streams))
            .addSubcommand(new OpuBenchCommand(streams));
    opu.getCommandSpec().name("opu");
    opu.getCommandSpec()
        .usageMessage()
        .description(
            "The emulated optics by themselves: project vectors, look at speckle, measure.")
        .footerHeading("%nExamples:%n")
        .footer(
            "  feedlight opu project --input vectors.txt --outputs 2040",
            "  feedlight opu speckle --out results",
            "  feedlight opu quality --out results");
    return opu;
  }

  private static CommandLine data(Streams streams, DataCatalog catalog) {
    CommandLine data =
        new CommandLine(new Group())
            .addSubcommand(new DataListCommand(streams, catalog))
            .addSubcommand(new DataFetchCommand(streams, catalog));
    data.getCommandSpec().name("data");
    data.getCommandSpec()
        .usageMessage()
        .description("Data sets: what there is, and what is here; fetch and check them.")
        .footerHeading("%nExamples:%n")
        .footer("  feedlight data list", "  feedlight data fetch fashion-mnist");
    return data;
  }

  private static CommandLine tokenizer(Streams streams) {
    CommandLine tokenizer =
        new CommandLine(new Group()).addSubcommand(new TokenizerTrainCommand(streams));
    tokenizer.getCommandSpec().name("tokenizer");
    tokenizer
        .getCommandSpec()
        .usageMessage()
        .description("Tokenizers of language models.")
        .footerHeading("%nExamples:%n")
        .footer("  feedlight tokenizer train --out tokenizer.json");
    return tokenizer;
  }

  private static CommandSpec root() {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new Root());
    GlobalOptions.addTo(spec);
    return spec;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  @Command(
      name = "feedlight",
      versionProvider = Version.class,
      description = "Trains neural networks by optical direct feedback alignment, emulated.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  feedlight train mlp --rule odfa",
        "  feedlight train gpt --rule odfa",
        "  feedlight train vit --rule odfa",
        "  feedlight bench all --preset quick --out results",
        "  feedlight opu quality --out results",
        "  feedlight doctor",
        "",
        "Exit codes: 0 done, 1 failed while running, 2 wrong arguments or input, 130 interrupted."
      })
  private static final class Root extends Group {}

  /** A command that only has subcommands. */
  @Command(synopsisSubcommandLabel = "COMMAND")
  private static class Group implements Runnable {
    @CommandLine.Spec private CommandSpec spec;

    @Override
    public void run() {
      throw new ParameterException(
          spec.commandLine(),
          "which command? One of " + String.join(", ", spec.subcommands().keySet()));
    }
  }

  /** The version in the jar's manifest. */
  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = CommandLineApp.class.getPackage().getImplementationVersion();
      return new String[] {"feedlight " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
