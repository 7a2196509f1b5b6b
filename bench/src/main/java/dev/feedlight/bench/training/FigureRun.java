package dev.feedlight.bench.training;

import dev.feedlight.bench.results.RunSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The training runs that a figure of the paper takes, in one folder; resumable. */
public abstract class FigureRun {
  private final PrintStream out;

  /** Prepares it; plan and progress are printed. */
  protected FigureRun(PrintStream out) {
    this.out = out;
  }

  /** What is written when all runs have ended. */
  public interface Report {
    /** Fails if lines of other experiments that will be kept cannot be read. */
    void requireReadable() throws IOException;

    /** Writes all files, the pictures last. */
    List<Path> write() throws IOException;
  }

  /** All that decides what a run comes to, but for its curve and its seed. */
  protected abstract RunSettings settings();

  /** The runs in the order in which they are made. */
  protected abstract List<? extends ResumableRun> runs(PrintStream progress);

  /** Of these runs. */
  protected abstract Report report();

  /**
   * Prints what will be trained and how long that takes, on this machine as it is now.
   *
   * @throws IOException if runs that are there cannot be read
   */
  public abstract void plan() throws IOException;

  /** A line of the plan. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  protected final void line(String what, String format, Object... values) {
    out.printf(Locale.ROOT, "%-9s %s%n", what, String.format(Locale.ROOT, format, values));
  }

  /**
   * Refuses a folder with runs of other settings; writes nothing.
   *
   * @throws dev.feedlight.bench.results.RunFolderException if there are such
   * @throws IOException if the folder cannot be read
   */
  public final void check() throws IOException {
    settings().check();
  }

  /**
   * Trains what is missing, and writes results, summary and pictures.
   *
   * @return files written; none if it was interrupted
   * @throws dev.feedlight.bench.results.RunFolderException as {@link #check}
   * @throws IOException if a file cannot be read or written
   * @throws dev.feedlight.bench.plot.NoPicturesException if this Java cannot draw; all else is
   *     written then
   */
  public final List<Path> run() throws IOException {
    check();
    Report report = report();
    // Refused before hours of training, not after.
    report.requireReadable();
    settings().write();
    for (ResumableRun run : runs(out)) {
      if (!run.run()) {
        return List.of();
      }
    }
    return report.write();
  }
}
