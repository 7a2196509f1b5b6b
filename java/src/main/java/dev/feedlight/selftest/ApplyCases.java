package dev.feedlight.selftest;

import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Parameter.Group;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** Cases of {@link TrainingOperation.ApplyGradient}: every optimizer, three steps. */
final class ApplyCases {
  private static final float LEARNING_RATE = 0.05f;
  private static final int STEPS = 3;

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1),
          new Shape(3, 5),
          new Shape(1, 17),
          new Shape(31, 65),
          // More than one panel, and a part for each thread.
          new Shape(65, 1021));

  private ApplyCases() {}

  static void addTo(CaseList cases) {
    UpdateCases.OPTIMIZERS.keySet().stream()
        .sorted()
        .forEach(
            name -> {
              for (Shape shape : SHAPES) {
                for (float factor : new float[] {1, 0.25f, 1f / 3}) {
                  add(cases, shape, name, factor, Group.WEIGHTS, false);
                }
              }
              add(cases, SHAPES.get(2), name, 0.7f, new Group(0.5f, false), false);
              add(cases, SHAPES.get(2), name, 0, Group.WEIGHTS, false);
              add(cases, SHAPES.get(2), name, 0.7f, Group.WEIGHTS, true);
            });
  }

  private static void add(
      CaseList cases, Shape shape, String name, float factor, Group group, boolean failed) {
    Optimizer optimizer = UpdateCases.OPTIMIZERS.get(name);
    cases.add(
        TrainingOperation.ApplyGradient.class,
        shape.toString(),
        name
            + " factor "
            + factor
            + (group.equals(Group.WEIGHTS) ? "" : " learning rate x " + group.learningRateFactor())
            + (failed ? " after a failure" : ""),
        bench -> run(bench, shape, optimizer, factor, group, failed));
  }

  private static void run(
      Workbench bench,
      Shape shape,
      Optimizer optimizer,
      float factor,
      Group group,
      boolean failed) {
    int rows = (int) shape.rows();
    int columns = (int) shape.columns();
    Matrix start = bench.values().uniform(rows, columns);
    List<Matrix> gradients =
        List.of(
            bench.values().uniform(rows, columns),
            bench.values().uniform(rows, columns),
            bench.values().uniform(rows, columns));
    Parameter parameter = bench.parameter("parameter", start, group, optimizer);
    Once<OptimizerReplay> replay =
        new Once<>(
            () -> {
              OptimizerReplay replayed =
                  new OptimizerReplay(optimizer, LEARNING_RATE, group, start);
              for (int step = 0; step < STEPS; step++) {
                scaled(replayed, step, gradients.get(step), factor);
              }
              return replayed;
            });
    bench.compare(parameter.value(), tolerance(failed, () -> replay.get().valueBounds()));
    for (int slot = 0; slot < optimizer.stateSlots(); slot++) {
      int number = slot;
      bench.compare(
          parameter.state().get(slot), tolerance(failed, () -> replay.get().stateBounds(number)));
    }
    Tensor gradient = bench.floats("gradient", Layout.DENSE, gradients.getFirst());
    Tensor scale = bench.floats("factor", Layout.DENSE, Matrix.of(1, 1, factor));
    StepControl control = bench.control(0);
    for (int step = 0; step < STEPS; step++) {
      bench.rewrite(gradient, gradients.get(step));
      control.begin(optimizer, LEARNING_RATE, step, 1);
      if (failed) {
        bench.fail(control, 3);
      }
      bench.issue(ops -> ops.applyGradient(parameter, gradient, scale, optimizer, control));
    }
  }

  private static void scaled(OptimizerReplay replay, int step, Matrix gradient, float factor) {
    double[] value = new double[gradient.values().length];
    double[] error = new double[value.length];
    for (int i = 0; i < value.length; i++) {
      value[i] = (double) factor * gradient.values()[i];
      error[i] = Rounding.UNIT * Math.abs(value[i]) + Rounding.SMALLEST;
    }
    replay.step(step, value, error);
  }

  private static Tolerance tolerance(boolean failed, Supplier<double[]> bounds) {
    return failed
        ? Tolerance.exact("nothing may change while the failure is set")
        : Tolerance.bounded(
            "the scaled gradient rounds at 2^-24; 2^-24 per operation of the rule, propagated step"
                + " by step",
            bounds);
  }
}
