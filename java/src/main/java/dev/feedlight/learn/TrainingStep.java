package dev.feedlight.learn;

import dev.feedlight.device.Device;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.BlockPass;
import dev.feedlight.nn.Network;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.opu.MatrixOrigin;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One training step of fixed shapes, planned once and replayed: forward pass, loss, feedback and
 * updates. All its memory is allocated here; nothing is allocated while it runs.
 *
 * <p>The batch may be split into micro-batches, which come one after the other into {@link
 * #input()} and {@link #target()}: the last of them updates the weights, by the gradient of the
 * whole batch. Samples keep the numbers that they have in the whole batch, so that noise and masks
 * of dropout are the same.
 */
public final class TrainingStep implements AutoCloseable {
  private final Device device;
  private final Network network;
  private final LearningRule rule;
  private final Objective objective;
  private final Optimizer optimizer;
  private final long batch;
  private final int microBatches;
  private final Scope activations;
  private final Scope state;
  private final Scope gradients;
  private final Scope feedback;
  private final Scope forwardCheck;
  private final StepControl control;
  private final StepControl inferenceControl;
  private final WeightUpdate update;
  private final LearningRule.Context context;
  private final LearningRule.Feedback bound;
  private final Tensor input;
  private final Tensor output;
  private final Tensor target;
  private final Tensor outputWeights;
  private final Tensor losses;
  private final Plan plan;
  private final List<Runnable> replays;
  private final Runnable inference;
  private final Runnable weightCheck;
  private final float[] lossValues;
  private int next;

  /**
   * Plans the step, the whole batch in one pass.
   *
   * @param device where it runs
   * @param network what is trained; its parameters get the optimizer's state here
   * @param rule how blocks get their signals
   * @param lossFunction what is minimised
   * @param optimizer how weights change
   * @param batch samples per step, at least 1
   * @param seed of feedback matrix, optics and noise
   */
  public TrainingStep(
      Device device,
      Network network,
      LearningRule rule,
      Loss lossFunction,
      Optimizer optimizer,
      long batch,
      long seed) {
    this(device, network, rule, lossFunction, optimizer, batch, GradientSettings.DIRECT, seed);
  }

  /**
   * Plans the step, all outputs of equal weight.
   *
   * @param device where it runs
   * @param network what is trained; its parameters get the optimizer's state here
   * @param rule how blocks get their signals
   * @param lossFunction what is minimised
   * @param optimizer how weights change
   * @param batch samples per step, at least 1
   * @param settings micro-batches and clipping
   * @param seed of feedback matrix, optics and noise
   * @throws ShapeException if the batch cannot be split into the micro-batches, or may not be by
   *     this rule
   */
  public TrainingStep(
      Device device,
      Network network,
      LearningRule rule,
      Loss lossFunction,
      Optimizer optimizer,
      long batch,
      GradientSettings settings,
      long seed) {
    this(device, network, rule, Objective.of(lossFunction), optimizer, batch, settings, seed);
  }

  /**
   * Plans the step.
   *
   * @param device where it runs
   * @param network what is trained; its parameters get the optimizer's state here
   * @param rule how blocks get their signals
   * @param objective what is minimised
   * @param optimizer how weights change
   * @param batch samples per step, at least 1
   * @param settings micro-batches and clipping
   * @param seed of feedback matrix, optics and noise
   * @throws ShapeException if the batch cannot be split into the micro-batches, or may not be by
   *     this rule; if weights of outputs have another shape than the network's output has
   */
  public TrainingStep(
      Device device,
      Network network,
      LearningRule rule,
      Objective objective,
      Optimizer optimizer,
      long batch,
      GradientSettings settings,
      long seed) {
    long rows = settings.microBatch(batch);
    if (settings.microBatches() > 1 && rule.needsWholeBatch()) {
      throw new ShapeException(
          "rule "
              + rule.name()
              + " takes means over the batch and needs its "
              + batch
              + " samples in one pass, not in "
              + settings.microBatches()
              + " micro-batches of "
              + rows);
    }
    this.device = device;
    this.network = network;
    this.rule = rule;
    this.objective = objective;
    this.optimizer = optimizer;
    this.batch = batch;
    this.microBatches = settings.microBatches();
    this.lossValues = new float[microBatches];
    this.activations = device.openScope("activations");
    this.state = device.openScope("optimizer state");
    this.gradients = device.openScope("gradients");
    this.feedback = device.openScope("feedback");
    this.forwardCheck = device.openScope("forward check");
    WeightUpdate allocated = null;
    try {
      this.control = new StepControl(device, state);
      this.inferenceControl = new StepControl(device, forwardCheck);
      this.input =
          activations.allocate("input", new Shape(rows, network.inputs()), network.inputType());
      List<BlockPass> passes = network.bind(activations, input);
      this.output = passes.getLast().output();
      this.target =
          activations.allocate(
              "target", objective.loss().targetShape(output), objective.loss().targetType());
      this.outputWeights = allocateWeights();
      this.losses = activations.allocate("loss", new Shape(microBatches, 1), DType.F32);
      Tensor error = activations.allocate("error", output.shape(), DType.F32);
      allocated =
          new WeightUpdate(device, network, rule, optimizer, settings, control, state, gradients);
      this.update = allocated;
      this.context =
          new LearningRule.Context(device, feedback, network, passes, error, control, seed);
      this.bound = rule.bind(context);
      List<Plan> plans = new ArrayList<>();
      for (int i = 0; i < microBatches; i++) {
        int number = i;
        plans.add(
            Plan.record(
                name() + ", micro-batch " + (i + 1) + " of " + microBatches,
                device.kernels(),
                ops -> {
                  forward(ops);
                  issueLoss(ops, number);
                  bound.issue(ops, update.target(number));
                  if (number == microBatches - 1) {
                    update.finish(ops);
                  }
                }));
      }
      this.plan =
          new Plan(name(), plans.stream().flatMap(part -> part.operations().stream()).toList());
      this.replays = plans.stream().map(device::prepare).toList();
      this.inference =
          device.prepare(
              Plan.record(
                  "forward pass",
                  device.kernels(),
                  ops -> forward(ops, passes, inferenceControl, pass -> pass.infer(ops))));
      this.weightCheck = device.prepare(weightCheckPlan());
    } catch (RuntimeException | Error e) {
      close(allocated);
      throw e;
    }
  }

  private Tensor allocateWeights() {
    OutputWeights weights = objective.weights();
    if (weights == null) {
      return null;
    }
    Tensor tensor = activations.allocate("output weights", weights.shape(), DType.F32);
    device.write(tensor, weights.values());
    return tensor;
  }

  private String name() {
    return "training step (" + rule.name() + ")";
  }

  private static void forward(
      Ops ops, List<BlockPass> passes, StepControl watched, Consumer<BlockPass> issue) {
    for (int i = 0; i < passes.size(); i++) {
      issue.accept(passes.get(i));
      ops.finiteCheck(passes.get(i).output(), i, watched);
    }
  }

  /** The forward pass of training. */
  private void forward(Ops ops) {
    forward(ops, context.passes(), control, pass -> pass.forward(ops, control));
  }

  /** Loss and error of the output that stands there, the first micro-batch's. */
  void issueLoss(Ops ops) {
    issueLoss(ops, 0);
  }

  private void issueLoss(Ops ops, int microBatch) {
    int last = context.passes().size() - 1;
    Tensor loss = losses.rowRange(microBatch, 1);
    objective.loss().issue(ops, loss, context.error(), output, target, outputWeights);
    ops.finiteCheck(context.error(), last, control);
    ops.finiteCheck(loss, last, control);
  }

  /**
   * Runs all of a step's first micro-batch that comes before its feedback, with its numbers of step
   * and samples.
   */
  void runForward(long step) {
    begin(0, step, 0);
    forward(device.eager());
    issueLoss(device.eager());
  }

  private void begin(float learningRate, long step, int microBatch) {
    if (microBatch == 0) {
      bound.begin(Math.multiplyExact(step, batch));
    }
    control.begin(optimizer, learningRate, step, batch, microBatch * microBatch());
  }

  LearningRule.Context context() {
    return context;
  }

  LearningRule.Feedback bound() {
    return bound;
  }

  LearningRule rule() {
    return rule;
  }

  private Plan weightCheckPlan() {
    return Plan.record(
        "weight check",
        device.kernels(),
        ops -> {
          List<Block> blocks = network.blocks();
          for (int i = 0; i < blocks.size(); i++) {
            for (Parameter parameter : blocks.get(i).parameters()) {
              ops.finiteCheck(parameter.value(), i, control);
            }
          }
        });
  }

  /**
   * Runs a step of one pass on what stands in {@link #input()} and {@link #target()}.
   *
   * @param learningRate of this step
   * @param step number of the step, from 0; decides noise, masks and Adam's corrections
   * @throws IllegalStateException if the batch is split into micro-batches
   */
  public void run(float learningRate, long step) {
    if (microBatches > 1) {
      throw new IllegalStateException(
          "this step has " + microBatches + " micro-batches, each of which is loaded and run");
    }
    run(learningRate, step, 0);
  }

  /**
   * Runs one micro-batch of a step on what stands in {@link #input()} and {@link #target()}.
   * Weights change with the last one.
   *
   * @param learningRate of this step
   * @param step number of the step, from 0; decides noise, masks and Adam's corrections
   * @param microBatch its number: 0, which begins a step, or the one after the last that ran
   */
  public void run(float learningRate, long step, int microBatch) {
    if (microBatch != 0 && microBatch != next) {
      throw new IllegalStateException(
          "of " + microBatches + " micro-batches, number " + next + " is due, not " + microBatch);
    }
    begin(learningRate, step, microBatch);
    replays.get(microBatch).run();
    next = (microBatch + 1) % microBatches;
  }

  /** Looks at the pass that has just run: optics log their frames. Not part of the step's time. */
  public void observe() {
    bound.observe();
  }

  /**
   * What the optics were asked to show.
   *
   * @return the log, or null for rules without optics
   */
  public FrameLog frameLog() {
    return bound.frameLog();
  }

  /**
   * Numbers of the camera pixels that were selected as outputs.
   *
   * @return one per output, ascending; null for rules without optics
   */
  public int[] selectedPixels() {
    return bound.selectedPixels();
  }

  /**
   * What made the entries of an optical matrix that Feedlight cannot make by itself.
   *
   * @return library, seeds and a digest; null for others and for rules without optics
   */
  public MatrixOrigin matrixOrigin() {
    return bound.matrixOrigin();
  }

  /**
   * Puts the optics where they stand after a number of steps, as if those had run.
   *
   * @param stepsDone at least 0
   * @param counts what the optics had been asked to show; null for rules without optics
   */
  public void restore(long stepsDone, FrameLog.Counts counts) {
    if (stepsDone > 0) {
      bound.begin(Math.multiplyExact(stepsDone - 1, batch));
    }
    if (frameLog() != null) {
      frameLog().restore(counts);
    }
    next = 0;
  }

  /**
   * Runs the forward pass alone; nothing is learned.
   *
   * @throws NotFiniteException if a value of a block is NaN or infinite; names the block
   */
  public void infer() {
    inferenceControl.clearFailure();
    inference.run();
    StepControl.Failure failure = inferenceControl.failure();
    if (failure != null) {
      throw NotFiniteException.inForwardPass(blockName(failure), failure.block());
    }
  }

  private String blockName(StepControl.Failure failure) {
    return network.blocks().get(failure.block()).name();
  }

  /**
   * Loss of the last step.
   *
   * @return mean over the batch
   */
  public float loss() {
    device.read(losses, lossValues);
    double sum = 0;
    for (float value : lossValues) {
      sum += value;
    }
    return (float) (sum / microBatches);
  }

  /**
   * Norm of the gradient of all trained parameters in the last step, before clipping.
   *
   * @return the norm; NaN if gradients are not clipped
   */
  public float gradientNorm() {
    return update.gradientNorm();
  }

  /**
   * Refuses to go on after values that were not finite.
   *
   * @throws NotFiniteException if the sticky flag is set; names block and step
   */
  public void requireFinite() {
    StepControl.Failure failure = control.failure();
    if (failure != null) {
      throw NotFiniteException.inStep(blockName(failure), failure.block(), failure.step());
    }
  }

  /**
   * Looks at every weight, which costs one pass over memory. Saturating activations can hide an
   * infinite weight from the checks of a step.
   *
   * @throws NotFiniteException if one is NaN or infinite
   */
  public void requireFiniteWeights() {
    weightCheck.run();
    StepControl.Failure failure = control.failure();
    if (failure != null) {
      throw NotFiniteException.inWeights(blockName(failure), failure.block(), failure.step());
    }
  }

  /**
   * Where a micro-batch goes.
   *
   * @return micro-batch x inputs, of the network's {@link Network#inputType()}
   */
  public Tensor input() {
    return input;
  }

  /**
   * Where labels or values go.
   *
   * @return see {@link Loss#targetShape}
   */
  public Tensor target() {
    return target;
  }

  /**
   * The network's output.
   *
   * @return micro-batch x outputs
   */
  public Tensor output() {
    return output;
  }

  /**
   * Samples per step.
   *
   * @return batch
   */
  public long batch() {
    return batch;
  }

  /**
   * Passes per step.
   *
   * @return 1 unless the batch is split
   */
  public int microBatches() {
    return microBatches;
  }

  /**
   * Samples per pass.
   *
   * @return batch / micro-batches
   */
  public long microBatch() {
    return batch / microBatches;
  }

  /**
   * The plan of a training step, all its micro-batches.
   *
   * @return its operations
   */
  public Plan plan() {
    return plan;
  }

  /** Frees activations, optimizer state, gradients and feedback; the network's weights stay. */
  @Override
  public void close() {
    close(update);
  }

  private void close(WeightUpdate allocated) {
    if (allocated != null) {
      allocated.close();
    }
    forwardCheck.close();
    feedback.close();
    gradients.close();
    state.close();
    activations.close();
  }
}
