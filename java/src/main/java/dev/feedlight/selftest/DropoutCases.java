package dev.feedlight.selftest;

import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** Cases of {@link TrainingOperation.Dropout}. */
final class DropoutCases {
  private static final Tolerance EXACT =
      Tolerance.exact("integers decide, and one product is rounded once");

  // The second row is the first one beyond 32 bits.
  private static final long SAMPLE = (1L << 32) - 1;

  /** The last one keeps one element of 2^24. */
  private static final float[] RATES = {0.1f, 0.5f, 0.9f, 0x1.fffffep-1f};

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1),
          new Shape(2, 3),
          new Shape(1, 15),
          new Shape(3, 16),
          new Shape(5, 17),
          new Shape(2, 127),
          new Shape(7, 129),
          new Shape(33, 1021),
          // Beyond the blocks that one stage of a vector loop makes.
          new Shape(3, 4101));

  private DropoutCases() {}

  static void addTo(CaseList cases) {
    for (Shape shape : SHAPES) {
      for (Layout layout : Layout.values()) {
        for (float rate : RATES) {
          add(cases, shape, rate, layout, false);
          add(cases, shape, rate, layout, true);
        }
        add(cases, shape, 0, layout, false);
      }
    }
    cases.add(
        TrainingOperation.Dropout.class,
        "6 x 19",
        "with zeros, denormals, infinities and NaN",
        bench -> {
          Matrix source = bench.values().uniform(6, 19);
          float[] special = {
            0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY
          };
          for (int i = 0; i < 3 * special.length; i++) {
            source.with(i % 6, i, special[i % special.length]);
            source.with((i + 1) % 6, i, special[i / 3]);
          }
          issue(bench, source, 0.5f, Layout.DENSE, false);
        });
  }

  private static void add(CaseList cases, Shape shape, float rate, Layout layout, boolean inPlace) {
    cases.add(
        TrainingOperation.Dropout.class,
        shape.toString(),
        "rate " + rate + (inPlace ? " in place " : " ") + layout,
        bench ->
            issue(
                bench,
                bench.values().uniform((int) shape.rows(), (int) shape.columns()),
                rate,
                layout,
                inPlace));
  }

  private static void issue(
      Workbench bench, Matrix values, float rate, Layout layout, boolean inPlace) {
    Tensor source = bench.floats("source", layout, values);
    Tensor result = inPlace ? source : bench.result("result", layout, values.shape(), EXACT);
    bench.compare(result, EXACT);
    StepControl control = bench.control(SAMPLE);
    long key = bench.key();
    bench.issue(ops -> ops.dropout(result, source, rate, key, control));
  }
}
