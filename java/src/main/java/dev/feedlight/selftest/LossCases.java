package dev.feedlight.selftest;

import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** Cases of {@link Operation.SoftmaxCrossEntropy} and {@link Operation.MeanSquaredError}. */
final class LossCases {
  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1),
          new Shape(1, 2),
          new Shape(3, 10),
          new Shape(5, 17),
          new Shape(17, 31),
          new Shape(2, 129),
          new Shape(33, 1021));

  private LossCases() {}

  static void addTo(CaseList cases) {
    for (Layout layout : Layout.values()) {
      for (Shape shape : SHAPES) {
        for (double scale : new double[] {1, 30, 1000}) {
          cases.add(
              Operation.SoftmaxCrossEntropy.class,
              shape.toString(),
              "logits up to " + scale + " " + layout,
              bench -> softmax(bench, logits(bench, shape, scale), layout));
          cases.add(
              Operation.MeanSquaredError.class,
              shape.toString(),
              "values up to " + scale + " " + layout,
              bench ->
                  squares(bench, logits(bench, shape, scale), logits(bench, shape, scale), layout));
        }
        addWeighted(cases, shape, layout);
      }
    }
    addSpecial(cases);
  }

  /** One row of weights for all, and a row for each. */
  private static void addWeighted(CaseList cases, Shape shape, Layout layout) {
    for (long rows : shape.rows() == 1 ? new long[] {1} : new long[] {1, shape.rows()}) {
      cases.add(
          Operation.MeanSquaredError.class,
          shape.toString(),
          rows + " rows of weights " + layout,
          bench ->
              squares(
                  bench,
                  logits(bench, new Shape(2 * shape.rows(), shape.columns()), 1),
                  logits(bench, new Shape(2 * shape.rows(), shape.columns()), 1),
                  bench.values().uniform((int) rows, (int) shape.columns(), 0, 2),
                  layout));
    }
  }

  private static void addSpecial(CaseList cases) {
    Shape shape = new Shape(5, 11);
    String extents = shape.toString();
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      cases.add(
          Operation.SoftmaxCrossEntropy.class,
          extents,
          "one logit " + value,
          bench -> softmax(bench, logits(bench, shape, 1).with(2, 7, value), Layout.DENSE));
      cases.add(
          Operation.MeanSquaredError.class,
          extents,
          "one prediction " + value,
          bench ->
              squares(
                  bench,
                  logits(bench, shape, 1).with(4, 10, value),
                  logits(bench, shape, 1),
                  Layout.DENSE));
    }
    cases.add(
        Operation.SoftmaxCrossEntropy.class,
        extents,
        "equal logits",
        bench -> softmax(bench, logits(bench, shape, 0), Layout.DENSE));
    cases.add(
        Operation.MeanSquaredError.class,
        extents,
        "equal values",
        bench -> squares(bench, logits(bench, shape, 0), logits(bench, shape, 0), Layout.DENSE));
    cases.add(
        Operation.SoftmaxCrossEntropy.class,
        extents,
        "a class masked by minus infinity",
        bench -> {
          Matrix logits = logits(bench, shape, 2);
          for (int sample = 0; sample < 5; sample++) {
            logits.with(sample, 10, Float.NEGATIVE_INFINITY);
          }
          softmax(bench, logits, bench.values().labels(5, 10), Layout.DENSE);
        });
  }

  private static Matrix logits(Workbench bench, Shape shape, double scale) {
    return bench.values().uniform((int) shape.rows(), (int) shape.columns(), -scale, scale);
  }

  private static void softmax(Workbench bench, Matrix logits, Layout layout) {
    softmax(bench, logits, bench.values().labels(logits.rows(), logits.columns()), layout);
  }

  private static void softmax(Workbench bench, Matrix logits, int[] labels, Layout layout) {
    String reason = "exp to 2e-6 of arguments rounded at 2^-24 |argument|; " + Rounding.SUM_REASON;
    Tensor z = bench.floats("logits", layout, logits);
    Tensor classes = bench.integers("labels", Layout.DENSE, Shape.vector(labels.length), labels);
    Tensor loss =
        bench.result(
            "loss",
            Layout.DENSE,
            Shape.vector(1),
            Tolerance.bounded(reason, () -> new SoftmaxBounds(logits, labels).loss()));
    Tensor error =
        bench.result(
            "error",
            layout,
            logits.shape(),
            Tolerance.bounded(reason, () -> new SoftmaxBounds(logits, labels).error()));
    bench.issue(ops -> ops.softmaxCrossEntropy(loss, error, z, classes));
  }

  private static void squares(Workbench bench, Matrix prediction, Matrix target, Layout layout) {
    squares(bench, prediction, target, null, layout);
  }

  private static void squares(
      Workbench bench, Matrix prediction, Matrix target, Matrix weights, Layout layout) {
    Tensor w = weights == null ? null : bench.floats("weights", layout, weights);
    Tensor p = bench.floats("prediction", layout, prediction);
    Tensor t = bench.floats("target", layout, target);
    Tensor loss =
        bench.result(
            "loss",
            Layout.DENSE,
            Shape.vector(1),
            Tolerance.bounded(
                Rounding.SUM_REASON, () -> new double[] {lossBound(prediction, target, weights)}));
    Tensor error =
        bench.result(
            "error",
            layout,
            prediction.shape(),
            Tolerance.bounded(
                "a difference, weight, factor, their products and the oracle: 6 x 2^-24 relative",
                () -> errorBounds(prediction, target, weights)));
    bench.issue(ops -> ops.meanSquaredError(loss, error, p, t, w));
  }

  private static double weight(Matrix weights, int element) {
    return weights == null ? 1 : weights.values()[element % weights.values().length];
  }

  private static double lossBound(Matrix prediction, Matrix target, Matrix weights) {
    int n = prediction.values().length;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double difference = (double) prediction.values()[i] - target.values()[i];
      sum += weight(weights, i) * difference * difference;
    }
    return Rounding.sum(n, sum) / n;
  }

  private static double[] errorBounds(Matrix prediction, Matrix target, Matrix weights) {
    int n = prediction.values().length;
    double[] bounds = new double[n];
    for (int i = 0; i < n; i++) {
      double difference = Math.abs((double) prediction.values()[i] - target.values()[i]);
      double error = 2 * weight(weights, i) * difference / n;
      bounds[i] = 6 * Rounding.UNIT * error + 2 * Rounding.SMALLEST;
    }
    return bounds;
  }
}
