package dev.feedlight.bench.results;

import java.util.Locale;

/** Sentences and rows of summaries, in Markdown. */
public final class Prose {
  private Prose() {}

  /** Text with values in it, numbers with a point whatever the country. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  public static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** A line of a list: whether what was wanted holds. */
  public static String verdict(String what, boolean holds) {
    return "- " + what + ": " + (holds ? "yes" : "NO") + "\n";
  }

  /** A row of a table. */
  public static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /** A constant as one says it. */
  public static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** A record as it prints itself, without the brackets of one that has no parts. */
  public static String plain(Object setting) {
    return setting.toString().replace("[]", "");
  }
}
