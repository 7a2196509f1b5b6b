package dev.feedlight.bench.fig2;

import dev.feedlight.EngineBuilder;
import dev.feedlight.GptModel;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.training.ResumableRun;
import dev.feedlight.io.Durable;
import dev.feedlight.lm.Sampling;
import dev.feedlight.lm.TextGenerator;
import dev.feedlight.nn.GptDecoder;
import dev.feedlight.opu.FrameLog;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One run of a curve: its loss is measured at equal distances, its alignment half as often, and it
 * writes text at 0, 20 and 100 % of the training. It leaves its notes and the trained model.
 */
final class CurveRun extends ResumableRun {
  /** Measurements of alignment (ours). */
  private static final int PROBES = 10;

  /** The paper's middle text. */
  private static final int MIDDLE_PERCENT = 20;

  /** Length of a text (ours). */
  private static final int TOKENS = 100;

  /** How text is drawn (ours). */
  private static final double TEMPERATURE = 0.8;

  private static final int TOP_K = 40;

  private final Fig2Request request;
  private final Fig2Curve curve;
  private final long seed;
  private final Path folder;
  private final long total;
  private RunNotes notes;
  private GptDecoder decoder;

  CurveRun(Fig2Request request, Fig2Curve curve, long seed, PrintStream out) {
    super(
        new Place(
            String.format(Locale.ROOT, "%-7s seed %d", curve.id(), seed),
            request.folder(curve.id(), seed),
            request.preset().length(),
            request.steps(),
            request.data().training(),
            request.stop(),
            out));
    this.request = request;
    this.curve = curve;
    this.seed = seed;
    this.folder = request.folder(curve.id(), seed);
    this.total = request.steps();
  }

  @Override
  protected boolean hasEnded() throws IOException {
    notes = RunNotes.read(folder);
    return notes.end() != null;
  }

  @Override
  protected EngineBuilder builder() {
    EngineBuilder builder = request.engine(curve, seed);
    return curve.fed()
        ? builder.alignmentEvery(Math.toIntExact(Math.max(1, total / PROBES)))
        : builder;
  }

  @Override
  protected Opened opened() {
    decoder = new GptDecoder(engine().device(), engine().network(), request.preset().shape());
    return decoder::close;
  }

  @Override
  protected void goOn(long step) throws IOException {
    notes.goOn(step);
  }

  @Override
  protected void pause(long step, Progress at) throws IOException {
    notes.add(new Note.Pause(step, at.seconds(), at.lossSum(), at.losses()));
  }

  @Override
  protected Progress paused(long step) {
    return notes
        .all(Note.Pause.class)
        .filter(note -> note.step() == step)
        .map(note -> new Progress(note.seconds(), note.lossSum(), note.losses()))
        .findFirst()
        .orElse(null);
  }

  @Override
  public void onAlignment(AlignmentEvent event) {
    try {
      notes.add(new Note.Alignment(event.step(), event.blocks()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    resetClock();
  }

  @Override
  protected void point(long step, Progress at) throws IOException {
    double train = at.meanLoss();
    double heldOut = engine().evaluate(request.data().heldOut().windows()).loss();
    notes.add(new Note.Point(step, train, heldOut, at.seconds()));
    tell(
        "step %,7d of %,d  training %s  held out %.4f  %.0f s",
        step,
        total,
        Double.isNaN(train) ? "     -" : String.format(Locale.ROOT, "%.4f", train),
        heldOut,
        at.seconds());
  }

  @Override
  protected void reached(long step) throws IOException {
    if (step == 0) {
      sample(step, 0);
    }
    if (step == Math.ceilDiv(total * MIDDLE_PERCENT, 100)) {
      sample(step, MIDDLE_PERCENT);
    }
    if (step == total) {
      sample(step, 100);
    }
  }

  private void sample(long step, int percent) throws IOException {
    String text =
        new TextGenerator(decoder, request.data().tokenizer())
            .generate(request.prompt(), TOKENS, new Sampling(TEMPERATURE, TOP_K, seed), part -> {})
            .text();
    notes.add(new Note.Sample(step, percent, text));
  }

  @Override
  protected void end(Progress at) throws IOException {
    double test = engine().evaluate(request.data().test().windows()).loss();
    FrameLog frames = engine().frameLog();
    Path model = folder.resolve("model");
    // Of this run too, which was killed before it could note its end.
    Durable.deleteTree(model);
    GptModel.write(model, request.preset().shape(), request.data().tokenizer(), engine().network());
    notes.add(
        new Note.End(
            total,
            test,
            at.seconds(),
            frames == null ? 0 : frames.projections(),
            frames == null ? 0 : frames.modelledSeconds(),
            frames == null ? Double.NaN : frames.density(),
            attention(),
            Commit.current()));
  }

  private List<List<List<Double>>> attention() {
    int[] prompt = request.data().tokenizer().encode(request.prompt());
    List<List<List<Double>>> layers = new ArrayList<>();
    for (int layer = 0; layer < request.preset().shape().layers(); layer++) {
      layers.add(
          Arrays.stream(decoder.attention(layer, prompt))
              .map(row -> Arrays.stream(row).boxed().toList())
              .toList());
    }
    return layers;
  }
}
