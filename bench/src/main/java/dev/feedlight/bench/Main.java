package dev.feedlight.bench;

import dev.feedlight.bench.cli.CommandLineApp;
import dev.feedlight.bench.cli.Streams;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong arguments or input, 130 interrupted. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and ends the JVM with its exit code. An interrupt (Ctrl-C) ends it with 130, as
   * the JVM does by itself.
   *
   * @param args arguments, see {@code --help}
   */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    AtomicBoolean finished = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!finished.get()) {
                    System.err.println("\nfeedlight: interrupted");
                  }
                }));
    int code = CommandLineApp.run(args, Streams.ofProcess());
    finished.set(true);
    System.exit(code);
  }

  /**
   * Runs a command within this JVM, as if nobody watched.
   *
   * @param args arguments, see {@code --help}
   * @param out standard output
   * @param err standard error
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return CommandLineApp.run(args, new Streams(out, err, false));
  }
}
