package dev.feedlight.selftest;

import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** Cases of {@link OpticalOperation.Ternarize}. */
final class TernaryCases {
  private static final Tolerance EXACT =
      Tolerance.exact("comparisons of floats rounded in one stated order");

  // The second row is the first one beyond 32 bits.
  private static final long PROJECTION = (1L << 32) - 1;

  private static final List<TernaryRule> RULES =
      List.of(
          new TernaryRule.Sign(),
          new TernaryRule.Absolute(0),
          new TernaryRule.Absolute(0.75f),
          new TernaryRule.RelativeToMax(0),
          new TernaryRule.RelativeToMax(0.3f),
          new TernaryRule.RelativeToRms(0),
          new TernaryRule.RelativeToRms(0.6f),
          new TernaryRule.RelativeToRms(1),
          new TernaryRule.Stochastic());

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1),
          new Shape(1, 10),
          new Shape(2, 3),
          new Shape(3, 17),
          new Shape(5, 63),
          new Shape(2, 64),
          new Shape(7, 65),
          new Shape(3, 129),
          new Shape(33, 1021));

  private TernaryCases() {}

  static void addTo(CaseList cases) {
    for (TernaryRule rule : RULES) {
      for (Shape shape : SHAPES) {
        for (Layout layout : Layout.values()) {
          cases.add(
              OpticalOperation.Ternarize.class,
              shape.toString(),
              rule + " " + layout,
              bench -> {
                // Errors of a mean over the batch: the absolute threshold is before that mean.
                double scale = 1.0 / shape.rows();
                int rows = (int) shape.rows();
                int columns = (int) shape.columns();
                issue(bench, bench.values().uniform(rows, columns, -scale, scale), rule, layout);
              });
        }
      }
      cases.add(
          OpticalOperation.Ternarize.class,
          "8 x 21",
          rule + " with special rows",
          bench -> issue(bench, special(bench), rule, Layout.DENSE));
    }
    // A NaN gives 0 by every rule; only these two have no threshold that it would spoil.
    for (TernaryRule rule : RULES.subList(0, 3)) {
      cases.add(
          OpticalOperation.Ternarize.class,
          "3 x 21",
          rule + " with NaN and infinities",
          bench -> {
            Matrix error = bench.values().uniform(3, 21).with(0, 0, Float.NaN);
            error.with(1, 20, Float.POSITIVE_INFINITY).with(2, 5, Float.NEGATIVE_INFINITY);
            issue(bench, error.with(2, 16, Float.NaN), rule, Layout.DENSE);
          });
    }
  }

  private static Matrix special(Workbench bench) {
    Matrix error = bench.values().uniform(8, 21);
    for (int column = 0; column < 21; column++) {
      error.with(0, column, column % 2 == 0 ? 0f : -0f);
      // Equal magnitudes: none exceeds the rms or the maximum.
      error.with(1, column, column % 3 == 0 ? 0.25f : -0.25f);
      error.with(2, column, (column - 10) * Float.MIN_VALUE);
      error.with(3, column, column == 20 ? -1 : 0);
      error.with(4, column, error.at(4, column) * 1e18f);
      // All and none on one side.
      error.with(5, column, Math.abs(error.at(5, column)));
      error.with(6, column, -Math.abs(error.at(6, column)));
    }
    return error.with(7, 3, -0f).with(7, 4, 0f).with(7, 20, 1);
  }

  private static void issue(Workbench bench, Matrix error, TernaryRule rule, Layout layout) {
    Tensor e = bench.floats("error", layout, error);
    Tensor ternary = bench.result("ternary", layout, error.shape(), DType.S8, EXACT);
    Shape pairs = new Shape(error.rows(), 2);
    Tensor counts = bench.result("counts", Layout.DENSE, pairs, DType.S32, EXACT);
    StepControl control = bench.control(PROJECTION);
    long key = bench.key();
    bench.issue(ops -> ops.ternarize(ternary, counts, e, rule, key, control));
  }
}
