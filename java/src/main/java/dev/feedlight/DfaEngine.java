package dev.feedlight;

import dev.feedlight.data.DataException;
import dev.feedlight.data.Dataset;
import dev.feedlight.data.Examples;
import dev.feedlight.data.text.TokenWindows;
import dev.feedlight.device.Device;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.io.CheckpointFolder;
import dev.feedlight.learn.AlignmentProbe;
import dev.feedlight.learn.LearningRateSchedule;
import dev.feedlight.learn.Objective;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Network;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.opu.MatrixOrigin;
import dev.feedlight.tensor.ShapeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Trains a network by backpropagation, direct feedback alignment, its optical form, or the last
 * block alone; what a user needs first.
 *
 * <p>One engine is used by one thread at a time. Engines are independent of each other.
 */
public final class DfaEngine implements AutoCloseable {
  private final Device device;
  private final boolean ownsDevice;
  private final Scope weights;
  private final Network network;
  private final Objective objective;
  private final MapLayout layout;
  private final LearningRateSchedule schedule;
  private final long seed;
  private final long batch;
  private final long rowsPerExample;
  private final TrainingStep step;
  private final Inference inference;
  private final List<TrainingListener> listeners;
  private final FrameLog frames;
  private final int alignmentEvery;
  private final AlignmentProbe probe;
  private final Checkpointing checkpointing;
  private final EarlyStopping earlyStopping;
  private final Map<String, Object> configuration;
  private long stepsDone;
  private long epochsDone;
  private TrainingRun run;
  private TrainingRun.Progress unfinished;
  private TrainingRun.Progress finished;
  private CheckpointFolder folder;
  private CheckpointException checkpointFailure;
  private long savedAt;
  private volatile boolean stopRequested;

  DfaEngine(EngineBuilder settings) {
    this.device = settings.openDevice();
    this.ownsDevice = settings.ownsDevice();
    this.objective = settings.objective();
    this.layout = settings.architecture().layout();
    this.schedule = settings.schedule();
    this.seed = settings.seed();
    this.batch = settings.batch();
    this.rowsPerExample = settings.architecture().rowsPerExample();
    this.listeners = List.copyOf(settings.listeners());
    this.alignmentEvery = settings.alignmentEvery();
    this.checkpointing = settings.checkpointing();
    this.earlyStopping = settings.earlyStopping();
    this.configuration = settings.configuration();
    TrainingStep planned = null;
    Scope owned = null;
    try {
      // Before weights are initialised, which can take minutes.
      settings.memory().requireFits(device.memory());
      owned = device.openScope("weights");
      this.weights = owned;
      this.network =
          settings.architecture().build(device, weights, settings.initialWeights(), seed);
      planned =
          new TrainingStep(
              device,
              network,
              settings.rule(),
              settings.arrangedObjective(),
              settings.optimizer(),
              Math.multiplyExact(batch, rowsPerExample),
              settings.gradients(),
              seed);
      this.step = planned;
      this.inference = new Inference(device, planned, rowsPerExample, layout);
      this.frames = planned.frameLog();
      this.probe = alignmentEvery == 0 ? null : new AlignmentProbe(planned);
    } catch (RuntimeException | Error e) {
      if (planned != null) {
        planned.close();
      }
      if (owned != null) {
        owned.close();
      }
      if (ownsDevice) {
        device.close();
      }
      throw e;
    }
  }

  /**
   * Starts to describe an engine.
   *
   * @return a builder
   */
  public static EngineBuilder builder() {
    return new EngineBuilder();
  }

  /**
   * Trains for whole epochs. Examples are visited in an order that depends on the seed and the
   * epoch alone; those left over after the last whole batch of an epoch are not used in it. Called
   * again, training goes on where it stopped.
   *
   * @param data training examples, at least one batch: a {@link Dataset}, of a GPT {@link
   *     TokenWindows}
   * @param epochs at least 1
   * @return what was done
   * @throws dev.feedlight.data.DataException if an example is not finite or a label out of range
   * @throws dev.feedlight.learn.NotFiniteException if values are no longer finite
   * @throws CheckpointException before the first step if checkpoints are to be written and their
   *     folder cannot be, or holds one of a later step. One that fails later ends nothing: see
   *     {@link TrainingResult#checkpointFailure}
   */
  public TrainingResult train(Examples data, int epochs) {
    requireNoUnfinishedRun();
    BatchLoader examples = loader(data);
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs must be at least 1, not " + epochs);
    }
    long perEpoch = TrainingRun.stepsPerEpoch(examples, batch);
    return begin(examples, epochs, Math.multiplyExact(perEpoch, epochs));
  }

  /**
   * Trains for a number of steps, as {@link #train} does; where they are no whole epochs, the last
   * epoch is cut short, and counts as one.
   *
   * @param data training examples
   * @param steps at least 1
   * @return what was done
   */
  public TrainingResult trainSteps(Examples data, long steps) {
    requireNoUnfinishedRun();
    BatchLoader examples = loader(data);
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be at least 1, not " + steps);
    }
    long perEpoch = TrainingRun.stepsPerEpoch(examples, batch);
    return begin(examples, Math.toIntExact(Math.ceilDiv(steps, perEpoch)), steps);
  }

  private TrainingResult begin(BatchLoader examples, int epochs, long steps) {
    String digest = checkpointing == null ? null : examples.sha256();
    return run(
        examples, TrainingRun.Progress.begin(epochs, steps, examples, digest, modelledSeconds()));
  }

  /**
   * Goes on with the call of {@link #train} that {@link #stop()} or the writing of the loaded
   * checkpoint interrupted, to its end. On a device of the same identity the weights become the
   * same bits as without the interruption.
   *
   * @param data the same training examples
   * @return what the whole call did, the part before the interruption included
   * @throws IllegalStateException if there is no such call; see {@link #unfinished()}
   * @throws dev.feedlight.data.DataException if the examples are not the same
   */
  public TrainingResult resume(Examples data) {
    if (unfinished == null) {
      throw new IllegalStateException("no call of train was interrupted; call train(...)");
    }
    BatchLoader examples = loader(data);
    TrainingRun.Progress progress = unfinished;
    if (examples.size() != progress.examples()) {
      throw new DataException(
          "the interrupted run trained on "
              + progress.examples()
              + " examples, "
              + data.name()
              + " has "
              + examples.size());
    }
    if (progress.data() != null && !progress.data().equals(examples.sha256())) {
      throw new DataException(
          data.name()
              + " holds other values than what the interrupted run trained on (SHA-256 "
              + progress.data()
              + ")");
    }
    return run(examples, progress);
  }

  /**
   * Whether a call of {@link #train} was interrupted and waits for {@link #resume}.
   *
   * @return true after {@link #stop()} and after loading a checkpoint from the middle of a call
   */
  public boolean unfinished() {
    return unfinished != null;
  }

  private void requireNoUnfinishedRun() {
    if (unfinished != null) {
      throw new IllegalStateException(
          "a call of train was interrupted in epoch "
              + (unfinished.epochsDone() + 1)
              + " of "
              + unfinished.epochs()
              + "; call resume(...)");
    }
  }

  /**
   * Where the call of {@link #train} stands that was interrupted, or that ended last.
   *
   * @return position; null if there was no such call, also not in a loaded checkpoint
   */
  public RunPosition position() {
    TrainingRun.Progress progress = unfinished == null ? finished : unfinished;
    return progress == null ? null : progress.position(batch);
  }

  /**
   * What the call of {@link #train} did that ended last, also if it did so before the loaded
   * checkpoint was written.
   *
   * @return the result, without a failure of its last checkpoint; null if a call is unfinished or
   *     there was none
   */
  public TrainingResult lastResult() {
    return unfinished != null || finished == null ? null : result(finished);
  }

  private TrainingResult result(TrainingRun.Progress progress) {
    return new TrainingResult(
        progress.position(batch).stepsDone(),
        progress.meanLoss(),
        progress.seconds(),
        modelledSeconds() - progress.modelledBefore(),
        progress.ending(earlyStopping),
        null);
  }

  private TrainingResult run(BatchLoader examples, TrainingRun.Progress from) {
    stopRequested = false;
    checkpointFailure = null;
    savedAt = stepsDone;
    try {
      if (checkpointing != null) {
        folder = CheckpointFolder.open(checkpointing.folder(), checkpointing.keep());
        folder.requireNoneAfter(stepsDone);
      }
      run = new TrainingRun(this, examples, from);
      // A call that fails half way leaves nothing to go on with; checkpoints do.
      unfinished = null;
      finished = null;
      run.run();
      TrainingRun.Progress reached = run.progress();
      keep(reached);
      TrainingResult result = result(reached);
      if (checkpointing != null && (savedAt != stepsDone || unfinished == null)) {
        checkpoint();
      }
      return result.withCheckpointFailure(checkpointFailure);
    } finally {
      run = null;
      if (folder != null) {
        folder.close();
        folder = null;
      }
    }
  }

  /**
   * Asks a call of {@link #train} or {@link #resume} on another thread to end after the step that
   * it is in, with a checkpoint if it writes any. Without a call under way it does nothing.
   */
  public void stop() {
    stopRequested = true;
  }

  boolean stopRequested() {
    return stopRequested;
  }

  void checkpointIfDue() {
    if (checkpointing != null && run.stepsDone() % checkpointing.everySteps() == 0) {
      checkpoint();
    }
  }

  private void keep(TrainingRun.Progress progress) {
    boolean ended = progress != null && progress.ended(earlyStopping);
    finished = ended ? progress : null;
    unfinished = ended ? null : progress;
  }

  /** A run of hours does not end because a disk is full for a while. */
  private void checkpoint() {
    // A checkpoint is always one to go on from: weights that are not finite end the run here.
    step.requireFiniteWeights();
    listeners.forEach(listener -> listener.beforeCheckpoint(run.stepsDone()));
    long at = stepsDone;
    Path directory = null;
    checkpointFailure = null;
    try {
      directory = EngineCheckpoint.save(this, folder);
      savedAt = at;
    } catch (CheckpointException e) {
      checkpointFailure = e;
    }
    TrainingListener.CheckpointEvent event =
        new TrainingListener.CheckpointEvent(run.stepsDone(), directory, checkpointFailure);
    listeners.forEach(listener -> listener.onCheckpoint(event));
  }

  void probeAlignment(long done, int epoch) {
    if (probe != null && done % alignmentEvery == 0) {
      TrainingListener.AlignmentEvent event =
          new TrainingListener.AlignmentEvent(done, epoch, probe.measure(stepsDone));
      listeners.forEach(listener -> listener.onAlignment(event));
    }
  }

  /**
   * Writes a checkpoint: weights, optimizer state, positions of all random streams, and where a
   * call of {@link #train} stands. May be called by a listener after a step.
   *
   * @param into folder of checkpoints; made if it is missing. Older checkpoints in it stay
   * @return directory of the checkpoint
   * @throws CheckpointException if it cannot be written, or if the folder holds a valid one of a
   *     later step, which would stay the newest; the older ones are still there
   */
  public Path save(Path into) {
    try (CheckpointFolder target = CheckpointFolder.open(into, Integer.MAX_VALUE)) {
      return EngineCheckpoint.save(this, target);
    }
  }

  /**
   * Takes over the newest valid checkpoint. The engine must have been built with the settings of
   * the one that wrote it; nothing changes if it was not, or if the checkpoint is damaged. A
   * checkpoint from the middle of a call of {@link #train} leaves that call {@link #unfinished()}.
   *
   * @param from folder of checkpoints, or the directory of one of them
   * @return which checkpoint was taken, which damaged ones were passed over, and whether results
   *     can differ in their last bits
   * @throws CheckpointException if there is no valid checkpoint, or it does not fit this engine
   */
  public LoadReport load(Path from) {
    if (run != null) {
      throw new IllegalStateException("a checkpoint cannot be loaded while a call of train runs");
    }
    return EngineCheckpoint.load(this, from);
  }

  /**
   * Writes the weights alone, for other programs: {@code dense1.weight} of [outputs, inputs] and
   * {@code dense1.bias} of [outputs] for the first block, and so on. The file is replaced as a
   * whole or not at all.
   *
   * @param file called {@code *.safetensors} or {@code *.npz}, which says the format
   * @throws IllegalArgumentException if the file is called otherwise
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void saveWeights(Path file) {
    WeightFile.save(network, device, file);
  }

  /**
   * Takes over weights, from {@link #saveWeights} or from another program; types F32, F64
   * (rounded), F16 and BF16 are read. All are read and checked before one changes, so the heap must
   * hold them once. The optimizer's state, the count of steps and a call of {@link #train} that is
   * not finished stay as they are.
   *
   * @param file called {@code *.safetensors} or {@code *.npz}, which says the format
   * @throws IllegalArgumentException if the file is called otherwise
   * @throws dev.feedlight.io.FormatException if it is damaged, if tensors are missing, unexpected
   *     or of another shape, which are all named, or if a value is not finite
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  public void loadWeights(Path file) {
    if (run != null) {
      throw new IllegalStateException("weights cannot be loaded while a call of train runs");
    }
    WeightFile.load(network, file);
  }

  /** What a checkpoint holds besides tensors and settings. */
  record Counters(
      long stepsDone, long epochsDone, FrameLog.Counts frames, TrainingRun.Progress run) {}

  Counters counters() {
    TrainingRun.Progress reached = unfinished == null ? finished : unfinished;
    return new Counters(
        stepsDone,
        epochsDone,
        frames == null ? null : frames.counts(),
        reached == null && run != null ? run.progress() : reached);
  }

  void restore(Counters counters) {
    stepsDone = counters.stepsDone;
    epochsDone = counters.epochsDone;
    step.restore(stepsDone, counters.frames);
    keep(counters.run);
  }

  /**
   * Measures loss and, for classification, accuracy; of a GPT both by tokens. Outputs that are
   * weighted are so here too.
   *
   * @param data examples
   * @return means over all examples
   */
  public Evaluation evaluate(Examples data) {
    return inference.evaluate(loader(data));
  }

  private BatchLoader loader(Examples data) {
    boolean tokens = layout == null;
    return switch (data) {
      case TokenWindows windows when tokens ->
          new WindowLoader(device, step, windows, rowsPerExample);
      case Dataset rows when !tokens -> new RowLoader(device, step, objective, layout, rows);
      default ->
          throw new IllegalArgumentException(
              "this network takes "
                  + (tokens ? "windows of tokens (TokenWindows)" : "rows of numbers (Dataset)")
                  + ", which "
                  + data.name()
                  + " are not");
    };
  }

  /**
   * Outputs of the network.
   *
   * @param inputs a whole number of samples, one after the other
   * @return outputs, one sample after the other, maps in the order of data sets; logits for
   *     classification
   * @throws ShapeException if that is not so, or if the network takes tokens
   */
  public float[] predict(float[] inputs) {
    return inference.predict(inputs);
  }

  /**
   * The network.
   *
   * @return blocks and parameters
   */
  public Network network() {
    return network;
  }

  /**
   * The device.
   *
   * @return where the engine runs
   */
  public Device device() {
    return device;
  }

  /**
   * The plan of a training step: operations, bytes, floor.
   *
   * @return the plan
   */
  public Plan plan() {
    return step.plan();
  }

  /**
   * Memory in use.
   *
   * @return live and peak bytes, by scope
   */
  public MemoryReport memory() {
    return device.memory();
  }

  /**
   * What the optics were asked to show.
   *
   * @return the log, or null for rules without optics
   */
  public FrameLog frameLog() {
    return frames;
  }

  /**
   * What made the entries of an optical matrix that Feedlight cannot make by itself.
   *
   * @return library, seeds and a digest; null for others and for rules without optics
   */
  public MatrixOrigin matrixOrigin() {
    return step.matrixOrigin();
  }

  TrainingStep step() {
    return step;
  }

  /** Examples per step; its rows are more where an example has several. */
  long batch() {
    return batch;
  }

  LearningRateSchedule schedule() {
    return schedule;
  }

  List<TrainingListener> listeners() {
    return listeners;
  }

  EarlyStopping earlyStopping() {
    return earlyStopping;
  }

  Map<String, Object> configuration() {
    return configuration;
  }

  long seed() {
    return seed;
  }

  long stepsDone() {
    return stepsDone;
  }

  long epochsDone() {
    return epochsDone;
  }

  void countStep() {
    stepsDone++;
  }

  void countEpoch() {
    epochsDone++;
  }

  private double modelledSeconds() {
    return frames == null ? 0 : frames.modelledSeconds();
  }

  /** Frees all memory, and the device unless it was given to the builder; idempotent. */
  @Override
  public void close() {
    if (probe != null) {
      probe.close();
    }
    step.close();
    weights.close();
    if (ownsDevice) {
      device.close();
    }
  }
}
