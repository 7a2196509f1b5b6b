package dev.feedlight.selftest;

import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * What an update may make of a parameter or of a kept gradient, whatever operation it belongs to.
 *
 * @param bench where the case runs
 * @param reason why gradients are off as far as they are
 * @param failed whether the sticky failure is set, so that nothing may change
 */
record UpdateExpectation(Workbench bench, String reason, boolean failed) {
  /** Learning rate of all cases. */
  static final float LEARNING_RATE = 0.05f;

  private static final String UNCHANGED = "nothing may change while the failure is set";

  /**
   * Says how a parameter and its state are compared.
   *
   * @param start its values before the first step
   * @param gradients one for each step, known once they have run
   */
  void follow(
      Parameter parameter,
      Matrix start,
      Optimizer optimizer,
      Supplier<List<WeightGradient>> gradients) {
    // Values and state share one replay.
    Supplier<OptimizerReplay> replay =
        new Once<>(
            () -> {
              OptimizerReplay replayed =
                  new OptimizerReplay(optimizer, LEARNING_RATE, parameter.group(), start);
              List<WeightGradient> list = gradients.get();
              for (int step = 0; step < list.size(); step++) {
                replayed.step(step, list.get(step).value(), list.get(step).error());
              }
              return replayed;
            });
    bench.compare(parameter.value(), tolerance(() -> replay.get().valueBounds()));
    for (int slot = 0; slot < parameter.state().size(); slot++) {
      int number = slot;
      bench.compare(parameter.state().get(slot), tolerance(() -> replay.get().stateBounds(number)));
    }
  }

  private Tolerance tolerance(Supplier<double[]> bounds) {
    return failed ? Tolerance.exact(UNCHANGED) : Tolerance.bounded(OptimizerReplay.REASON, bounds);
  }

  /**
   * A kept gradient with something in it.
   *
   * @param beta 0 to overwrite, 1 to add
   * @param gradient what is added, known once it has run
   * @return the tensor that receives it
   */
  Tensor gradient(String name, Matrix old, float beta, Supplier<WeightGradient> gradient) {
    // What is to be overwritten must not matter, be it NaN.
    Matrix start = beta == 0 ? old.map(_ -> Double.NaN) : old;
    Tensor tensor = bench.floats(name, Layout.DENSE, start);
    bench.compare(
        tensor,
        failed
            ? Tolerance.exact(UNCHANGED)
            : Tolerance.bounded(
                reason,
                () -> {
                  double[] bounds = gradient.get().error().clone();
                  for (int i = 0; beta != 0 && i < bounds.length; i++) {
                    bounds[i] += 2 * Rounding.UNIT * Math.abs(old.values()[i]);
                  }
                  return bounds;
                }));
    return tensor;
  }
}
