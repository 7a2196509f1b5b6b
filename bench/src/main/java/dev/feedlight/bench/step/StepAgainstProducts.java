package dev.feedlight.bench.step;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.tensor.Tensor;

/**
 * A training step beside its bare matrix products: the same shapes on the same device without bias,
 * activation, mask, loss, checks and optics. What lies between the two is what the step costs on
 * top.
 */
public final class StepAgainstProducts implements AutoCloseable {
  private static final float LEARNING_RATE = 1e-6f;

  private final Scope weights;
  private final TrainingStep step;
  private final Runnable products;
  private final long productFlops;
  private long steps;

  /**
   * Prepares both.
   *
   * @param device where they run
   * @param rule the learning rule
   * @param width of input, hidden layers and output
   * @param depth hidden layers, at least 1
   * @param batch samples per step
   * @param seed of weights and feedback
   */
  public StepAgainstProducts(
      Device device, LearningRule rule, long width, int depth, long batch, long seed) {
    this.weights = device.openScope("weights");
    this.step =
        new TrainingStep(
            device,
            SquareNetwork.build(device, weights, width, depth, seed),
            rule,
            Loss.MEAN_SQUARED_ERROR,
            Optimizer.sgd(),
            batch,
            seed);
    device.eager().fill(step.input(), 0.1f);
    device.eager().fill(step.target(), 0.1f);
    Plan bare = bareProducts(device, step.plan());
    this.products = device.prepare(bare);
    this.productFlops = bare.flops();
  }

  /**
   * The matrix products of a plan, on the plan's own memory.
   *
   * @param device where they run
   * @param plan of a training step
   * @return its products without bias, activation and everything else
   */
  public static Plan bareProducts(Device device, Plan plan) {
    return Plan.record(
        "bare products of " + plan.name(),
        device.kernels(),
        ops -> {
          for (Operation operation : plan.operations()) {
            switch (operation) {
              case Operation.LinearForward(
                      Tensor y,
                      Tensor _,
                      Tensor x,
                      Parameter weight,
                      Parameter _,
                      Activation _) ->
                  ops.linearForward(y, null, x, weight, null, Activation.IDENTITY);
              case Operation.LinearBackwardInput(
                      Tensor dx,
                      Tensor dz,
                      Parameter weight,
                      Tensor _,
                      Activation _) ->
                  ops.linearBackwardInput(dx, dz, weight, null, Activation.IDENTITY);
              case Operation.LinearUpdate update ->
                  ops.linearUpdate(
                      update.weight(),
                      null,
                      update.x(),
                      update.dy(),
                      null,
                      Activation.IDENTITY,
                      update.target(),
                      update.control());
              default -> {}
            }
          }
        });
  }

  /** Runs one training step. */
  public void runStep() {
    step.run(LEARNING_RATE, steps++);
  }

  /** Runs the products of one step. */
  public void runProducts() {
    products.run();
  }

  /**
   * Operations of the products.
   *
   * @return multiplications and additions per step
   */
  public long productFlops() {
    return productFlops;
  }

  @Override
  public void close() {
    step.close();
    weights.close();
  }
}
