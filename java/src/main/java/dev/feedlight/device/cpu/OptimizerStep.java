package dev.feedlight.device.cpu;

import dev.feedlight.device.Gradients;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** One step of an optimizer on a part of a parameter, with the rates of the control block. */
final class OptimizerStep {
  private OptimizerStep() {}

  /**
   * Updates {@code n} consecutive elements.
   *
   * @param control address of the control words
   * @param gradient address of the first one's gradient
   * @param first number of the first element
   */
  static void run(
      Loops loops,
      Parameter parameter,
      Optimizer optimizer,
      long control,
      long gradient,
      long first,
      long n) {
    List<Tensor> state = parameter.state();
    loops.update(
        optimizer,
        parameter.value().address() + 4 * first,
        gradient,
        state.isEmpty() ? 0 : state.get(0).address() + 4 * first,
        state.size() < 2 ? 0 : state.get(1).address() + 4 * first,
        n,
        rate(parameter, control),
        parameter.group().decay(),
        CpuAddress.getFloat(control + StepControl.CORRECTION_1),
        CpuAddress.getFloat(control + StepControl.CORRECTION_2));
  }

  /**
   * Hands the gradient of {@code n} consecutive elements to where an update's goes.
   *
   * @param control address of the control words
   * @param gradient address of the first one's gradient
   * @param first number of the first element
   */
  static void take(
      Loops loops,
      UpdateTarget target,
      Parameter parameter,
      long control,
      long gradient,
      long first,
      long n) {
    switch (target) {
      case UpdateTarget.Apply(Optimizer optimizer) ->
          run(loops, parameter, optimizer, control, gradient, first, n);
      case UpdateTarget.Accumulate(Gradients gradients, float beta) ->
          loops.accumulate(gradients.of(parameter).address() + 4 * first, gradient, n, beta);
    }
  }

  /** The learning rate of a parameter. */
  static float rate(Parameter parameter, long control) {
    return CpuAddress.getFloat(control + StepControl.LEARNING_RATE)
        * parameter.group().learningRateFactor();
  }
}
