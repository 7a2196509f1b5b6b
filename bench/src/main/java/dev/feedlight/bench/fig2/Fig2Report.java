package dev.feedlight.bench.fig2;

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
final class Fig2Report implements FigureRun.Report {
  private final Fig2Request request;
  private final ResultFile results;
  private final CurveFile curves;
  private final CurveFile samples;

  Fig2Report(Fig2Request request) {
    this.request = request;
    this.results = new ResultFile(request.directory().resolve("results.jsonl"));
    this.curves = new CurveFile(request.directory().resolve("curves.jsonl"));
    this.samples = new CurveFile(request.directory().resolve("samples.jsonl"));
  }

  @Override
  public void requireReadable() throws IOException {
    others();
    curves.linesOfOthers(Fig2Run.EXPERIMENT);
    samples.linesOfOthers(Fig2Run.EXPERIMENT);
  }

  private List<ResultLine> others() throws IOException {
    return results.linesBeside(line -> line.experiment().equals(Fig2Run.EXPERIMENT));
  }

  @Override
  public List<Path> write() throws IOException {
    Fig2Outcomes outcomes = new Fig2Outcomes(request);
    Fig2Lines lines = new Fig2Lines(request, outcomes);
    List<ResultLine> own = lines.results();
    curves.replace(Fig2Run.EXPERIMENT, lines.curves());
    samples.replace(Fig2Run.EXPERIMENT, lines.samples());
    List<ResultLine> all = new ArrayList<>(others());
    all.addAll(own);
    results.write(all);
    Path summary = request.directory().resolve("summary.md");
    new Fig2Summary(request, outcomes).write(summary, own);
    List<Path> files =
        new ArrayList<>(List.of(curves.path(), samples.path(), results.path(), summary));
    NoPicturesException.requireDrawing();
    files.addAll(new Fig2Figures(request, outcomes).write(request.directory()));
    return files;
  }
}
