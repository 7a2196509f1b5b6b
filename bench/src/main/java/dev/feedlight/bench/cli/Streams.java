package dev.feedlight.bench.cli;

import java.io.Console;
import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err complaints; with {@code --json} also what {@code out} gets otherwise
 * @param terminal whether a person watches, so that lines may be drawn over
 */
public record Streams(PrintStream out, PrintStream err, boolean terminal) {
  /**
   * The streams of this process.
   *
   * @return standard output and error; a person watches if both ends of the console are a terminal
   */
  @SuppressWarnings("SystemConsoleNull") // JDK 22 to 24 never give null, JDK 25 does without one
  public static Streams ofProcess() {
    Console console = System.console();
    return new Streams(System.out, System.err, console != null && console.isTerminal());
  }

  /**
   * Where progress and text go.
   *
   * @param json whether {@code out} is kept for one JSON object
   * @return a stream
   */
  PrintStream text(boolean json) {
    return json ? err : out;
  }
}
