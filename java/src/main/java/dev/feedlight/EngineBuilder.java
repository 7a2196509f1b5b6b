package dev.feedlight;

import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.FieldExtents;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.io.RecordTree;
import dev.feedlight.io.Sha256;
import dev.feedlight.learn.GradientSettings;
import dev.feedlight.learn.LearningRateSchedule;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.Objective;
import dev.feedlight.learn.OutputWeights;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.VitShape;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Describes a {@link DfaEngine}. Nothing is allocated before {@link #build()}.
 *
 * <p>Defaults: direct feedback alignment, softmax cross-entropy (of a ViT the mean squared error),
 * Adam at a constant rate of 3e-4, batches of 128, seed 1, the CPU. Every method refuses null at
 * once with a {@link NullPointerException} that names the argument.
 */
public final class EngineBuilder {
  private long inputs;
  private final List<DenseArchitecture.Layer> layers = new ArrayList<>();
  private int lastBlock = 1;
  private Architecture transformer;
  private InitialWeights initialWeights;
  private final List<TrainingListener> listeners = new ArrayList<>();
  private LearningRule rule = LearningRules.named("dfa");
  private Loss loss;
  private OutputWeights outputWeights;
  private Optimizer optimizer = Optimizer.adam();
  private LearningRateSchedule schedule = LearningRateSchedule.constant(3e-4);
  private long batch = 128;
  private GradientSettings gradients = GradientSettings.DIRECT;
  private float dropout;
  private long seed = 1;
  private int alignmentEvery;
  private Device device;
  private Precision precision;
  private Checkpointing checkpointing;
  private EarlyStopping earlyStopping;

  EngineBuilder() {}

  /**
   * Width of the input.
   *
   * @param width features per sample, at least 1
   * @return this
   */
  public EngineBuilder inputs(long width) {
    this.inputs = requireWidth(width);
    return this;
  }

  /**
   * Adds a fully connected block.
   *
   * @param width of its output, at least 1
   * @param activation its activation function; {@link Activation#IDENTITY} for the last block
   * @return this
   */
  public EngineBuilder dense(long width, Activation activation) {
    layers.add(
        new DenseArchitecture.Layer(
            requireWidth(width), Objects.requireNonNull(activation, "activation")));
    return this;
  }

  /**
   * Makes the last dense blocks one: within it gradients pass from layer to layer, so that every
   * rule trains all of it by its exact gradient.
   *
   * @param layers how many, at least 1
   * @return this
   */
  public EngineBuilder lastBlock(int layers) {
    if (layers < 1) {
      throw new ShapeException("the last block has at least 1 layer, not " + layers);
    }
    this.lastBlock = layers;
    return this;
  }

  /**
   * A GPT in place of dense blocks. A sample is then a window of tokens, of which the batch has so
   * many.
   *
   * @param shape extents
   * @param points where signals enter
   * @param tokenizer whose numbers it learns; a checkpoint of another one is refused
   * @return this
   * @throws dev.feedlight.data.text.TokenizerException if the tokenizer has another vocabulary
   */
  public EngineBuilder gpt(GptShape shape, FeedbackPoints points, BytePairTokenizer tokenizer) {
    tokenizer.requireVocabulary(Math.toIntExact(shape.vocabulary()), "the tokenizer given");
    this.transformer =
        new GptArchitecture(shape, Objects.requireNonNull(points, "points"), tokenizer.sha256());
    return this;
  }

  /**
   * A vision Transformer from maps to maps in place of dense blocks. Examples hold their maps one
   * channel after the other, each row by row; the loss is the mean squared error.
   *
   * @param shape extents
   * @param points where signals enter
   * @return this
   */
  public EngineBuilder vit(VitShape shape, FeedbackPoints points) {
    this.transformer =
        new VitArchitecture(
            Objects.requireNonNull(shape, "shape"), Objects.requireNonNull(points, "points"));
    return this;
  }

  /**
   * How large the first weights of a GPT or a ViT are.
   *
   * @param weights by default {@link InitialWeights#SMALL_EMBEDDINGS} for a GPT and {@link
   *     InitialWeights#UNIT_VARIANCE} for a ViT
   * @return this
   */
  public EngineBuilder initialWeights(InitialWeights weights) {
    this.initialWeights = Objects.requireNonNull(weights, "weights");
    return this;
  }

  /**
   * How blocks get their feedback.
   *
   * @param newRule the rule
   * @return this
   */
  public EngineBuilder rule(LearningRule newRule) {
    this.rule = Objects.requireNonNull(newRule, "rule");
    return this;
  }

  /**
   * A learning rule with its defaults.
   *
   * @param name {@code bp}, {@code dfa}, {@code odfa} or {@code shlw}
   * @return this
   */
  public EngineBuilder rule(String name) {
    return rule(LearningRules.named(Objects.requireNonNull(name, "name")));
  }

  /**
   * What is minimised.
   *
   * @param newLoss the loss
   * @return this
   */
  public EngineBuilder loss(Loss newLoss) {
    this.loss = Objects.requireNonNull(newLoss, "loss");
    return this;
  }

  /**
   * Weighs outputs in the mean squared error, in training and evaluation, for example by the area
   * of their cells. Only the ratios matter: weights are scaled to a mean of 1.
   *
   * @param weights one per output of an example, in the order of its target; at least 0, not all 0
   * @return this
   * @throws IllegalArgumentException if a weight is negative or not finite, or all are 0
   */
  public EngineBuilder outputWeights(float[] weights) {
    this.outputWeights = OutputWeights.of(weights);
    return this;
  }

  /**
   * How weights change.
   *
   * @param newOptimizer the rule
   * @return this
   */
  public EngineBuilder optimizer(Optimizer newOptimizer) {
    this.optimizer = Objects.requireNonNull(newOptimizer, "optimizer");
    return this;
  }

  /**
   * A constant learning rate.
   *
   * @param rate finite, at least 0
   * @return this
   */
  public EngineBuilder learningRate(double rate) {
    return schedule(LearningRateSchedule.constant(rate));
  }

  /**
   * A learning-rate schedule, over the steps of one call of {@link DfaEngine#train}.
   *
   * @param newSchedule the schedule
   * @return this
   */
  public EngineBuilder schedule(LearningRateSchedule newSchedule) {
    this.schedule = Objects.requireNonNull(newSchedule, "schedule");
    return this;
  }

  /**
   * Samples per step; of a GPT, windows.
   *
   * @param samples at least 1
   * @return this
   */
  public EngineBuilder batch(long samples) {
    if (samples < 1) {
      throw new ShapeException("a batch has at least 1 sample, not " + samples);
    }
    this.batch = samples;
    return this;
  }

  /**
   * Splits the batch of a step into micro-batches, whose gradients are added up: activations need
   * the memory of one micro-batch, gradients that of the weights. The step is that of the whole
   * batch up to rounding, with the same noise and masks.
   *
   * @param microBatches at least 1; must divide the batch
   * @return this
   */
  public EngineBuilder accumulate(int microBatches) {
    this.gradients = new GradientSettings(microBatches, gradients.maxNorm());
    return this;
  }

  /**
   * Clips gradients: where the norm over all trained parameters is larger, the gradient of the
   * batch is scaled down to it. Needs memory for the gradients, as large as the weights.
   *
   * @param maxNorm largest norm, positive and finite in fp32
   * @return this
   */
  public EngineBuilder clipGlobalNorm(double maxNorm) {
    if (Double.isInfinite(maxNorm)) {
      throw new IllegalArgumentException("gradients are clipped to a finite norm, not " + maxNorm);
    }
    this.gradients = new GradientSettings(gradients.microBatches(), maxNorm);
    return this;
  }

  /**
   * Drops outputs of every block but the last at random while training, and scales the others up;
   * evaluation and prediction drop nothing.
   *
   * @param rate probability in [0, 1); 0, the default, costs nothing
   * @return this
   */
  public EngineBuilder dropout(double rate) {
    float held = (float) rate;
    if (!(held >= 0 && held < 1)) {
      throw new IllegalArgumentException(
          "a dropout rate must lie in [0, 1), in fp32 too, not " + rate);
    }
    this.dropout = held;
    return this;
  }

  /**
   * Decides weights, feedback, optics, noise, masks and the order of the examples.
   *
   * @param newSeed any number
   * @return this
   */
  public EngineBuilder seed(long newSeed) {
    this.seed = newSeed;
    return this;
  }

  /**
   * Measures alignment before the first step of every call of {@link DfaEngine#train} and before
   * every so many steps after it, and tells listeners; see {@link
   * dev.feedlight.learn.AlignmentProbe} for what it costs. Training gives the same bits with and
   * without; its seconds include the probing.
   *
   * @param steps from one measurement to the next; 0, the default, measures nothing
   * @return this
   */
  public EngineBuilder alignmentEvery(int steps) {
    if (steps < 0) {
      throw new IllegalArgumentException(
          "alignment is measured every 1 or more steps, or never (0), not every " + steps);
    }
    this.alignmentEvery = steps;
    return this;
  }

  /**
   * Runs on a device that the caller owns and closes; by default the engine opens the CPU and
   * closes it.
   *
   * @param newDevice an open device
   * @return this
   */
  public EngineBuilder device(Device newDevice) {
    this.device = Objects.requireNonNull(newDevice, "device");
    return this;
  }

  /**
   * What operands of dense products are rounded to, on the CPU that the engine opens itself; by
   * default {@link Precision#FP32}. With a device of the caller's it must be that device's.
   *
   * @param newPrecision the precision
   * @return this
   */
  public EngineBuilder precision(Precision newPrecision) {
    this.precision = Objects.requireNonNull(newPrecision, "precision");
    return this;
  }

  /**
   * Adds a listener.
   *
   * @param listener told of every step and epoch
   * @return this
   */
  public EngineBuilder listener(TrainingListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Writes checkpoints while it trains, and one at the end. Training gives the same bits with and
   * without.
   *
   * @param newCheckpointing where and how often
   * @return this
   */
  public EngineBuilder checkpoints(Checkpointing newCheckpointing) {
    this.checkpointing = Objects.requireNonNull(newCheckpointing, "checkpoints");
    return this;
  }

  /**
   * Ends training when a held-out loss does not get better any more.
   *
   * @param newEarlyStopping when
   * @return this
   */
  public EngineBuilder earlyStopping(EarlyStopping newEarlyStopping) {
    this.earlyStopping = Objects.requireNonNull(newEarlyStopping, "earlyStopping");
    return this;
  }

  /**
   * Computes what {@link #build()} will allocate on the device given, and allocates nothing.
   *
   * @return bytes by scope
   * @throws ShapeException if inputs or blocks are missing, if the batch cannot be split as asked,
   *     or if the bytes do not fit a {@code long}
   */
  public MemoryEstimate memory() {
    requireNetwork();
    return MemoryEstimator.estimate(this);
  }

  /**
   * Allocates everything and plans the step.
   *
   * @return the engine, to be closed by the caller
   * @throws ShapeException if inputs or blocks are missing, if the batch cannot be split as asked,
   *     or if one pass of the inputs or of the outputs does not fit a Java array
   * @throws IllegalArgumentException if alignment is to be measured, but no hidden block gets a
   *     signal; if dense blocks, dropout or a loss that is not its own were asked for beside a GPT
   *     or a ViT; or if outputs are weighted in another loss than the mean squared error
   * @throws DeviceException if the device cannot be opened, has another precision than asked for,
   *     or has not enough memory; the last is seen before anything is allocated
   */
  public DfaEngine build() {
    requireNetwork();
    // Batches pass through Java arrays: refused here, before gigabytes are allocated for them.
    Network outline = architecture().outline();
    long rows = Math.multiplyExact(gradients.microBatch(batch), architecture().rowsPerExample());
    new Shape(rows, outline.inputs()).arrayLength();
    new Shape(rows, outline.outputs()).arrayLength();
    return new DfaEngine(this);
  }

  private void requireNetwork() {
    switch (transformer) {
      case null -> requireDense();
      case GptArchitecture _ -> requireAlone("GPT");
      default -> requireAlone("ViT");
    }
    architecture().requireLoss(loss());
    arrangedObjective();
  }

  private void requireDense() {
    if (initialWeights != null) {
      throw new IllegalArgumentException(
          "initialWeights(...) is for a GPT or a ViT: dense layers begin as their activations ask");
    }
    if (inputs == 0) {
      throw new ShapeException("the width of the input was not given: call inputs(...)");
    }
    if (layers.isEmpty()) {
      throw new ShapeException("the network has no block: call dense(...)");
    }
    if (lastBlock > layers.size()) {
      throw new ShapeException(
          "the last block cannot have " + lastBlock + " of " + layers.size() + " dense layers");
    }
  }

  private void requireAlone(String name) {
    if (inputs != 0 || !layers.isEmpty() || lastBlock != 1) {
      throw new IllegalArgumentException(
          "a "
              + name
              + " brings its own input and blocks: leave inputs(...), dense(...) and lastBlock(...)"
              + " out");
    }
    if (dropout != 0) {
      throw new IllegalArgumentException(
          "a " + name + " has no dropout, so its rate must be 0, not " + dropout);
    }
  }

  /** What was described; checked by {@link #requireNetwork}. */
  Architecture architecture() {
    return transformer == null
        ? new DenseArchitecture(inputs, layers, dropout, lastBlock)
        : transformer;
  }

  InitialWeights initialWeights() {
    if (initialWeights != null) {
      return initialWeights;
    }
    return transformer instanceof VitArchitecture
        ? InitialWeights.UNIT_VARIANCE
        : InitialWeights.SMALL_EMBEDDINGS;
  }

  /** What is minimised, weights in the order of the examples' targets. */
  Objective objective() {
    return new Objective(loss(), outputWeights);
  }

  /** The same with weights in the order of the network's outputs. */
  Objective arrangedObjective() {
    Objective plain = objective();
    return outputWeights == null
        ? plain
        : new Objective(plain.loss(), architecture().layout().arrange(outputWeights));
  }

  Device openDevice() {
    if (device == null) {
      return precision == null
          ? CpuDevice.open()
          : CpuDevice.open(Runtime.getRuntime().availableProcessors(), precision);
    }
    if (precision != null && precision != device.precision()) {
      throw new DeviceException(
          "precision "
              + precision.label()
              + " was asked for, but the device given multiplies in "
              + device.precision().label()
              + "; open it with that precision, or give the engine no device");
    }
    return device;
  }

  /** Of the device given; the CPU, which is opened where none was, has no such scope. */
  long fieldScratchBytes(FieldExtents fields) {
    return device == null ? 0 : device.kernels().fieldScratchBytes(fields);
  }

  /** The same of what products keep beside their operands: only GPUs have such copies. */
  long operandCopyBytes(Shape matrix) {
    return device == null ? 0 : device.kernels().operandCopyBytes(matrix);
  }

  boolean ownsDevice() {
    return device == null;
  }

  /** All that decides what a run computes, besides data, device and schedule. */
  Map<String, Object> configuration() {
    Map<String, Object> settings = new LinkedHashMap<>(architecture().configuration());
    if (transformer != null) {
      settings.put("initial_weights", initialWeights().name());
    }
    settings.put("rule", rule.name());
    settings.put("rule_settings", RecordTree.of(rule));
    settings.put("loss", loss().name());
    if (outputWeights != null) {
      settings.put("output_weights", sha256(outputWeights.values()));
    }
    settings.put("optimizer", RecordTree.of(optimizer));
    settings.put("batch", batch);
    settings.put("gradients", RecordTree.of(gradients));
    settings.put("seed", seed);
    if (earlyStopping != null) {
      settings.put("early_stopping_patience", (long) earlyStopping.patience());
      settings.put(
          "early_stopping_improvement", Double.toString(earlyStopping.minimumImprovement()));
    }
    return settings;
  }

  private static String sha256(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return Sha256.of(bytes.array());
  }

  LearningRule rule() {
    return rule;
  }

  Loss loss() {
    if (loss != null) {
      return loss;
    }
    return transformer instanceof VitArchitecture
        ? Loss.MEAN_SQUARED_ERROR
        : Loss.SOFTMAX_CROSS_ENTROPY;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  LearningRateSchedule schedule() {
    return schedule;
  }

  long batch() {
    return batch;
  }

  GradientSettings gradients() {
    return gradients;
  }

  long seed() {
    return seed;
  }

  int alignmentEvery() {
    return alignmentEvery;
  }

  Checkpointing checkpointing() {
    return checkpointing;
  }

  EarlyStopping earlyStopping() {
    return earlyStopping;
  }

  List<TrainingListener> listeners() {
    return listeners;
  }

  private static long requireWidth(long width) {
    if (width < 1) {
      throw new ShapeException("a width must be at least 1, not " + width);
    }
    return width;
  }
}
