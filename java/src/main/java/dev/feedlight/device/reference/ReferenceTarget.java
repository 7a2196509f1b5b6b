package dev.feedlight.device.reference;

import dev.feedlight.device.Gradients;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/** Where the gradient of one parameter goes, element by element. */
@FunctionalInterface
interface ReferenceTarget {
  void accept(long row, long column, double gradient);

  static ReferenceTarget of(UpdateTarget target, Parameter parameter, ControlWords words) {
    return switch (target) {
      case UpdateTarget.Apply(Optimizer optimizer) ->
          new ReferenceOptimizer(optimizer, parameter, words)::step;
      case UpdateTarget.Accumulate(Gradients gradients, float beta) ->
          accumulator(gradients.of(parameter), beta);
    };
  }

  /** Beta 0 overwrites: what was there, NaN included, must not matter. */
  private static ReferenceTarget accumulator(Tensor target, float beta) {
    Cells cells = new Cells(target);
    return (row, column, gradient) -> {
      double kept = beta == 0 ? 0 : (double) beta * cells.real(row, column);
      cells.put(row, column, (float) (kept + gradient));
    };
  }
}
