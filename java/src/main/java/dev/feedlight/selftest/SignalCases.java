package dev.feedlight.selftest;

import dev.feedlight.device.OpticalOperation;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/**
 * Cases of {@link OpticalOperation.ErrorNormScale} and {@link OpticalOperation.SubtractBatchMean}.
 */
final class SignalCases {
  private static final List<Shape> SHAPES =
      List.of(
          new Shape(2, 1),
          new Shape(2, 16),
          new Shape(3, 7),
          new Shape(5, 17),
          new Shape(31, 65),
          new Shape(7, 127),
          new Shape(129, 1021));

  private SignalCases() {}

  static void addTo(CaseList cases) {
    addScale(cases, new Shape(1, 1), Layout.DENSE, 1, 1, 1);
    for (Layout layout : Layout.values()) {
      for (Shape shape : SHAPES) {
        addScale(cases, shape, layout, 1, 1, 1000);
        addMean(cases, shape, layout, 0);
        addMean(cases, shape, layout, 100);
      }
      addScale(cases, SHAPES.get(3), layout, 1, 0, 1);
      addScale(cases, SHAPES.get(3), layout, 1, 1e-15f, 7);
      addScale(cases, SHAPES.get(3), layout, 0.25f, 1e15f, 5_000_000_000L);
    }
    cases.add(
        OpticalOperation.SubtractBatchMean.class,
        "5 x 17",
        "with NaN and infinity",
        bench -> {
          Matrix signal = bench.values().uniform(5, 17).with(2, 3, Float.NaN);
          subtract(bench, signal.with(0, 16, Float.POSITIVE_INFINITY), Layout.DENSE);
        });
  }

  private static void addScale(
      CaseList cases, Shape shape, Layout layout, float gain, float magnitude, long outputs) {
    cases.add(
        OpticalOperation.ErrorNormScale.class,
        shape.toString(),
        String.format(
            Locale.ROOT, "errors up to %s gain %s outputs %d %s", magnitude, gain, outputs, layout),
        bench -> {
          int rows = (int) shape.rows();
          int columns = (int) shape.columns();
          Matrix error = bench.values().uniform(rows, columns, -magnitude, magnitude);
          int[] counts = bench.values().labels(2 * rows, columns + 1);
          // A sample of which nothing is left.
          counts[2 * (rows / 2)] = 0;
          counts[2 * (rows / 2) + 1] = 0;
          Tensor e = bench.floats("error", layout, error);
          Tensor n = bench.integers("counts", Layout.DENSE, new Shape(rows, 2), counts);
          Tensor scale =
              bench.result(
                  "row scale",
                  Layout.DENSE,
                  Shape.vector(rows),
                  Tolerance.bounded(
                      Rounding.SUM_REASON + ", halved by the root; 8 x 2^-24 for the rest",
                      () -> scaleBounds(error, counts, gain, outputs)));
          bench.issue(ops -> ops.errorNormScale(scale, e, n, gain, outputs));
        });
  }

  private static double[] scaleBounds(Matrix error, int[] counts, float gain, long outputs) {
    double[] bounds = new double[error.rows()];
    for (int sample = 0; sample < bounds.length; sample++) {
      double squares = 0;
      for (int column = 0; column < error.columns(); column++) {
        squares += (double) error.at(sample, column) * error.at(sample, column);
      }
      double mirrors = (double) counts[2 * sample] + counts[2 * sample + 1];
      double scale = mirrors == 0 ? 0 : gain * Math.sqrt(squares / (mirrors * outputs));
      bounds[sample] = scale * (Rounding.sum(error.columns(), 1) / 2 + 8 * Rounding.UNIT);
    }
    return bounds;
  }

  private static void addMean(CaseList cases, Shape shape, Layout layout, double offset) {
    cases.add(
        OpticalOperation.SubtractBatchMean.class,
        shape.toString(),
        "around " + offset + " " + layout,
        bench -> {
          int rows = (int) shape.rows();
          int columns = (int) shape.columns();
          Matrix signal = bench.values().uniform(rows, columns, offset - 1, offset + 1);
          subtract(bench, signal, layout);
        });
  }

  private static void subtract(Workbench bench, Matrix signal, Layout layout) {
    Tensor tensor = bench.floats("signal", layout, signal);
    bench.compare(
        tensor,
        Tolerance.bounded(
            Rounding.SUM_REASON + " over the batch; 2 x 2^-24 for the difference",
            () -> meanBounds(signal)));
    bench.issue(ops -> ops.subtractBatchMean(tensor));
  }

  private static double[] meanBounds(Matrix signal) {
    double[] bounds = new double[signal.values().length];
    for (int i = 0; i < bounds.length; i++) {
      double magnitude = 0;
      for (int sample = 0; sample < signal.rows(); sample++) {
        magnitude += Math.abs(signal.at(sample, i % signal.columns()));
      }
      double mean = magnitude / signal.rows();
      bounds[i] =
          Rounding.sum(signal.rows(), magnitude) / signal.rows()
              + 2 * Rounding.UNIT * (mean + Math.abs(signal.values()[i]));
    }
    return bounds;
  }
}
