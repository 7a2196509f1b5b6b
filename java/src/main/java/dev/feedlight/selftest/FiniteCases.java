package dev.feedlight.selftest;

import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** Cases of {@link Operation.FiniteCheck}: where the culprit stands, and what is kept of it. */
final class FiniteCases {
  // Beyond 32 bits, so that both words of the step show.
  private static final long STEP = (5L << 32) + 7;

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1),
          new Shape(1, 17),
          new Shape(3, 31),
          new Shape(2, 129),
          new Shape(65, 1021));

  private static final float[] CULPRITS = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
  };

  private FiniteCases() {}

  static void addTo(CaseList cases) {
    for (Shape shape : SHAPES) {
      for (Layout layout : Layout.values()) {
        add(cases, shape, layout, "all finite", 4, false, new int[0]);
        int last = (int) shape.elements() - 1;
        add(cases, shape, layout, "first not finite", 0, false, 0);
        add(cases, shape, layout, "middle not finite", 7, false, last / 2);
        add(cases, shape, layout, "last not finite", 1000, false, last);
        add(cases, shape, layout, "first and last not finite", 2, false, 0, last);
        add(cases, shape, layout, "a second failure", 2, true, last);
      }
    }
  }

  private static void add(
      CaseList cases,
      Shape shape,
      Layout layout,
      String what,
      int block,
      boolean failedBefore,
      int... where) {
    cases.add(
        Operation.FiniteCheck.class,
        shape.toString(),
        what + " " + layout,
        bench -> {
          // The largest and the smallest floats are finite.
          Matrix values =
              bench
                  .values()
                  .uniform((int) shape.rows(), (int) shape.columns())
                  .map(
                      value ->
                          value > 0.9 ? Float.MAX_VALUE : value < -0.9 ? -Float.MIN_VALUE : value);
          for (int i = 0; i < where.length; i++) {
            values.values()[where[i]] = CULPRITS[(block + i) % CULPRITS.length];
          }
          Tensor tensor = bench.floats("values", layout, values);
          StepControl control = bench.control(0);
          control.begin(Optimizer.sgd(), 0.1f, STEP, 1);
          if (failedBefore) {
            bench.fail(control, 11);
          }
          bench.compare(control.words(), Tolerance.exact("a flag and two numbers"));
          bench.issue(ops -> ops.finiteCheck(tensor, block, control));
        });
  }
}
