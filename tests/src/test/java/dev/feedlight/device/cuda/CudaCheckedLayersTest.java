package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
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
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wide layers by wgmma look at their results themselves, each for its block and nothing else. */
final class CudaCheckedLayersTest {
  /** Two rows of tiles, the second of three rows. */
  private static final int BATCH = 131;

  private static final int INPUTS = 129;
  private static final long STEP = (1L << 32) + 9;
  private static final Optimizer SGD = new Optimizer.Sgd(0);

  /** A layer, checked as block 4, one whose result nobody checks, and one checked as block 9. */
  private static final class Net {
    final CudaDevice device;
    final Parameter[] weights = new Parameter[3];
    final Parameter[] biases = new Parameter[3];
    final Tensor[] x = new Tensor[4];
    final StepControl control;

    Net(CudaDevice device, Scope scope, int width) {
      this.device = device;
      control = new StepControl(device, scope);
      control.begin(SGD, 0.1f, STEP, BATCH);
      x[0] = scope.allocate("x", new Shape(BATCH, INPUTS), DType.F32);
      for (int i = 0; i < 3; i++) {
        Shape shape = new Shape(width, x[i].columns());
        weights[i] = new Parameter(device, scope, "w", shape, Parameter.Group.WEIGHTS);
        Shape ofBias = Shape.vector(width);
        biases[i] = new Parameter(device, scope, "b", ofBias, Parameter.Group.BIASES);
        // Beyond the columns of a result stands what nobody shall look at.
        Tensor whole = scope.allocate("y", new Shape(BATCH, width + 1), DType.F32);
        device.eager().fill(whole, Float.NaN);
        x[i + 1] = whole.firstColumns(width);
      }
      fill();
    }

    /** With numbers that are finite, always the same. */
    void fill() {
      device.eager().randomFill(x[0], Distribution.UNIFORM, 1, 1);
      for (int i = 0; i < 3; i++) {
        device.eager().randomFill(weights[i].value(), Distribution.UNIFORM, 0.1f, 2 + i);
        device.eager().randomFill(biases[i].value(), Distribution.UNIFORM, 0.1f, 5 + i);
      }
    }

    void step(Ops ops) {
      ops.linearForward(x[1], null, x[0], weights[0], biases[0], Activation.IDENTITY);
      ops.finiteCheck(x[1], 4, control);
      ops.linearForward(x[2], null, x[1], weights[1], biases[1], Activation.IDENTITY);
      ops.linearForward(x[3], null, x[2], weights[2], biases[2], Activation.SIGMOID);
      ops.finiteCheck(x[3], 9, control);
      ops.linearUpdate(
          weights[2],
          null,
          x[2],
          x[3],
          null,
          Activation.IDENTITY,
          new UpdateTarget.Apply(SGD),
          control);
    }

    Plan plan() {
      return Plan.record("step", device.kernels(), this::step);
    }

    float[] result() {
      float[] values = new float[Math.toIntExact(x[3].shape().elements())];
      device.read(x[3], values);
      return values;
    }

    /** A step tells that block, or null, and updates the weight exactly if it tells none. */
    void tells(String when, Integer block, Runnable step) {
      float[] before = weights[2].read();
      step.run();
      StepControl.Failure expected = block == null ? null : new StepControl.Failure(block, STEP);
      assertThat(control.failure()).as(when).isEqualTo(expected);
      assertThat(Arrays.equals(weights[2].read(), before)).as(when).isEqualTo(block != null);
      control.clearFailure();
    }
  }

  /** In tiles of 128, 96 and 64 columns, the last of which is not full. */
  @ParameterizedTest
  @CsvSource({"253, 128", "131, 96", "319, 64"})
  void theLayerThatFailsIsToldAndStopsUpdates(int width, int tile) {
    try (CudaDevice device = StandIn.openWithMultiprocessors(Precision.BF16, 1);
        Scope scope = device.openScope("net")) {
      assertThat(WgmmaTiles.width(BATCH, width, 1)).isEqualTo(tile);
      Net net = new Net(device, scope, width);
      Runnable step = device.prepare(net.plan());
      net.tells("all finite", null, step);

      // 3e38 x 3e38 is infinite, and in one place alone.
      for (boolean last : new boolean[] {false, true}) {
        net.fill();
        device.eager().fill(net.x[0], 1);
        device.eager().fill(net.x[0].rowRange(last ? BATCH - 1 : 0, 1).firstColumns(1), 3e38f);
        Tensor weight = net.weights[0].value();
        device.eager().fill(weight.rowRange(last ? width - 1 : 0, 1).firstColumns(1), 3e38f);
        net.tells("one place, the last: " + last, 4, step);
      }

      net.fill();
      float[] bias = new float[width];
      bias[width - 1] = Float.NaN;
      net.biases[1].write(bias);
      net.tells("a layer that nobody checks", 9, step);

      // Beyond the last column infinity meets no weight, which makes NaN in the tile.
      net.fill();
      device.eager().fill(net.biases[1].value(), Float.POSITIVE_INFINITY);
      device.eager().fill(net.weights[2].value(), 1);
      net.tells("infinite sums of finite values", null, step);
    }
  }

  @Test
  void aLayerAndItsCheckAreOneLaunchWithTheSameBits() {
    try (CudaDevice device = StandIn.open(Precision.BF16);
        Scope scope = device.openScope("net")) {
      Net together = new Net(device, scope, 131);
      Net apart = new Net(device, scope, 131);
      assertThat(((CudaKernels) device.kernels()).prepare(together.plan())).hasSize(4);
      device.prepare(together.plan()).run();
      apart.step(device.eager());
      assertThat(together.result()).isEqualTo(apart.result());
      assertThat(together.control.failure()).isNull();
    }
  }
}
