package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.bench.step.SquareNetwork;
import dev.feedlight.device.Activation;
import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.PlanFusion;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The forward pass of narrow layers is one launch, and that changes no bit. */
final class CudaNarrowLayersTest {
  private static final int BATCH = 11;

  /** Aligned and not, of one number, as wide as can be. */
  private static final int[] WIDTHS = {127, 128, 1, 100, 33, 6};

  private static final float UNTOUCHED = -7;

  /** Layers with every activation and results of their own, some in wider rows. */
  private static final class Net {
    final List<Tensor> x = new ArrayList<>();
    final List<Tensor> z = new ArrayList<>();
    final List<Parameter> weights = new ArrayList<>();
    final List<Parameter> biases = new ArrayList<>();
    final StepControl control;
    final CudaDevice device;

    Net(CudaDevice device, Scope scope) {
      this.device = device;
      control = new StepControl(device, scope);
      control.begin(Optimizer.sgd(), 0.1f, 3, BATCH);
      x.add(tensor(scope, WIDTHS[0], 0));
      device.eager().randomFill(x.getFirst(), Distribution.NORMAL, 1, 1);
      for (int i = 1; i < WIDTHS.length; i++) {
        x.add(tensor(scope, WIDTHS[i], i % 2));
        z.add(i == 2 ? null : tensor(scope, WIDTHS[i], 0));
        weights.add(parameter(scope, WIDTHS[i], WIDTHS[i - 1], i));
        biases.add(i == 3 ? null : parameter(scope, 1, WIDTHS[i], 10 + i));
      }
    }

    private Tensor tensor(Scope scope, int columns, int more) {
      Tensor whole = scope.allocate("values", new Shape(BATCH, columns + more), DType.F32);
      device.eager().fill(whole, UNTOUCHED);
      return whole.firstColumns(columns);
    }

    private Parameter parameter(Scope scope, int rows, int columns, long key) {
      Shape shape = new Shape(rows, columns);
      Parameter made = new Parameter(device, scope, "p", shape, Parameter.Group.WEIGHTS);
      device.eager().randomFill(made.value(), Distribution.NORMAL, 0.2f, key);
      return made;
    }

    void forward(Ops ops) {
      Activation[] kinds = {
        Activation.TANH, Activation.RELU, Activation.SIGMOID, Activation.GELU, Activation.IDENTITY
      };
      for (int i = 0; i < weights.size(); i++) {
        ops.linearForward(
            x.get(i + 1), z.get(i), x.get(i), weights.get(i), biases.get(i), kinds[i]);
        if (i != 1) {
          ops.finiteCheck(x.get(i + 1), i, control);
        }
      }
    }

    Plan plan() {
      return Plan.record("forward", device.kernels(), this::forward);
    }

    List<float[]> results() {
      List<float[]> results = new ArrayList<>();
      List<Tensor> all = new ArrayList<>(x);
      all.addAll(z);
      for (Tensor tensor : all) {
        if (tensor != null) {
          float[] host = new float[Math.toIntExact(tensor.shape().elements())];
          device.read(tensor, host);
          results.add(host);
        }
      }
      return results;
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void togetherTheyGiveTheBitsOfOneByOne(Precision precision) {
    try (CudaDevice device = StandIn.open(precision);
        Scope scope = device.openScope("net")) {
      Net together = new Net(device, scope);
      Net apart = new Net(device, scope);
      assertThat(((CudaKernels) device.kernels()).prepare(together.plan())).hasSize(1);
      Runnable replay = device.prepare(together.plan());
      replay.run();
      replay.run();
      apart.forward(device.eager());
      List<float[]> actual = together.results();
      List<float[]> expected = apart.results();
      for (int i = 0; i < actual.size(); i++) {
        assertThat(actual.get(i)).as("tensor %d", i).isEqualTo(expected.get(i));
        assertThat(actual.get(i)).as("tensor %d", i).doesNotContain(UNTOUCHED);
      }
      assertThat(together.control.failure()).isNull();
    }
  }

  /** The sample of the last block of the grid fails first; the one of the first block later. */
  @Test
  void theFirstLayerThatFailsIsTold() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("net")) {
      Net net = new Net(device, scope);
      Runnable replay = device.prepare(net.plan());
      for (int repeat = 0; repeat < 2; repeat++) {
        device.eager().randomFill(net.x.getFirst(), Distribution.NORMAL, 1, 1);
        float[] bad = new float[WIDTHS[0]];
        bad[5] = Float.NaN;
        device.write(net.x.getFirst().rowRange(BATCH - 1, 1), bad);
        float[] bias = new float[WIDTHS[2]];
        bias[0] = Float.NaN; // in a layer whose result is not checked
        net.biases.get(1).write(bias);
        replay.run();
        assertThat(net.control.failure()).isEqualTo(new StepControl.Failure(0, 3));
        net.control.clearFailure();
        device.eager().randomFill(net.x.getFirst(), Distribution.NORMAL, 1, 1);
        replay.run();
        assertThat(net.control.failure()).isEqualTo(new StepControl.Failure(2, 3));
        net.control.clearFailure();
      }
    }
  }

  /** Each sets how much shared memory its kernel may have; what the larger one needs must stay. */
  @Test
  void aSmallerLayerThatIsBoundLaterLeavesRoomForALargerOne() {
    try (CudaDevice device = StandIn.open(Precision.TF32);
        Scope scope = device.openScope("net")) {
      Net net = new Net(device, scope);
      Runnable[] forward = ((CudaKernels) device.kernels()).prepare(net.plan());
      Tensor x = scope.allocate("x", new Shape(BATCH, 80), DType.F32);
      Tensor y = scope.allocate("y", new Shape(BATCH, 80), DType.F32);
      Parameter weight = net.parameter(scope, 80, 80, 1);
      device.eager().fill(x, 1);
      device.eager().linearForward(y, null, x, weight, null, Activation.TANH);
      for (Runnable launch : forward) {
        launch.run();
      }
      assertThat(net.results().getLast()).doesNotContain(UNTOUCHED);
    }
  }

  @Test
  void whatIsNotAChainIsCut() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("net")) {
      Net net = new Net(device, scope);
      Plan plan = net.plan();
      ForwardChain whole = ForwardChain.at(plan.operations(), 0, _ -> true);
      assertThat(whole.operations()).isEqualTo(plan.operations().size());
      assertThat(whole.layers())
          .extracting(ForwardChain.Layer::block)
          .containsExactly(0, -1, 2, 3, 4);
      assertThat(ForwardChain.at(plan.operations(), 1, _ -> true)).isNull();
      assertThat(ForwardChain.at(plan.operations(), 0, op -> op.y().columns() != 1).layers())
          .hasSize(1);
      // A second pass writes where the first one reads.
      Plan twice =
          Plan.record(
              "twice",
              device.kernels(),
              ops -> {
                net.forward(ops);
                net.forward(ops);
              });
      assertThat(((CudaKernels) device.kernels()).prepare(twice)).hasSize(2);
      StepControl other = new StepControl(device, scope);
      Plan looked =
          Plan.record(
              "looked at",
              device.kernels(),
              ops -> {
                net.forward(ops);
                ops.finiteCheck(net.x.getLast(), 9, other);
              });
      assertThat(((CudaKernels) device.kernels()).prepare(looked)).hasSize(2);
    }
  }

  /** One launch forward, one for all weights and one for all biases: however many layers. */
  @Test
  void aStepOfDirectFeedbackHasAsManyLaunchesForEveryDepth() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("net")) {
      assertThat(launches(device, scope, 7)).isEqualTo(launches(device, scope, 2)).isLessThan(10);
    }
  }

  private static int launches(CudaDevice device, Scope scope, int depth) {
    Network network = SquareNetwork.build(device, scope, 20, depth, 1);
    LearningRule rule = LearningRules.named("dfa");
    try (TrainingStep step =
        new TrainingStep(
            device, network, rule, Loss.MEAN_SQUARED_ERROR, Optimizer.sgd(), BATCH, 1)) {
      return ((CudaKernels) device.kernels()).prepare(PlanFusion.fuse(step.plan())).length;
    }
  }
}
