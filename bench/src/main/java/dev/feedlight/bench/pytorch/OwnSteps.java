package dev.feedlight.bench.pytorch;

import dev.feedlight.bench.peers.PeerCell;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.step.Spread;
import dev.feedlight.bench.step.SquareNetwork;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import java.util.Locale;

/**
 * Our side: whole steps by the device's clock, as the script times PyTorch's.
 *
 * @param device where they run
 * @param rounds that are timed
 * @param leastSeconds that a round takes at least
 * @param seed of weights and data
 */
record OwnSteps(Device device, int rounds, double leastSeconds, long seed) {
  private static final float LEARNING_RATE = 1e-6f;
  private static final int WARM_UPS = 3;
  private static final int MOST_STEPS = 1000;

  /**
   * Measures one step.
   *
   * @param rule what it computes
   * @param cell the network and the batch
   */
  ResultLine measure(Rule rule, PeerCell cell) {
    try (Scope weights = device.openScope("weights");
        TrainingStep step =
            new TrainingStep(
                device,
                SquareNetwork.build(device, weights, cell.width(), cell.depth(), seed),
                LearningRules.named(rule.name().toLowerCase(Locale.ROOT)),
                Loss.MEAN_SQUARED_ERROR,
                Optimizer.sgd(),
                cell.batch(),
                seed)) {
      device.eager().randomFill(step.input(), Distribution.UNIFORM, 1, seed);
      device.eager().randomFill(step.target(), Distribution.UNIFORM, 1, ~seed);
      Repeated repeated = new Repeated(step);
      double once = Double.POSITIVE_INFINITY;
      for (int i = 0; i < WARM_UPS; i++) {
        once = Math.min(once, device.seconds(() -> repeated.run(1)));
      }
      int times = Math.clamp(Math.round(leastSeconds / Math.max(once, 1e-9)), 1, MOST_STEPS);
      double[] milliseconds = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        repeated.run(1); // the GPU works on this while the host launches what is timed
        milliseconds[i] = device.seconds(() -> repeated.run(times)) / times * 1e3;
      }
      step.requireFinite();
      return line(rule, cell, Spread.of(milliseconds));
    }
  }

  /** Steps with their numbers. */
  private static final class Repeated {
    private final TrainingStep step;
    private long done;

    Repeated(TrainingStep step) {
      this.step = step;
    }

    void run(int times) {
      for (int i = 0; i < times; i++) {
        step.run(LEARNING_RATE, done++);
      }
    }
  }

  private ResultLine line(Rule rule, PeerCell cell, Spread spread) {
    String name = device.name();
    return ResultLine.of(PyTorchRun.EXPERIMENT, Metric.MS_PER_STEP)
        .data("random")
        .model(ResultLine.Model.MLP)
        .implementation(ResultLine.Implementation.FEEDLIGHT)
        .optimizer("sgd")
        .dtype(device.precision().label())
        .rule(rule)
        .width(cell.width())
        .depth(cell.depth())
        .batch(cell.batch())
        .device(name.equals("cpu") ? name : name + ": " + device.identity().model())
        .value(spread.median())
        .spread(spread.low(), spread.high())
        .n(rounds)
        .commit(Commit.current())
        .build();
  }
}
