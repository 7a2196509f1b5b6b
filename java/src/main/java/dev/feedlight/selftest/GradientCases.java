package dev.feedlight.selftest;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Precision;
import dev.feedlight.device.reference.ReferenceActivations;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** Cases of {@link Operation.ActivationGradient} and {@link Operation.LinearBackwardInput}. */
final class GradientCases {
  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1),
          new Shape(1, 15),
          new Shape(2, 16),
          new Shape(5, 17),
          new Shape(3, 127),
          new Shape(7, 129),
          new Shape(33, 1021));

  private GradientCases() {}

  static void addTo(CaseList cases) {
    for (Activation activation : Activation.values()) {
      for (Shape shape : SHAPES) {
        for (Layout layout : Layout.values()) {
          addElementwise(cases, shape, activation, layout, false);
          addElementwise(cases, shape, activation, layout, true);
        }
      }
      addSpecial(cases, activation);
      for (LinearShape shape : LinearShape.SMALL) {
        addProduct(cases, shape, activation, Layout.DENSE);
        addProduct(cases, shape, activation, Layout.SLICE);
      }
      for (LinearShape shape : LinearShape.FEW) {
        addProduct(cases, shape, activation, Layout.DENSE);
        addProduct(cases, shape, activation, Layout.SLICE);
      }
      addProduct(cases, LinearShape.LARGE, activation, Layout.SLICE);
    }
    for (LinearShape shape : LinearShape.WIDE) {
      addProduct(cases, shape.turned(), Activation.TANH, Layout.DENSE);
    }
  }

  private static void addElementwise(
      CaseList cases, Shape shape, Activation activation, Layout layout, boolean inPlace) {
    cases.add(
        Operation.ActivationGradient.class,
        shape.toString(),
        activation + (inPlace ? " in place " : " ") + layout,
        bench -> {
          int rows = (int) shape.rows();
          int columns = (int) shape.columns();
          Matrix dy = bench.values().uniform(rows, columns);
          Matrix saved = bench.values().saved(activation, rows, columns);
          elementwise(bench, dy, saved, activation, layout, inPlace);
        });
  }

  /** The values at which masks, limits and propagation are decided. */
  private static void addSpecial(CaseList cases, Activation activation) {
    cases.add(
        Operation.ActivationGradient.class,
        "6 x 19",
        activation + " with zeros, denormals, infinities and NaN",
        bench -> {
          float denormal = 1e-42f;
          Matrix dy = bench.values().uniform(6, 19);
          dy.with(0, 0, 0f).with(0, 1, -0f).with(0, 2, denormal).with(0, 3, Float.NaN);
          dy.with(0, 18, Float.POSITIVE_INFINITY).with(1, 0, Float.NaN).with(1, 1, 1e30f);
          Matrix saved = bench.values().saved(activation, 6, 19);
          if (saved != null) {
            saved.with(2, 0, 0f).with(2, 1, -0f).with(2, 2, denormal).with(2, 3, Float.NaN);
            saved.with(2, 4, 1f).with(2, 18, -denormal).with(5, 18, Float.NaN);
            // NaN in a masked dy.
            saved.with(1, 0, 0f);
          }
          elementwise(bench, dy, saved, activation, Layout.DENSE, false);
        });
  }

  private static void elementwise(
      Workbench bench,
      Matrix dy,
      Matrix saved,
      Activation activation,
      Layout layout,
      boolean inPlace) {
    boolean exact = activation == Activation.IDENTITY || activation == Activation.RELU;
    Tolerance tolerance =
        exact
            ? Tolerance.exact("a copy or a selection")
            : Tolerance.bounded(Rounding.reason(activation), () -> bounds(dy, saved, activation));
    Tensor in = bench.floats("dy", layout, dy);
    Tensor s = bench.optional("saved", layout, saved);
    Tensor out = inPlace ? in : bench.result("dz", layout, dy.shape(), tolerance);
    bench.compare(out, tolerance);
    bench.issue(ops -> ops.activationGradient(out, in, s, activation));
  }

  private static double[] bounds(Matrix dy, Matrix saved, Activation activation) {
    double[] bounds = new double[dy.values().length];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = Rounding.gradient(activation, dy.values()[i], saved.values()[i]);
    }
    return bounds;
  }

  private static void addProduct(
      CaseList cases, LinearShape s, Activation activation, Layout layout) {
    cases.add(
        Operation.LinearBackwardInput.class,
        s.toString(),
        activation + " " + layout,
        bench -> {
          Values v = bench.values();
          Precision precision = bench.precision();
          Matrix dz = v.uniform(s.batch(), s.outputs());
          Matrix w = v.uniform(s.outputs(), s.inputs());
          Matrix saved = v.saved(activation, s.batch(), s.inputs());
          Tensor in = bench.floats("dz", layout, dz);
          Parameter weight = bench.parameter("weight", w);
          Tensor kept = bench.optional("saved", layout, saved);
          Tensor dx =
              bench.result(
                  "dx",
                  layout,
                  new Shape(s.batch(), s.inputs()),
                  Tolerance.bounded(
                      Rounding.productReason(precision) + "; " + Rounding.reason(activation),
                      () ->
                          productBounds(
                              precision,
                              dz.operands(precision),
                              w.operands(precision),
                              saved,
                              activation)));
          bench.issue(ops -> ops.linearBackwardInput(dx, in, weight, kept, activation));
        });
  }

  private static double[] productBounds(
      Precision precision, Matrix dz, Matrix w, Matrix saved, Activation activation) {
    double[] bounds = new double[dz.rows() * w.columns()];
    for (int i = 0; i < bounds.length; i++) {
      int sample = i / w.columns();
      int input = i % w.columns();
      double sum = 0;
      double magnitude = 0;
      for (int output = 0; output < w.rows(); output++) {
        double term = (double) dz.at(sample, output) * w.at(output, input);
        sum += term;
        magnitude += Math.abs(term);
      }
      double s = saved == null ? 0 : saved.values()[i];
      double slope = Math.abs(ReferenceActivations.gradient(activation, 1, s));
      bounds[i] =
          slope * Rounding.product(precision, w.rows(), magnitude)
              + Rounding.gradient(activation, sum, s);
    }
    return bounds;
  }
}
