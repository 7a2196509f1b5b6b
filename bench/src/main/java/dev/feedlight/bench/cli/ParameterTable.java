package dev.feedlight.bench.cli;

import java.io.PrintStream;
import java.util.Locale;

/**
 * What a network's parameters are made of, for {@code --dry-run}.
 *
 * @param out where to
 */
record ParameterTable(PrintStream out) {
  /** Prints the head of the table. */
  void begin() {
    out.println();
    row("parameters", "", "each", "all");
  }

  /** Equal parts. */
  void row(String what, long count, long each) {
    row(what, count + " x", number(each), number(count * each));
  }

  /** One part, or a sum. */
  void row(String what, long all) {
    row(what, "", "", number(all));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private void row(String what, String count, String each, String all) {
    out.println(
        String.format(Locale.ROOT, "  %-24s %6s %14s %16s", what, count, each, all)
            .stripTrailing());
  }
}
