package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Bf16;
import dev.feedlight.device.Device;
import dev.feedlight.device.Gradients;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Products by wgmma read copies in bf16: of weights, and in plans of other operands. They are those
 * of the tensors whoever wrote these last, and in whatever way.
 */
final class CudaBf16CopiesTest {
  private static final int BATCH = 3;

  /** Wider than the layers that read the weights themselves. */
  private static final int INPUTS = 131;

  private static final int OUTPUTS = 5;
  private static final Optimizer SGD = new Optimizer.Sgd(0);

  /** One layer, and a plan and eager operations that use it. */
  private static final class Layer {
    final Device device;
    final Parameter weight;
    final Tensor x;
    final Tensor y;
    final Tensor dy;
    final Gradients gradients;
    final StepControl control;

    Layer(Device device, Scope scope) {
      this.device = device;
      this.weight =
          new Parameter(
              device, scope, "weight", new Shape(OUTPUTS, INPUTS), Parameter.Group.WEIGHTS);
      this.x = random(scope, INPUTS, 1);
      this.y = random(scope, OUTPUTS, 2);
      this.dy = random(scope, OUTPUTS, 3);
      this.gradients = Gradients.allocate(scope, List.of(weight));
      this.control = new StepControl(device, scope);
      control.begin(SGD, 0.5f, 0, BATCH);
      device.eager().randomFill(weight.value(), Distribution.UNIFORM, 1, 4);
    }

    private Tensor random(Scope scope, int columns, long key) {
      Tensor tensor = scope.allocate("t", new Shape(BATCH, columns), DType.F32);
      device.eager().randomFill(tensor, Distribution.UNIFORM, 1, key);
      return tensor;
    }

    void forward(Ops ops) {
      ops.linearForward(y, null, x, weight, null, Activation.IDENTITY);
    }

    void update(Ops ops, UpdateTarget target) {
      ops.linearUpdate(weight, null, x, dy, null, Activation.IDENTITY, target, control);
    }

    Runnable plan(Consumer<Ops> body) {
      return device.prepare(Plan.record("plan", device.kernels(), body));
    }

    float[] read(Tensor tensor) {
      float[] values = new float[Math.toIntExact(tensor.shape().elements())];
      device.read(tensor, values);
      return values;
    }

    /** Whether y is the product with the weight that everyone else sees. */
    void isRight(String when) {
      float[] w = weight.read();
      float[] inputs = read(x);
      float[] actual = read(y);
      for (int row = 0; row < BATCH; row++) {
        for (int output = 0; output < OUTPUTS; output++) {
          double sum = 0;
          for (int i = 0; i < INPUTS; i++) {
            sum +=
                (double) Bf16.round(inputs[row * INPUTS + i]) * Bf16.round(w[output * INPUTS + i]);
          }
          double error = Math.abs(actual[row * OUTPUTS + output] - sum);
          assertThat(error <= 1e-4).as("%s: off by %s", when, error).isTrue();
        }
      }
    }
  }

  @Test
  void theCopyIsThatOfTheWeight() {
    try (Device device = StandIn.open(Precision.BF16);
        Scope scope = device.openScope("scope")) {
      Layer layer = new Layer(device, scope);
      Runnable forward = layer.plan(layer::forward);
      Runnable fill = layer.plan(ops -> ops.fill(layer.weight.value(), 0.75f));
      forward.run();
      layer.isRight("at first");
      device.write(layer.x, new float[BATCH * INPUTS]);
      forward.run();
      layer.isRight("x written by the host");
      device.eager().randomFill(layer.x, Distribution.UNIFORM, 1, 6);
      forward.run();
      layer.isRight("x filled at once");
      layer.weight.write(new float[OUTPUTS * INPUTS]);
      forward.run();
      layer.isRight("written by the host");
      device.eager().randomFill(layer.weight.value(), Distribution.UNIFORM, 1, 7);
      forward.run();
      layer.isRight("filled at once");
      fill.run();
      layer.forward(device.eager());
      layer.isRight("filled by another plan");
      layer.update(device.eager(), new UpdateTarget.Apply(SGD));
      forward.run();
      layer.isRight("updated at once");
      Runnable step =
          layer.plan(
              ops -> {
                layer.update(ops, new UpdateTarget.Apply(SGD));
                layer.forward(ops);
              });
      step.run();
      layer.isRight("updated in the plan");
    }
  }

  /** What one layer writes is what the next one reads, and a part of it what others write. */
  @Test
  void theCopyOfAResultIsThatOfTheResult() {
    try (Device device = StandIn.open(Precision.BF16);
        Scope scope = device.openScope("scope")) {
      Layer layer = new Layer(device, scope);
      Shape square = new Shape(INPUTS, INPUTS);
      Parameter before = new Parameter(device, scope, "before", square, Parameter.Group.WEIGHTS);
      device.eager().randomFill(before.value(), Distribution.UNIFORM, 1, 8);
      Tensor first = layer.random(scope, INPUTS, 9);
      Runnable chain =
          layer.plan(
              ops -> {
                ops.linearForward(layer.x, null, first, before, null, Activation.IDENTITY);
                layer.forward(ops);
              });
      Runnable partly =
          layer.plan(
              ops -> {
                ops.linearForward(layer.x, null, first, before, null, Activation.IDENTITY);
                ops.fill(layer.x.rowRange(1, 1), 2);
                layer.forward(ops);
              });
      Runnable back =
          layer.plan(
              ops -> {
                ops.linearBackwardInput(layer.x, layer.dy, layer.weight, null, Activation.IDENTITY);
                layer.forward(ops);
              });
      for (Runnable plan : List.of(chain, partly, back, chain)) {
        float[] old = layer.read(layer.x);
        plan.run();
        layer.isRight("x written by another product");
        assertThat(layer.read(layer.x)).isNotEqualTo(old);
      }
    }
  }

  /** A kept gradient is applied by a kernel that knows nothing of copies. */
  @Test
  void aGradientThatWasKeptIsApplied() {
    try (Device device = StandIn.open(Precision.BF16);
        Scope scope = device.openScope("scope")) {
      Layer layer = new Layer(device, scope);
      Tensor factor = scope.allocate("factor", Shape.vector(1), DType.F32);
      device.write(factor, new float[] {1});
      Runnable step =
          layer.plan(
              ops -> {
                layer.update(ops, new UpdateTarget.Accumulate(layer.gradients, 0));
                ops.applyGradient(
                    layer.weight, layer.gradients.of(layer.weight), factor, SGD, layer.control);
                layer.forward(ops);
              });
      for (int i = 0; i < 2; i++) {
        float[] before = layer.weight.read();
        step.run();
        layer.isRight("step " + i);
        assertThat(layer.weight.read()).isNotEqualTo(before);
      }
    }
  }

  /** An update that a failure stops writes neither the weight nor its copy. */
  @Test
  void aFailureLeavesTheCopyAsItIs() {
    try (Device device = StandIn.open(Precision.BF16);
        Scope scope = device.openScope("scope")) {
      Layer layer = new Layer(device, scope);
      Tensor bad = scope.allocate("bad", Shape.vector(1), DType.F32);
      device.write(bad, new float[] {Float.NaN});
      device.eager().finiteCheck(bad, 0, layer.control);
      float[] before = layer.weight.read();
      layer.plan(ops -> layer.update(ops, new UpdateTarget.Apply(SGD))).run();
      layer.plan(layer::forward).run();
      assertThat(layer.weight.read()).isEqualTo(before);
      layer.isRight("after an update that did nothing");
    }
  }

  @Test
  void aCopyGoesWithItsWeight() {
    try (Device device = StandIn.open(Precision.BF16)) {
      for (int i = 0; i < 2; i++) {
        try (Scope scope = device.openScope("scope")) {
          Layer layer = new Layer(device, scope);
          layer.forward(device.eager());
          layer.isRight("round " + i);
          // Rows of 131 are 136 in the copy, of two bytes each.
          assertThat(device.memory().scopes().get("scope"))
              .isEqualTo(scope.bytes())
              .isGreaterThanOrEqualTo(OUTPUTS * (4 * INPUTS + 2 * 136));
        }
        assertThat(device.memory().scopes()).doesNotContainKey("scope");
      }
    }
  }

  /** Two rows of tiles and several columns; 200 are as many in tiles of 128 as of 64. */
  @ParameterizedTest
  @CsvSource({"200, 128", "131, 96", "320, 64"})
  void productsOfSeveralTilesAreRight(int n, int width) {
    int rows = 131;
    try (Device device = StandIn.openWithMultiprocessors(Precision.BF16, 1);
        Scope scope = device.openScope("scope")) {
      assertThat(WgmmaTiles.width(rows, n, 1)).isEqualTo(width);
      Parameter weight =
          new Parameter(device, scope, "weight", new Shape(n, n), Parameter.Group.WEIGHTS);
      device.eager().randomFill(weight.value(), Distribution.UNIFORM, 1, 1);
      Tensor x = scope.allocate("x", new Shape(rows, n), DType.F32);
      device.eager().randomFill(x, Distribution.UNIFORM, 1, 2);
      Tensor y = scope.allocate("y", new Shape(rows, n), DType.F32);
      float[] in = new float[rows * n];
      device.read(x, in);
      float[] w = weight.read();
      float[] out = new float[rows * n];
      for (boolean forward : new boolean[] {true, false}) {
        if (forward) {
          device.eager().linearForward(y, null, x, weight, null, Activation.IDENTITY);
        } else {
          device.eager().linearBackwardInput(y, x, weight, null, Activation.IDENTITY);
        }
        device.read(y, out);
        double worst = 0;
        for (int row = 0; row < rows; row++) {
          for (int column = 0; column < n; column++) {
            double sum = 0;
            for (int k = 0; k < n; k++) {
              float factor = forward ? w[column * n + k] : w[k * n + column];
              sum += (double) Bf16.round(in[row * n + k]) * Bf16.round(factor);
            }
            worst = Math.max(worst, Math.abs(out[row * n + column] - sum));
          }
        }
        assertThat(worst <= 1e-4).as("forward %s: off by %s", forward, worst).isTrue();
      }
    }
  }

  /** 3080 columns are 25 tiles of 128, 33 of 96, 49 of 64; 132 multiprocessors are an H200's. */
  @Test
  void narrowTilesAreTakenWhereTheyKeepMoreMultiprocessorsAtWork() {
    assertThat(WgmmaTiles.width(512, 3080, 132)).isEqualTo(96);
    assertThat(WgmmaTiles.width(128, 3080, 132)).isEqualTo(64);
    assertThat(WgmmaTiles.width(2048, 4096, 132)).isEqualTo(128);
    assertThat(WgmmaTiles.width(1, 1, 1)).isEqualTo(64);
  }

  @Test
  void whatMultipliesIsChosenByPrecisionAndArchitecture() {
    assertThat(Multiplier.of(Precision.BF16, "sm_90")).isEqualTo(Multiplier.WGMMA);
    assertThat(Multiplier.of(Precision.BF16, "sm_80")).isEqualTo(Multiplier.MMA);
    assertThat(Multiplier.of(Precision.BF16, "sm_100")).isEqualTo(Multiplier.MMA);
    assertThat(Multiplier.of(Precision.TF32, "sm_90")).isEqualTo(Multiplier.MMA);
    assertThat(Multiplier.of(Precision.FP32, "sm_90")).isEqualTo(Multiplier.FMA);
    try (Device hopper = StandIn.open(Precision.BF16);
        Device ampere = StandIn.open(Precision.BF16, 80)) {
      assertThat(hopper.description()).endsWith("bf16 products" + Multiplier.WGMMA);
      assertThat(ampere.description()).endsWith("bf16 products" + Multiplier.MMA);
    }
  }
}
