package dev.feedlight.bench.fig3;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.NoteFile;
import dev.feedlight.bench.training.ResumableRun;
import dev.feedlight.data.climate.ClimateData;
import dev.feedlight.data.climate.ClimateDataset;
import dev.feedlight.data.climate.ClimateMetrics;
import dev.feedlight.opu.FrameLog;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One run of a curve: its error is measured at equal distances, its maps are kept at the end. */
final class MapRun extends ResumableRun {
  private final Fig3Request request;
  private final Fig3Curve curve;
  private final long seed;
  private NoteFile<MapNote> notes;

  MapRun(Fig3Request request, Fig3Curve curve, long seed, PrintStream out) {
    super(
        new Place(
            String.format(Locale.ROOT, "%-11s seed %d", curve.id(), seed),
            request.folder(curve.id(), seed),
            request.preset().length(),
            request.steps(),
            request.data().climate().training(),
            request.stop(),
            out));
    this.request = request;
    this.curve = curve;
    this.seed = seed;
  }

  /** What a run is known by. */
  static NoteFile<MapNote> notes(Fig3Request request, Fig3Curve curve, long seed)
      throws IOException {
    return NoteFile.read(MapNote.class, request.folder(curve.id(), seed));
  }

  @Override
  protected boolean hasEnded() throws IOException {
    notes = notes(request, curve, seed);
    return notes.all(MapNote.End.class).findFirst().isPresent();
  }

  @Override
  protected EngineBuilder builder() {
    return request.engine(curve, seed);
  }

  @Override
  protected void goOn(long step) throws IOException {
    notes.goOn(step);
  }

  @Override
  protected void pause(long step, Progress at) throws IOException {
    notes.add(new MapNote.Pause(step, at));
  }

  @Override
  protected Progress paused(long step) {
    return notes
        .all(MapNote.Pause.class)
        .filter(note -> note.step() == step)
        .map(MapNote.Pause::progress)
        .findFirst()
        .orElse(null);
  }

  @Override
  protected void point(long step, Progress at) throws IOException {
    ClimateData climate = request.data().climate();
    double train = Math.sqrt(at.meanLoss()) * climate.targetScale();
    double test = engine().evaluate(climate.test()).rmse() * climate.targetScale();
    notes.add(new MapNote.Point(step, train, test, at.seconds()));
    tell(
        "step %,6d of %,d  training RMSE %s, test %.4f %s  %.0f s",
        step,
        request.steps(),
        Double.isNaN(train) ? "     -" : String.format(Locale.ROOT, "%.4f", train),
        test,
        request.data().target().unit(),
        at.seconds());
  }

  @Override
  protected void end(Progress at) throws IOException {
    double[] predicted = predict(engine(), request.data().climate());
    ClimateMetrics metrics = request.data().metrics(predicted);
    List<Float> last = new ArrayList<>();
    for (double value : request.data().last(predicted)) {
      last.add((float) value);
    }
    FrameLog frames = engine().frameLog();
    notes.add(
        new MapNote.End(
            request.steps(),
            metrics.rmse(),
            metrics.spatial(),
            metrics.global(),
            metrics.total(),
            last,
            at.seconds(),
            frames == null ? 0 : frames.projections(),
            frames == null ? 0 : frames.modelledSeconds(),
            frames == null ? Double.NaN : frames.density(),
            Commit.current()));
  }

  /** The maps of all test years, in the unit of the target. */
  private static double[] predict(DfaEngine engine, ClimateData climate) {
    ClimateDataset test = climate.test();
    int cells = climate.grid().cells();
    double[] maps = new double[Math.toIntExact(test.size()) * cells];
    float[] inputs = new float[test.inputs()];
    for (int year = 0; year < test.size(); year++) {
      test.input(year, MemorySegment.ofArray(inputs), 0);
      float[] map = engine.predict(inputs);
      for (int cell = 0; cell < cells; cell++) {
        maps[year * cells + cell] = map[cell] * climate.targetScale();
      }
    }
    return maps;
  }
}
