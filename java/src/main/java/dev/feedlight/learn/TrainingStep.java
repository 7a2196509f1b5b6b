package dev.feedlight.learn;

import dev.feedlight.device.Device;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.BlockPass;
import dev.feedlight.nn.Network;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * One training step of fixed shapes, planned once and replayed: forward pass, loss, feedback and
 * updates. All its memory is allocated here; nothing is allocated while it runs.
 */
public final class TrainingStep implements AutoCloseable {
  private final Device device;
  private final Network network;
  private final LearningRule rule;
  private final Loss lossFunction;
  private final Optimizer optimizer;
  private final long batch;
  private final Scope activations;
  private final Scope state;
  private final Scope feedback;
  private final Scope forwardCheck;
  private final StepControl control;
  private final StepControl inferenceControl;
  private final List<Parameter> trained = new ArrayList<>();
  private final LearningRule.Context context;
  private final LearningRule.Feedback bound;
  private final Tensor input;
  private final Tensor output;
  private final Tensor target;
  private final Tensor loss;
  private final Plan plan;
  private final Runnable replay;
  private final Runnable inference;
  private final Runnable weightCheck;
  private final float[] lossValue = new float[1];

  /**
   * Plans the step.
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
    this.device = device;
    this.network = network;
    this.rule = rule;
    this.lossFunction = lossFunction;
    this.optimizer = optimizer;
    this.batch = batch;
    this.activations = device.openScope("activations");
    this.state = device.openScope("optimizer state");
    this.feedback = device.openScope("feedback");
    this.forwardCheck = device.openScope("forward check");
    try {
      this.control = new StepControl(device, state);
      this.inferenceControl = new StepControl(device, forwardCheck);
      this.input = activations.allocate("input", new Shape(batch, network.inputs()), DType.F32);
      List<BlockPass> passes = network.bind(activations, input);
      this.output = passes.getLast().output();
      this.target =
          activations.allocate(
              "target", lossFunction.targetShape(output), lossFunction.targetType());
      this.loss = activations.allocate("loss", Shape.vector(1), DType.F32);
      Tensor error = activations.allocate("error", output.shape(), DType.F32);
      allocateState();
      this.context =
          new LearningRule.Context(device, feedback, network, passes, error, control, seed);
      this.bound = rule.bind(context);
      this.plan =
          Plan.record(
              "training step (" + rule.name() + ")",
              device.kernels(),
              ops -> {
                forward(ops, passes, control);
                issueLoss(ops);
                bound.issue(ops, new UpdateTarget.Apply(optimizer));
              });
      this.replay = device.prepare(plan);
      this.inference =
          device.prepare(
              Plan.record(
                  "forward pass", device.kernels(), ops -> forward(ops, passes, inferenceControl)));
      this.weightCheck = device.prepare(weightCheckPlan());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void forward(Ops ops, List<BlockPass> passes, StepControl watched) {
    for (int i = 0; i < passes.size(); i++) {
      passes.get(i).forward(ops);
      ops.finiteCheck(passes.get(i).output(), i, watched);
    }
  }

  /** Loss and error of the output that stands there. */
  void issueLoss(Ops ops) {
    int last = context.passes().size() - 1;
    lossFunction.issue(ops, loss, context.error(), output, target);
    ops.finiteCheck(context.error(), last, control);
    ops.finiteCheck(loss, last, control);
  }

  /** Runs all of a step that comes before its feedback, with its step and projection number. */
  void runForward(long step) {
    bound.begin(Math.multiplyExact(step, batch));
    control.begin(optimizer, 0, step, batch);
    forward(device.eager(), context.passes(), control);
    issueLoss(device.eager());
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

  private void allocateState() {
    List<Block> blocks = network.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      if (rule.trains(network, i)) {
        for (Parameter parameter : blocks.get(i).parameters()) {
          trained.add(parameter);
          parameter.allocateState(state, optimizer);
        }
      }
    }
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
   * Runs one step on what stands in {@link #input()} and {@link #target()}.
   *
   * @param learningRate of this step
   * @param step number of the step, from 0; decides noise and Adam's corrections
   */
  public void run(float learningRate, long step) {
    bound.begin(Math.multiplyExact(step, batch));
    control.begin(optimizer, learningRate, step, batch);
    replay.run();
  }

  /** Looks at the step that has just run: optics log their frames. Not part of the step's time. */
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
    device.read(loss, lossValue);
    return lossValue[0];
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
   * Where a batch goes.
   *
   * @return batch x inputs
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
   * @return batch x outputs
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
   * The plan of a training step.
   *
   * @return its operations
   */
  public Plan plan() {
    return plan;
  }

  /** Frees activations, optimizer state and feedback; the network's weights stay. */
  @Override
  public void close() {
    trained.forEach(Parameter::releaseState);
    trained.clear();
    forwardCheck.close();
    feedback.close();
    state.close();
    activations.close();
  }
}
