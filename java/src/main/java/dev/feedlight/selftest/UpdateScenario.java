package dev.feedlight.selftest;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Gradients;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Parameter.Group;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A weight update: what is multiplied, how often, and in which state the device is.
 *
 * @param shape extents
 * @param activation f
 * @param layout of x, dy and what was saved
 * @param biased whether there is a bias
 * @param steps how often, each time with another dy
 * @param weightGroup group of the weight
 * @param biasGroup group of the bias
 * @param scale of dy
 * @param failed whether the sticky failure is set, so that nothing may change
 */
record UpdateScenario(
    LinearShape shape,
    Activation activation,
    Layout layout,
    boolean biased,
    int steps,
    Group weightGroup,
    Group biasGroup,
    float scale,
    boolean failed) {
  UpdateScenario(LinearShape shape, Activation activation) {
    this(shape, activation, Layout.DENSE, true, 1, Group.WEIGHTS, Group.BIASES, 1, false);
  }

  UpdateScenario sliced() {
    return new UpdateScenario(
        shape, activation, Layout.SLICE, biased, steps, weightGroup, biasGroup, scale, failed);
  }

  UpdateScenario withoutBias() {
    return new UpdateScenario(
        shape, activation, layout, false, steps, weightGroup, biasGroup, scale, failed);
  }

  UpdateScenario steps(int count) {
    return new UpdateScenario(
        shape, activation, layout, biased, count, weightGroup, biasGroup, scale, failed);
  }

  UpdateScenario groups(Group weight, Group bias) {
    return new UpdateScenario(
        shape, activation, layout, biased, steps, weight, bias, scale, failed);
  }

  UpdateScenario scaled(float factor) {
    return new UpdateScenario(
        shape, activation, layout, biased, steps, weightGroup, biasGroup, factor, failed);
  }

  UpdateScenario afterFailure() {
    return new UpdateScenario(
        shape, activation, layout, biased, steps, weightGroup, biasGroup, scale, true);
  }

  /** What distinguishes this from others of its shape and activation. */
  String variant() {
    StringBuilder text = new StringBuilder(layout.toString());
    text.append(biased ? " bias" : " no bias");
    if (steps > 1) {
      text.append(" ").append(steps).append(" steps");
    }
    if (!weightGroup.equals(Group.WEIGHTS)) {
      text.append(" learning rate x ").append(weightGroup.learningRateFactor());
    }
    if (scale != 1) {
      text.append(" dy scaled by ").append(scale);
    }
    return text.append(failed ? " after a failure" : "").toString();
  }

  /** Updates parameters by an optimizer. */
  void apply(Workbench bench, Optimizer optimizer) {
    Operands operands = new Operands(bench, optimizer);
    UpdateExpectation expectation = expectation(bench);
    expectation.follow(operands.weight, operands.w, optimizer, operands::weightGradients);
    if (biased) {
      expectation.follow(operands.bias, operands.b, optimizer, operands::biasGradients);
    }
    operands.run(new UpdateTarget.Apply(optimizer));
  }

  /** Adds to gradients, or overwrites them. */
  void accumulate(Workbench bench, float beta) {
    Operands operands = new Operands(bench, null);
    UpdateExpectation expectation = expectation(bench);
    Tensor weightGradient =
        expectation.gradient(
            "weight gradient",
            bench.values().uniform(shape.outputs(), shape.inputs()),
            beta,
            () -> operands.weightGradients().getFirst());
    Tensor biasGradient =
        biased
            ? expectation.gradient(
                "bias gradient",
                bench.values().uniform(1, shape.outputs()),
                beta,
                () -> operands.biasGradients().getFirst())
            : null;
    Gradients gradients =
        new Gradients(
            biased
                ? Map.of(operands.weight, weightGradient, operands.bias, biasGradient)
                : Map.of(operands.weight, weightGradient));
    operands.run(new UpdateTarget.Accumulate(gradients, beta));
  }

  private UpdateExpectation expectation(Workbench bench) {
    String reason = Rounding.productReason(bench.precision()) + "; " + Rounding.reason(activation);
    return new UpdateExpectation(bench, reason, failed);
  }

  /** Host values and tensors of one run; the gradients of all steps once they have run. */
  private final class Operands {
    private final Workbench bench;
    private final Optimizer optimizer;
    private final Matrix w;
    private final Matrix b;
    private final Matrix x;
    private final Matrix saved;
    private final List<Matrix> dys = new ArrayList<>();
    private final Parameter weight;
    private final Parameter bias;

    Operands(Workbench bench, Optimizer optimizer) {
      Values v = bench.values();
      this.bench = bench;
      this.optimizer = optimizer;
      this.w = v.uniform(shape.outputs(), shape.inputs());
      this.b = biased ? v.uniform(1, shape.outputs()) : null;
      this.x = v.uniform(shape.batch(), shape.inputs());
      this.saved = v.saved(activation, shape.batch(), shape.outputs());
      for (int step = 0; step < steps; step++) {
        dys.add(v.uniform(shape.batch(), shape.outputs()).map(value -> value * scale));
      }
      this.weight = bench.parameter("weight", w, weightGroup, optimizer);
      this.bias = biased ? bench.parameter("bias", b, biasGroup, optimizer) : null;
    }

    void run(UpdateTarget target) {
      Tensor in = bench.floats("x", layout, x);
      Tensor kept = bench.optional("saved", layout, saved);
      Tensor dy = bench.floats("dy", layout, dys.getFirst());
      StepControl control = bench.control(0);
      for (int step = 0; step < steps; step++) {
        bench.rewrite(dy, dys.get(step));
        control.begin(
            optimizer == null ? Optimizer.sgd() : optimizer,
            UpdateExpectation.LEARNING_RATE,
            step,
            shape.batch());
        if (failed) {
          bench.fail(control, 3);
        }
        bench.issue(
            ops -> ops.linearUpdate(weight, bias, in, dy, kept, activation, target, control));
      }
    }

    List<WeightGradient> weightGradients() {
      return dys.stream()
          .map(dy -> WeightGradient.of(bench.precision(), x, dy, saved, activation))
          .toList();
    }

    List<WeightGradient> biasGradients() {
      return dys.stream().map(dy -> WeightGradient.ofBias(dy, saved, activation)).toList();
    }
  }
}
