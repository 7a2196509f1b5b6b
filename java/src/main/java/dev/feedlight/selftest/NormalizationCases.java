package dev.feedlight.selftest;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Gradients;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Cases of layer normalisation: forward, backward, update. */
final class NormalizationCases {
  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1),
          new Shape(1, 7),
          new Shape(2, 16),
          new Shape(5, 17),
          new Shape(13, 31),
          new Shape(24, 120),
          new Shape(3, 257),
          // More than one part for each thread, and more than a block of columns.
          new Shape(67, 523));

  /** What a normalisation may go without. */
  private enum With {
    NOTHING(false, false),
    GAIN_AND_BIAS(true, false),
    RESIDUAL(false, true),
    ALL(true, true);

    private final boolean parameters;
    private final boolean residual;

    With(boolean parameters, boolean residual) {
      this.parameters = parameters;
      this.residual = residual;
    }

    Matrix residual(Workbench bench, Shape shape) {
      return residual ? bench.values().uniform((int) shape.rows(), (int) shape.columns()) : null;
    }

    Matrix parameter(Matrix values) {
      return parameters ? values : null;
    }

    Parameter parameter(Workbench bench, String name, Matrix values) {
      return parameters ? bench.parameter(name, values) : null;
    }

    @Override
    public String toString() {
      return (parameters ? "" : " no gain") + (residual ? " residual" : "");
    }
  }

  private NormalizationCases() {}

  static void addTo(CaseList cases) {
    for (Shape shape : SHAPES) {
      for (Layout layout : Layout.values()) {
        addForward(cases, shape, layout, 0, 1, With.GAIN_AND_BIAS);
        addForward(cases, shape, layout, 0, 1, With.RESIDUAL);
        addBackward(cases, shape, layout, With.GAIN_AND_BIAS);
        addBackward(cases, shape, layout, With.RESIDUAL);
        addBackward(cases, shape, layout, With.ALL);
        addUpdate(cases, shape, layout, "sgd", false);
        addUpdate(cases, shape, layout, "adam", false);
        addAccumulate(cases, shape, layout, 0);
        addAccumulate(cases, shape, layout, 1);
      }
    }
    addForward(cases, SHAPES.get(4), Layout.DENSE, 100, 1, With.ALL);
    addForward(cases, SHAPES.get(4), Layout.DENSE, 0, 1e-4, With.NOTHING);
    addForward(cases, SHAPES.get(4), Layout.DENSE, 3, 0, With.GAIN_AND_BIAS);
    addForward(cases, SHAPES.get(4), Layout.DENSE, 0, 1e6, With.GAIN_AND_BIAS);
    addUpdate(cases, SHAPES.get(3), Layout.DENSE, "momentum", true);
    UpdateCases.OPTIMIZERS.keySet().stream()
        .filter(name -> !name.equals("sgd") && !name.equals("adam"))
        .sorted()
        .forEach(name -> addUpdate(cases, SHAPES.get(3), Layout.DENSE, name, false));
  }

  private static void addForward(
      CaseList cases, Shape shape, Layout layout, double centre, double spread, With with) {
    cases.add(
        TransformerOperation.LayerNormForward.class,
        shape.toString(),
        layout + " around " + centre + " by " + spread + with,
        bench -> {
          Operands o = new Operands(bench, shape, centre, spread);
          Matrix residual = with.residual(bench, shape);
          Parameter gain = with.parameter(bench, "gain", o.gain);
          Parameter bias = with.parameter(bench, "bias", o.bias);
          Tensor x = bench.floats("x", layout, o.x);
          Tensor past = bench.optional("residual", layout, residual);
          String reason = "mean and variance as sums; then 2^-24 per operation";
          Once<NormalizationBounds> bounds =
              new Once<>(
                  () ->
                      NormalizationBounds.forward(
                          o.x, residual, with.parameter(o.gain), with.parameter(o.bias)));
          Shape rows = Shape.vector(shape.rows());
          Tensor y =
              bench.result(
                  "y", layout, shape, Tolerance.bounded(reason, () -> bounds.get().values()));
          Tensor mean =
              bench.result(
                  "mean",
                  Layout.DENSE,
                  rows,
                  Tolerance.bounded(reason, () -> bounds.get().means()));
          Tensor rstd =
              bench.result(
                  "rstd",
                  Layout.DENSE,
                  rows,
                  Tolerance.bounded(reason, () -> bounds.get().rstds()));
          bench.issue(ops -> ops.layerNormForward(y, mean, rstd, x, past, gain, bias));
        });
  }

  private static void addBackward(CaseList cases, Shape shape, Layout layout, With with) {
    cases.add(
        TransformerOperation.LayerNormBackward.class,
        shape.toString(),
        layout.toString() + with,
        bench -> {
          Operands o = new Operands(bench, shape, 0.5, 1);
          Matrix residual = with.residual(bench, shape);
          Parameter gain = with.parameter(bench, "gain", o.gain);
          Tensor x = bench.floats("x", layout, o.x);
          Tensor dy = bench.floats("dy", layout, o.dy);
          Tensor past = bench.optional("residual", layout, residual);
          Tensor mean = bench.floats("mean", Layout.DENSE, o.mean);
          Tensor rstd = bench.floats("rstd", Layout.DENSE, o.rstd);
          Tensor dx =
              bench.result(
                  "dx",
                  layout,
                  shape,
                  Tolerance.bounded(
                      "two " + Rounding.SUM_REASON + "; then 2^-24 per operation",
                      () ->
                          NormalizationBounds.backward(
                              o.x, o.mean, o.rstd, with.parameter(o.gain), o.dy, residual)));
          bench.issue(ops -> ops.layerNormBackward(dx, dy, past, x, mean, rstd, gain));
        });
  }

  private static void addUpdate(
      CaseList cases, Shape shape, Layout layout, String name, boolean failed) {
    Optimizer optimizer = UpdateCases.OPTIMIZERS.get(name);
    cases.add(
        TransformerOperation.LayerNormUpdate.class,
        shape.toString(),
        name + " " + layout + (failed ? " after a failure" : ""),
        bench -> {
          Operands o = new Operands(bench, shape, 0.5, 1);
          Parameter gain = bench.parameter("gain", o.gain, Parameter.Group.BIASES, optimizer);
          Parameter bias = bench.parameter("bias", o.bias, Parameter.Group.WEIGHTS, optimizer);
          UpdateExpectation expectation = new UpdateExpectation(bench, Rounding.SUM_REASON, failed);
          expectation.follow(gain, o.gain, optimizer, () -> List.of(o.gainGradient()));
          expectation.follow(bias, o.bias, optimizer, () -> List.of(o.biasGradient()));
          o.update(bench, layout, gain, bias, new UpdateTarget.Apply(optimizer), failed);
        });
  }

  private static void addAccumulate(CaseList cases, Shape shape, Layout layout, float beta) {
    cases.add(
        TransformerOperation.LayerNormUpdate.class,
        shape.toString(),
        "accumulate beta " + beta + " " + layout,
        bench -> {
          Operands o = new Operands(bench, shape, 0.5, 1);
          Parameter gain = bench.parameter("gain", o.gain);
          Parameter bias = bench.parameter("bias", o.bias);
          UpdateExpectation expectation = new UpdateExpectation(bench, Rounding.SUM_REASON, false);
          Tensor gains = expectation.gradient("gain gradient", o.gain, beta, o::gainGradient);
          Tensor biases = expectation.gradient("bias gradient", o.bias, beta, o::biasGradient);
          Gradients gradients = new Gradients(Map.of(gain, gains, bias, biases));
          UpdateTarget target = new UpdateTarget.Accumulate(gradients, beta);
          o.update(bench, layout, gain, bias, target, false);
        });
  }

  /** Host values of a case. */
  private static final class Operands {
    private final Matrix x;
    private final Matrix gain;
    private final Matrix bias;
    private final Matrix dy;
    private final Matrix mean;
    private final Matrix rstd;

    Operands(Workbench bench, Shape shape, double centre, double spread) {
      Values v = bench.values();
      int rows = (int) shape.rows();
      int columns = (int) shape.columns();
      this.x = v.uniform(rows, columns).map(value -> centre + spread * value);
      this.gain = v.uniform(1, columns, 0.5, 1.5);
      this.bias = v.uniform(1, columns);
      this.dy = v.uniform(rows, columns);
      // What a forward pass would keep, or near it: operands are as good as any.
      this.mean = v.uniform(1, rows, centre - 0.1, centre + 0.1);
      this.rstd = v.uniform(1, rows, 0.5, 2);
    }

    WeightGradient gainGradient() {
      return NormalizationBounds.gainGradient(x, mean, rstd, dy);
    }

    WeightGradient biasGradient() {
      return WeightGradient.ofBias(dy, null, Activation.IDENTITY);
    }

    void update(
        Workbench bench,
        Layout layout,
        Parameter gainParameter,
        Parameter biasParameter,
        UpdateTarget target,
        boolean failed) {
      Tensor in = bench.floats("x", layout, x);
      Tensor signal = bench.floats("dy", layout, dy);
      Tensor means = bench.floats("mean", Layout.DENSE, mean);
      Tensor rstds = bench.floats("rstd", Layout.DENSE, rstd);
      StepControl control = bench.control(0);
      Optimizer optimizer =
          target instanceof UpdateTarget.Apply(Optimizer rule) ? rule : Optimizer.sgd();
      control.begin(optimizer, UpdateExpectation.LEARNING_RATE, 0, 1);
      if (failed) {
        bench.fail(control, 3);
      }
      bench.issue(
          ops ->
              ops.layerNormUpdate(
                  gainParameter, biasParameter, in, means, rstds, signal, target, control));
    }
  }
}
