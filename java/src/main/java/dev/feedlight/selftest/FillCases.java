package dev.feedlight.selftest;

import dev.feedlight.device.Operation;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/** Cases of {@link Operation.Fill} and {@link Operation.RandomFill}. */
final class FillCases {
  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1),
          new Shape(1, 3),
          new Shape(2, 8),
          new Shape(5, 13),
          new Shape(1, 127),
          new Shape(3, 43),
          new Shape(129, 511));

  private static final float[] VALUES = {
    0f, -0f, 1.5f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN
  };

  private FillCases() {}

  static void addTo(CaseList cases) {
    for (Shape shape : SHAPES) {
      for (float value : VALUES) {
        cases.add(
            Operation.Fill.class,
            shape.toString(),
            "with " + value,
            bench -> {
              Tensor target = target(bench, shape, "the value itself");
              bench.issue(ops -> ops.fill(target, value));
            });
      }
      for (Distribution distribution : Distribution.values()) {
        addRandom(cases, shape, distribution, 0.37f, 0x123456789ABCDEFL);
      }
    }
    for (Distribution distribution : Distribution.values()) {
      addRandom(cases, SHAPES.getLast(), distribution, 1, -1);
      addRandom(cases, SHAPES.get(3), distribution, 0, 1);
      addRandom(cases, SHAPES.get(4), distribution, 1e-40f, 1);
    }
  }

  private static void addRandom(
      CaseList cases, Shape shape, Distribution distribution, float scale, long key) {
    cases.add(
        Operation.RandomFill.class,
        shape.toString(),
        String.format(Locale.ROOT, "%s scale %s key %x", distribution, scale, key),
        bench -> {
          Tensor target = target(bench, shape, "integers and one rounded product");
          bench.issue(ops -> ops.randomFill(target, distribution, scale, key));
        });
  }

  private static Tensor target(Workbench bench, Shape shape, String reason) {
    // Not the bench's pattern, which is NaN: one of the values to fill with.
    Matrix old = bench.values().uniform((int) shape.rows(), (int) shape.columns());
    Tensor target = bench.floats("target", Layout.DENSE, old);
    bench.compare(target, Tolerance.exact(reason));
    return target;
  }
}
