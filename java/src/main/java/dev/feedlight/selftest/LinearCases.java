package dev.feedlight.selftest;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Precision;
import dev.feedlight.device.reference.ReferenceActivations;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** Cases of {@link Operation.LinearForward}. */
final class LinearCases {
  private LinearCases() {}

  static void addTo(CaseList cases) {
    for (LinearShape shape : LinearShape.SMALL) {
      for (Activation activation : Activation.values()) {
        for (Layout layout : Layout.values()) {
          add(cases, shape, activation, layout, true);
          add(cases, shape, activation, layout, false);
        }
      }
    }
    for (LinearShape shape : LinearShape.FEW) {
      for (Activation activation : Activation.values()) {
        add(cases, shape, activation, Layout.DENSE, true);
        add(cases, shape, activation, Layout.SLICE, false);
      }
    }
    for (Activation activation : Activation.values()) {
      add(cases, LinearShape.LARGE, activation, Layout.SLICE, true);
      addNotFinite(cases, activation);
    }
    for (LinearShape shape : LinearShape.WIDE) {
      add(cases, shape, Activation.TANH, Layout.DENSE, true);
    }
    addMagnitudes(cases);
  }

  private static void add(
      CaseList cases, LinearShape s, Activation activation, Layout layout, boolean biased) {
    // The pre-activation may be asked for where f' does not need it.
    boolean keep = activation.gradientNeedsPreActivation() || (layout == Layout.SLICE && biased);
    String variant =
        activation + (biased ? " bias" : " no bias") + (keep ? " keep z" : "") + " " + layout;
    cases.add(
        Operation.LinearForward.class,
        s.toString(),
        variant,
        bench -> {
          Values v = bench.values();
          Matrix x = v.uniform(s.batch(), s.inputs());
          Matrix w = v.uniform(s.outputs(), s.inputs());
          Matrix b = biased ? v.uniform(1, s.outputs()) : null;
          issue(bench, new Product(x, w, b), activation, layout, keep);
        });
  }

  private static void addNotFinite(CaseList cases, Activation activation) {
    cases.add(
        Operation.LinearForward.class,
        "4 x 9 -> 17",
        activation + " with NaN and infinities",
        bench -> {
          Values v = bench.values();
          // Positive weights: an infinite input gives an infinite sum, not infinity minus infinity.
          Matrix w = v.uniform(17, 9, 0.1, 1);
          Matrix x = v.uniform(4, 9).with(1, 3, Float.NaN).with(2, 8, Float.POSITIVE_INFINITY);
          if (activation != Activation.GELU) {
            // z Phi(z) is 0 times infinity in the limit; backends may say NaN or 0.
            x.with(3, 0, Float.NEGATIVE_INFINITY);
          }
          issue(bench, new Product(x, w, v.uniform(1, 17)), activation, Layout.DENSE, true);
        });
  }

  private static void addMagnitudes(CaseList cases) {
    float[] scales = {0f, -0f, 1e-42f, 1e-30f, 1e17f};
    for (float scale : scales) {
      cases.add(
          Operation.LinearForward.class,
          "3 x 19 -> 18",
          "x scaled by " + scale,
          bench -> {
            Values v = bench.values();
            Matrix x = v.uniform(3, 19).map(value -> value * scale);
            Matrix w = v.uniform(18, 19).map(value -> scale > 1 ? value * scale : value);
            issue(bench, new Product(x, w, null), Activation.IDENTITY, Layout.DENSE, false);
          });
    }
  }

  private static void issue(
      Workbench bench, Product product, Activation activation, Layout layout, boolean keep) {
    Shape shape = new Shape(product.x.rows(), product.w.rows());
    Precision precision = bench.precision();
    Tensor x = bench.floats("x", layout, product.x);
    Parameter weight = bench.parameter("weight", product.w);
    Parameter bias = product.b == null ? null : bench.parameter("bias", product.b);
    Tensor z =
        keep
            ? bench.result(
                "pre-activation",
                layout,
                shape,
                Tolerance.bounded(
                    Rounding.productReason(precision),
                    () -> product.bounds(Activation.IDENTITY, precision)))
            : null;
    Tensor y =
        bench.result(
            "y",
            layout,
            shape,
            Tolerance.bounded(
                Rounding.productReason(precision) + "; " + Rounding.reason(activation),
                () -> product.bounds(activation, precision)));
    bench.issue(ops -> ops.linearForward(y, z, x, weight, bias, activation));
  }

  private record Product(Matrix x, Matrix w, Matrix b) {
    double[] bounds(Activation activation, Precision precision) {
      Matrix left = x.operands(precision);
      Matrix right = w.operands(precision);
      double[] bounds = new double[x.rows() * w.rows()];
      for (int i = 0; i < bounds.length; i++) {
        int sample = i / w.rows();
        int output = i % w.rows();
        double z = b == null ? 0 : b.at(0, output);
        double magnitude = Math.abs(z);
        for (int input = 0; input < x.columns(); input++) {
          double term = (double) left.at(sample, input) * right.at(output, input);
          z += term;
          magnitude += Math.abs(term);
        }
        double value = ReferenceActivations.value(activation, z);
        double error = Rounding.product(precision, x.columns() + 1, magnitude);
        bounds[i] = Rounding.activation(activation, z, value, error);
      }
      return bounds;
    }
  }
}
