package dev.feedlight.bench.fig3;

import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.bench.results.CurveFile;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.training.FigureRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes what the runs came to. */
final class Fig3Report implements FigureRun.Report {
  private final Fig3Request request;
  private final ResultFile results;
  private final CurveFile curves;

  Fig3Report(Fig3Request request) {
    this.request = request;
    this.results = new ResultFile(request.directory().resolve("results.jsonl"));
    this.curves = new CurveFile(request.directory().resolve("curves.jsonl"));
  }

  @Override
  public void requireReadable() throws IOException {
    others();
    curves.linesOfOthers(Fig3Run.EXPERIMENT);
  }

  private List<ResultLine> others() throws IOException {
    return results.linesBeside(line -> line.experiment().equals(Fig3Run.EXPERIMENT));
  }

  @Override
  public List<Path> write() throws IOException {
    Fig3Outcomes outcomes = new Fig3Outcomes(request);
    Fig3Lines lines = new Fig3Lines(request, outcomes);
    List<ResultLine> own = lines.results();
    curves.replace(Fig3Run.EXPERIMENT, lines.curves());
    List<ResultLine> all = new ArrayList<>(others());
    all.addAll(own);
    results.write(all);
    Path summary = request.directory().resolve("summary.md");
    new Fig3Summary(request, outcomes).write(summary, own);
    List<Path> files = new ArrayList<>(List.of(curves.path(), results.path(), summary));
    NoPicturesException.requireDrawing();
    files.addAll(new Fig3Figures(request, outcomes).write(request.directory()));
    return files;
  }
}
