package dev.feedlight.bench.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The training runs that a figure of the paper takes, in one folder; resumable. */
public interface FigureRun {
  /**
   * Refuses a folder with runs of other settings; writes nothing.
   *
   * @throws dev.feedlight.bench.results.RunFolderException if there are such
   * @throws IOException if the folder cannot be read
   */
  void check() throws IOException;

  /**
   * Prints what will be trained and how long that takes, on this machine as it is now.
   *
   * @throws IOException if runs that are there cannot be read
   */
  void plan() throws IOException;

  /**
   * Trains what is missing, and writes results, summary and pictures.
   *
   * @return files written; none if it was interrupted
   * @throws dev.feedlight.bench.results.RunFolderException as {@link #check}
   * @throws IOException if a file cannot be read or written
   * @throws dev.feedlight.bench.plot.NoPicturesException if this Java cannot draw; all else is
   *     written then
   */
  List<Path> run() throws IOException;
}
