package dev.feedlight.bench.fig2;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.GptModel;
import dev.feedlight.TrainingListener;
import dev.feedlight.TrainingResult;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.io.Durable;
import dev.feedlight.lm.Sampling;
import dev.feedlight.lm.TextGenerator;
import dev.feedlight.nn.GptDecoder;
import dev.feedlight.opu.FrameLog;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One run of a curve, from the beginning or from its newest checkpoint: its loss is measured at
 * equal distances, its alignment half as often, and it writes text at 0, 20 and 100 % of the
 * training. It leaves its notes and the trained model; checkpoints go when it has ended.
 */
final class CurveRun implements TrainingListener {
  /** Points of a loss curve behind the first, and checkpoints (ours). */
  static final int POINTS = 20;

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
  private final PrintStream out;
  private final Path folder;
  private final long total;
  private RunNotes notes;
  private DfaEngine engine;
  private GptDecoder decoder;
  private double seconds;
  private double lossSum;
  private long losses;
  private long stamp;

  CurveRun(Fig2Request request, Fig2Curve curve, long seed, PrintStream out) {
    this.request = request;
    this.curve = curve;
    this.seed = seed;
    this.out = out;
    this.folder = request.folder(curve, seed);
    this.total = request.steps();
  }

  /**
   * Trains to the end, unless that was done before.
   *
   * @return false if it was interrupted
   */
  boolean run() throws IOException {
    notes = RunNotes.read(folder);
    if (notes.end() != null) {
      out.printf(Locale.ROOT, "%-7s seed %d  was done before%n", curve.id(), seed);
      return true;
    }
    Path checkpoints = folder.resolve("checkpoints");
    EngineBuilder builder =
        request
            .engine(curve, seed)
            .checkpoints(new Checkpointing(checkpoints, Math.max(1, total / POINTS), 2))
            .listener(this);
    if (curve.fed()) {
      builder.alignmentEvery(Math.toIntExact(Math.max(1, total / PROBES)));
    }
    try (DfaEngine built = builder.build();
        GptDecoder writer =
            new GptDecoder(built.device(), built.network(), request.preset().shape())) {
      engine = built;
      decoder = writer;
      begin(checkpoints);
      if (train().ending() == TrainingResult.Ending.INTERRUPTED) {
        return false;
      }
      end();
    }
    Durable.deleteTree(checkpoints);
    return true;
  }

  private void begin(Path checkpoints) throws IOException {
    if (holdsCheckpoints(checkpoints)) {
      engine.load(checkpoints);
      long done = engine.position().stepsDone();
      notes.goOn(done);
      Note.Pause pause =
          notes
              .all(Note.Pause.class)
              .filter(note -> note.step() == done)
              .findFirst()
              .orElseThrow(() -> new IOException(folder + " has lost its notes: delete it"));
      seconds = pause.seconds();
      lossSum = pause.lossSum();
      losses = pause.losses();
      out.printf(
          Locale.ROOT,
          "%-7s seed %d  goes on from step %,d of %,d%n",
          curve.id(),
          seed,
          done,
          total);
    } else {
      notes.goOn(-1);
      point(0);
      sample(0, 0);
    }
  }

  private static boolean holdsCheckpoints(Path checkpoints) throws IOException {
    if (!Files.isDirectory(checkpoints)) {
      return false;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(checkpoints, "step-*")) {
      return found.iterator().hasNext();
    }
  }

  private TrainingResult train() {
    stamp = System.nanoTime();
    if (engine.lastResult() != null) {
      return engine.lastResult();
    }
    return engine.unfinished()
        ? engine.resume(request.data().training())
        : request.preset().length().train(engine, request.data().training());
  }

  @Override
  public void onStep(StepEvent event) {
    seconds += (System.nanoTime() - stamp) * 1e-9;
    lossSum += event.loss();
    losses++;
    long step = event.step();
    try {
      if (step * POINTS / total != (step - 1) * POINTS / total) {
        point(step);
      }
      if (step == Math.ceilDiv(total * MIDDLE_PERCENT, 100)) {
        sample(step, MIDDLE_PERCENT);
      }
      if (step == total) {
        sample(step, 100);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (request.stop().getAsBoolean()) {
      engine.stop();
    }
    stamp = System.nanoTime();
  }

  @Override
  public void onAlignment(AlignmentEvent event) {
    try {
      notes.add(new Note.Alignment(event.step(), event.blocks()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stamp = System.nanoTime();
  }

  @Override
  public void beforeCheckpoint(long step) {
    try {
      notes.add(new Note.Pause(step, seconds, lossSum, losses));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onCheckpoint(CheckpointEvent event) {
    if (event.failure() != null) {
      out.println("warning: no checkpoint: " + event.failure().getMessage());
    }
    stamp = System.nanoTime();
  }

  private void point(long step) throws IOException {
    double train = losses == 0 ? Double.NaN : lossSum / losses;
    double heldOut = engine.evaluate(request.data().heldOut().windows()).loss();
    notes.add(new Note.Point(step, train, heldOut, seconds));
    lossSum = 0;
    losses = 0;
    out.printf(
        Locale.ROOT,
        "%-7s seed %d  step %,7d of %,d  training %s  held out %.4f  %.0f s%n",
        curve.id(),
        seed,
        step,
        total,
        Double.isNaN(train) ? "     -" : String.format(Locale.ROOT, "%.4f", train),
        heldOut,
        seconds);
  }

  private void sample(long step, int percent) throws IOException {
    String text =
        new TextGenerator(decoder, request.data().tokenizer())
            .generate(request.prompt(), TOKENS, new Sampling(TEMPERATURE, TOP_K, seed), part -> {})
            .text();
    notes.add(new Note.Sample(step, percent, text));
  }

  private void end() throws IOException {
    double test = engine.evaluate(request.data().test().windows()).loss();
    FrameLog frames = engine.frameLog();
    Path model = folder.resolve("model");
    // Of this run too, which was killed before it could note its end.
    Durable.deleteTree(model);
    GptModel.write(model, request.preset().shape(), request.data().tokenizer(), engine.network());
    notes.add(
        new Note.End(
            total,
            test,
            seconds,
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
