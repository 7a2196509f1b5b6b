package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.peers.PeerCell;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.step.SquareNetwork;
import dev.feedlight.bench.step.StepAgainstProducts;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.learn.FeedbackMatrix;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Our own steps of one cell, each rule with a network of its own, from the same weights. */
final class OurSteps implements AutoCloseable {
  private final Device device;
  private final Scope scope;
  private final List<OurStep> steps = new ArrayList<>();
  private final TrainingData data;

  OurSteps(Device device, PeerCell cell, long seed) {
    this.device = device;
    this.scope = device.openScope("weights");
    try {
      int count = cell.batch() * cell.width();
      float[] input = TrainingData.values(count, seed);
      float[] target = TrainingData.values(count, ~seed);
      OurStep bp = new OurStep(Rule.BP, cell, seed, input, target);
      steps.add(bp);
      OurStep dfa = new OurStep(Rule.DFA, cell, seed, input, target);
      steps.add(dfa);
      data = new TrainingData(cell, bp.initial, dfa.feedback(), input, target);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** What they start from. */
  TrainingData data() {
    return data;
  }

  /** BP and DFA. */
  List<OurStep> steps() {
    return List.copyOf(steps);
  }

  @Override
  public void close() {
    steps.forEach(step -> step.step.close());
    scope.close();
  }

  /** Hands out what a rule has bound: its feedback matrix. */
  private static final class Observed implements LearningRule {
    private final LearningRule rule;
    private Feedback bound;

    Observed(LearningRule rule) {
      this.rule = rule;
    }

    @Override
    public String name() {
      return rule.name();
    }

    @Override
    public boolean trains(Network network, int block) {
      return rule.trains(network, block);
    }

    @Override
    public boolean needsWholeBatch() {
      return rule.needsWholeBatch();
    }

    @Override
    public Feedback bind(Context context) {
      bound = rule.bind(context);
      return bound;
    }
  }

  /** The training step of the library. */
  final class OurStep implements PeerStep {
    private final Rule rule;
    private final Observed observed;
    private final List<Parameter> weights;
    private final List<Parameter> biases;
    private final float[][] initial;
    private final TrainingStep step;
    private final Runnable products;
    private long done;

    OurStep(Rule rule, PeerCell cell, long seed, float[] input, float[] target) {
      this.rule = rule;
      this.observed = new Observed(LearningRules.named(rule.name().toLowerCase(Locale.ROOT)));
      Network network = SquareNetwork.build(device, scope, cell.width(), cell.depth(), seed);
      weights = network.blocks().stream().map(block -> block.parameters().get(0)).toList();
      biases = network.blocks().stream().map(block -> block.parameters().get(1)).toList();
      initial = weights.stream().map(Parameter::read).toArray(float[][]::new);
      step =
          new TrainingStep(
              device,
              network,
              observed,
              Loss.MEAN_SQUARED_ERROR,
              Optimizer.sgd(),
              cell.batch(),
              seed);
      device.write(step.input(), input);
      device.write(step.target(), target);
      products = device.prepare(StepAgainstProducts.bareProducts(device, step.plan()));
    }

    private float[] feedback() {
      FeedbackMatrix matrix = observed.bound.feedbackMatrix();
      if (matrix == null) {
        throw new IllegalStateException("rule " + observed.name() + " has no feedback matrix");
      }
      return matrix.values();
    }

    @Override
    public Rule rule() {
      return rule;
    }

    @Override
    public String variant() {
      return "";
    }

    @Override
    public void reset() {
      for (int i = 0; i < initial.length; i++) {
        weights.get(i).write(initial[i]);
        biases.get(i).write(new float[biases.get(i).shape().arrayLength()]);
      }
    }

    @Override
    public void run(float learningRate) {
      step.run(learningRate, done++);
    }

    /** Runs the step's matrix products alone. */
    void runProducts() {
      products.run();
    }

    @Override
    public float loss() {
      return step.loss();
    }
  }
}
