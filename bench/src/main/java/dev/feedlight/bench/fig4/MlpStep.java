package dev.feedlight.bench.fig4;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.step.SquareNetwork;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;

/**
 * A training step of Fig. 4 on random dummy data: a {@link SquareNetwork}; mean squared error, so
 * that the error to be projected is as wide as the network; plain SGD.
 *
 * <p>The data lie on the device: copying a batch is not part of the step. Reading the loss is; it
 * waits for the device.
 */
final class MlpStep implements WarmUp.Work {
  /** Small, so that thousands of steps on one batch leave the size of the error alone (ours). */
  private static final float LEARNING_RATE = 1e-3f;

  private final DeviceChoice choice;
  private final Scope weights;
  private final TrainingStep step;
  private long number;

  MlpStep(
      LearningRule rule, int width, int depth, int batch, String device, int threads, long seed) {
    this.choice = DeviceChoice.open(device, threads);
    Device on = choice.device();
    this.weights = on.openScope("weights");
    this.step =
        new TrainingStep(
            on,
            SquareNetwork.build(on, weights, width, depth, seed),
            rule,
            Loss.MEAN_SQUARED_ERROR,
            Optimizer.sgd(),
            batch,
            seed);
    on.eager().randomFill(step.input(), Distribution.NORMAL, 1, seed);
    on.eager().randomFill(step.target(), Distribution.NORMAL, 1, seed + 1);
  }

  /** Steps one after the other; returns the loss of the last, which waits for the device. */
  float runAndRead(int steps) {
    for (int i = 0; i < steps; i++) {
      step.run(LEARNING_RATE, number++);
    }
    return step.loss();
  }

  @Override
  public void run() {
    runAndRead(1);
  }

  /** Updates are skipped once values are not finite, so a time measured then means nothing. */
  void requireFinite() {
    step.requireFinite();
  }

  @Override
  public void close() {
    step.close();
    weights.close();
    choice.close();
  }
}
