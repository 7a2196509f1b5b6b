package dev.feedlight.bench.fig4;

import dev.feedlight.bench.plot.Fig4Figures;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.bench.results.ResultFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Draws Fig. 4 from the results that a folder holds: where they were measured there may be nothing
 * to draw with.
 */
public final class Fig4Drawing {
  private Fig4Drawing() {}

  /**
   * Draws every figure that there are lines for.
   *
   * @param directory with {@code results.jsonl}; the pictures go there
   * @return the files written, none if there are no lines of Fig. 4
   * @throws NoPicturesException if this Java cannot draw
   * @throws IOException if results cannot be read, or pictures not be written
   */
  public static List<Path> draw(Path directory) throws IOException {
    NoPicturesException.requireDrawing();
    ResultFile results = new ResultFile(directory.resolve("results.jsonl"));
    return new Fig4Figures(results.linesBeside(_ -> false), CellStore.model(directory))
        .write(directory);
  }
}
