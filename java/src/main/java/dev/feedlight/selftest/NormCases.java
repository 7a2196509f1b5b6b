package dev.feedlight.selftest;

import dev.feedlight.device.Optimizer;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.TrainingOperation.GradientNorm.Part;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Cases of {@link TrainingOperation.GradientNorm}: below and above the limit, 0, not finite. */
final class NormCases {
  private static final long STEP = (5L << 32) + 7;

  private static final String UNCHANGED = "nothing may change while the failure is set";

  private static final List<List<Shape>> SHAPES =
      List.of(
          List.of(new Shape(1, 1)),
          List.of(new Shape(3, 5), new Shape(1, 3)),
          List.of(new Shape(17, 31), new Shape(1, 17), new Shape(2, 129), new Shape(1, 2)),
          // More than one partial sum.
          List.of(new Shape(129, 1021), new Shape(1, 129), new Shape(33, 1021)));

  private NormCases() {}

  static void addTo(CaseList cases) {
    for (List<Shape> shapes : SHAPES) {
      add(cases, new Scenario(shapes, "below the limit", 1, 1e6f));
      add(cases, new Scenario(shapes, "above the limit", 1, 0.01f));
      add(cases, new Scenario(shapes, "a third below the limit", 1f / 3, 1e6f));
      add(cases, new Scenario(shapes, "a third above the limit", 1f / 3, 0.01f));
      add(cases, new Scenario(shapes, "zero", 0.5f, 1).scaled(0));
      add(cases, new Scenario(shapes, "tiny", 1, 1e-30f).scaled(1e-25f));
      add(cases, new Scenario(shapes, "huge", 1, 1e30f).scaled(1e34f));
      add(cases, new Scenario(shapes, "first NaN", 1, 1).with(0, Float.NaN));
      int last = shapes.size() - 1;
      add(cases, new Scenario(shapes, "last infinite", 1, 1).with(last, Float.POSITIVE_INFINITY));
      add(cases, new Scenario(shapes, "a second failure", 1, 1).with(0, Float.NaN).afterFailure());
    }
    // Every element is finite, the norm is not.
    add(
        cases,
        new Scenario(SHAPES.getLast(), "too large for fp32", 1, 1).scaled(Float.MAX_VALUE / 2));
  }

  private static void add(CaseList cases, Scenario scenario) {
    cases.add(
        TrainingOperation.GradientNorm.class,
        String.join(", ", scenario.shapes.stream().map(Shape::toString).toList()),
        scenario.name + " scale " + scenario.scale + " limit " + scenario.limit,
        scenario::run);
  }

  /** Gradients of a network whose blocks have the numbers 3, 4 and so on. */
  private record Scenario(
      List<Shape> shapes,
      String name,
      float scale,
      float limit,
      float magnitude,
      int culprit,
      float bad,
      boolean failed) {
    Scenario(List<Shape> shapes, String name, float scale, float limit) {
      this(shapes, name, scale, limit, 1, -1, 0, false);
    }

    Scenario scaled(float factor) {
      return new Scenario(shapes, name, scale, limit, factor, culprit, bad, failed);
    }

    Scenario with(int gradient, float value) {
      return new Scenario(shapes, name, scale, limit, magnitude, gradient, value, failed);
    }

    Scenario afterFailure() {
      return new Scenario(shapes, name, scale, limit, magnitude, culprit, bad, true);
    }

    void run(Workbench bench) {
      List<Part> parts = new ArrayList<>();
      List<Matrix> gradients = new ArrayList<>();
      for (int i = 0; i < shapes.size(); i++) {
        Shape shape = shapes.get(i);
        Matrix gradient =
            bench
                .values()
                .uniform((int) shape.rows(), (int) shape.columns())
                .map(value -> value * magnitude);
        if (i == culprit) {
          gradient.with(gradient.rows() / 2, gradient.columns() / 2, bad);
        }
        gradients.add(gradient);
        parts.add(new Part(bench.floats("gradient " + i, Layout.DENSE, gradient), i + 3));
      }
      Tensor norm = bench.floats("norm", Layout.DENSE, bench.values().uniform(1, 1));
      Tensor factor = bench.floats("factor", Layout.DENSE, bench.values().uniform(1, 1));
      double exact = norm(gradients);
      bench.compare(norm, tolerance(exact));
      bench.compare(factor, tolerance(scale * Math.min(1, limit / exact)));
      StepControl control = bench.control(0);
      control.begin(Optimizer.sgd(), 0.1f, STEP, 1);
      if (failed) {
        bench.fail(control, 11);
      }
      bench.compare(control.words(), Tolerance.exact("a flag and two numbers"));
      bench.issue(ops -> ops.gradientNorm(norm, factor, parts, scale, limit, control));
    }

    private double norm(List<Matrix> gradients) {
      double squares = 0;
      for (Matrix gradient : gradients) {
        for (float value : gradient.values()) {
          squares += (double) value * value;
        }
      }
      return scale * Math.sqrt(squares);
    }

    private Tolerance tolerance(double value) {
      return failed
          ? Tolerance.exact(UNCHANGED)
          : Tolerance.bounded(
              "sums in double, rounded to fp32 at the end: 2^-23",
              () -> new double[] {2 * Rounding.UNIT * value + Rounding.SMALLEST});
    }
  }
}
