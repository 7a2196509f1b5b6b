package dev.feedlight.bench.cli;

import dev.feedlight.data.DownloadListener;
import dev.feedlight.data.RemoteFile;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows how a fetch goes: a line per event, and on a terminal the bytes so far, drawn over. */
final class FetchPrinter implements DownloadListener {
  private static final double REFRESH_SECONDS = 0.1;
  private static final String ERASE_LINE = "\r\033[K";

  private final PrintStream out;
  private final boolean terminal;
  private final List<String> fetched = new ArrayList<>();
  private RemoteFile current;
  private double start;
  private double lastShown;

  FetchPrinter(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Names of the files that came, in order. */
  List<String> fetched() {
    return List.copyOf(fetched);
  }

  @Override
  public void onProgress(RemoteFile file, long done) {
    double now = System.nanoTime() * 1e-9;
    if (!file.equals(current)) {
      current = file;
      start = now;
      lastShown = Double.NEGATIVE_INFINITY;
      out.println(
          String.format(
              Locale.ROOT,
              "fetching  %s, %s%s",
              file.name(),
              megabytes(file.bytes()),
              done > 0 ? ", goes on after " + done + " bytes" : ""));
    }
    if (terminal && now - lastShown >= REFRESH_SECONDS) {
      lastShown = now;
      out.print(String.format(Locale.ROOT, "\r          %3.0f %% ", 100.0 * done / file.bytes()));
      out.flush();
    }
  }

  @Override
  public void onFailedAttempt(RemoteFile file, URI url, String what, Duration pause) {
    line(
        "failed    "
            + url
            + ": "
            + what
            + (pause.isZero() ? "" : "; again in " + pause.toMillis() / 1000.0 + " s"));
  }

  @Override
  public void onPresent(RemoteFile file, Path path) {
    line("present   " + file.name() + ", checksum right");
  }

  @Override
  public void onFetched(RemoteFile file, Path path) {
    fetched.add(file.name());
    // None went before it if an earlier run had ended between the last byte and the check.
    double seconds = file.equals(current) ? System.nanoTime() * 1e-9 - start : 0;
    line(String.format(Locale.ROOT, "fetched   %s, checksum right, %.1f s", file.name(), seconds));
  }

  /** Leaves the cursor at the start of a line, however the fetch ended. */
  void end() {
    if (terminal) {
      out.print(ERASE_LINE);
      out.flush();
    }
  }

  private void line(String text) {
    end();
    out.println(text);
  }

  static String megabytes(long bytes) {
    return bytes < 100_000 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f MB", bytes * 1e-6);
  }
}
