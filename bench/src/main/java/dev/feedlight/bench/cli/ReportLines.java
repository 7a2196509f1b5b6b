package dev.feedlight.bench.cli;

import java.io.PrintStream;
import java.util.Locale;

/** Lines of a report, each with its name in front, as wide as in a calibration report. */
record ReportLines(PrintStream out) {
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  void print(String what, String format, Object... values) {
    out.println(
        String.format(Locale.ROOT, "%-11s ", what) + String.format(Locale.ROOT, format, values));
  }
}
