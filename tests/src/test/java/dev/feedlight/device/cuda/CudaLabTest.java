package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Gradients;
import dev.feedlight.device.Operation;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Generations of the lab compute what the device computes. */
final class CudaLabTest {
  /** Rows in fours and others, longer than a round of loads, an odd number of them. */
  private static final int[][] SHAPES = {{21, 532}, {9, 130}, {16, 1100}, {3, 5}, {1, 140}};

  private static final float RATE = 0.05f;

  /** Samples of the pending update and of the forward pass, and the rule. */
  static Stream<Arguments> steps() {
    return Stream.of(
            Optimizer.sgd(),
            new Optimizer.Sgd(0.01f),
            Optimizer.momentum(0.9f),
            Optimizer.adamW(0.1f))
        .flatMap(
            rule ->
                Stream.of(new int[] {1, 1}, new int[] {8, 3}, new int[] {5, 8})
                    .map(samples -> Arguments.of(samples[0], samples[1], rule)));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void lazyUpdatesHaveTheBitsOfUpdatesBeforeTheForwardPass(
      int pending, int samples, Optimizer rule) {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("layers")) {
      Step plain = new Step(device, scope, pending, samples, rule);
      Step lazy = new Step(device, scope, pending, samples, rule);
      Runnable inTwoPasses = device.prepare(plain.plan());
      Runnable inOne = new CudaLab(device).lazy(lazy.plan());
      List<float[]> before = plain.values();
      for (int i = 0; i < 2; i++) {
        plain.run(inTwoPasses, i);
        lazy.run(inOne, i);
      }
      List<float[]> after = lazy.values();
      same(after, plain.values());
      for (int i = 0; i < after.size(); i++) {
        assertThat(after.get(i)).as("tensor %d", i).isNotEqualTo(before.get(i));
      }
    }
  }

  private static void same(List<float[]> actual, List<float[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)).as("tensor %d", i).isEqualTo(expected.get(i));
    }
  }

  /**
   * A failure of the step before keeps its updates back; one of this step is told with its block.
   */
  @Test
  void aFailureStopsThePendingUpdateOnly() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("layers")) {
      Step plain = new Step(device, scope, 2, 2, Optimizer.sgd());
      Step lazy = new Step(device, scope, 2, 2, Optimizer.sgd());
      Tensor bad = scope.allocate("bad", Shape.vector(1), DType.F32);
      device.write(bad, new float[] {Float.NaN});
      for (Step step : List.of(plain, lazy)) {
        device.eager().finiteCheck(bad, 4, step.before);
        device.write(step.layers.get(2).x.firstColumns(1), new float[] {0, Float.NaN});
      }
      plain.run(device.prepare(plain.plan()), 0);
      List<float[]> weights = lazy.parameters();
      lazy.run(new CudaLab(device).lazy(lazy.plan()), 0);
      same(lazy.parameters(), weights);
      same(lazy.values(), plain.values());
      assertThat(lazy.now.failure()).isEqualTo(new StepControl.Failure(2, 1));
      assertThat(lazy.before.failure()).isEqualTo(new StepControl.Failure(4, 0));
    }
  }

  @Test
  void tilesComputeWhatTheDeviceComputes() {
    for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
      try (CudaDevice device = StandIn.open(precision);
          Scope scope = device.openScope("layers")) {
        Step plain = new Step(device, scope, 7, 6, Optimizer.momentum(0.9f));
        Step tiled = new Step(device, scope, 7, 6, Optimizer.momentum(0.9f));
        plain.run(device.prepare(plain.plan()), 0);
        tiled.run(new CudaLab(device).tiled(tiled.plan()), 0);
        // Of sums of at most 1100 products in another order.
        for (int i = 0; i < plain.values().size(); i++) {
          assertThat(tiled.values().get(i))
              .as("%s %d", precision, i)
              .containsExactly(plain.values().get(i), offset(2e-5f));
        }
      }
    }
  }

  @Test
  void whatIsNotLazyIsRefused() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("layers")) {
      Step step = new Step(device, scope, 2, 2, Optimizer.sgd());
      Layer first = step.layers.getFirst();
      Layer last = step.layers.getLast();
      refused(device, ops -> first.update(ops, step.before), "no forward pass reads");
      refused(device, ops -> first.forward(ops), "no update of");
      refused(
          device,
          ops -> {
            first.update(ops, step.before);
            first.forward(ops);
            last.update(ops, step.before);
          },
          "linear_update is neither");
      refused(
          device,
          ops -> {
            first.update(ops, step.before);
            first.forward(ops);
            ops.finiteCheck(first.y, 0, step.before);
          },
          "control of the step before");
      Layer own = first.writing(first.dy);
      refused(
          device,
          ops -> {
            own.update(ops, step.before);
            own.forward(ops);
          },
          "take turns with two buffers");
      Layer many = new Step(device, scope, 9, 2, Optimizer.sgd()).layers.getFirst();
      refused(
          device,
          ops -> {
            many.update(ops, step.before);
            many.forward(ops);
          },
          "9 samples, at most 8");
      Layer kept = first.keeping(scope);
      refused(
          device,
          ops -> {
            kept.update(ops, step.before);
            kept.forward(ops);
          },
          "cannot be lazy");
    }
  }

  private static void refused(CudaDevice device, Consumer<Ops> body, String message) {
    Plan plan = Plan.record("refused", device.kernels(), body);
    assertThatThrownBy(() -> new CudaLab(device).lazy(plan))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  /** A forward pass and the update of its weight that was left by another step. */
  private record Layer(
      Parameter weight,
      Parameter bias,
      Tensor y,
      Tensor z,
      Tensor x,
      Tensor oldX,
      Tensor dy,
      Tensor saved,
      UpdateTarget target) {
    void update(Ops ops, StepControl control) {
      ops.linearUpdate(weight, bias, oldX, dy, saved, Activation.TANH, target, control);
    }

    void forward(Ops ops) {
      ops.linearForward(y, z, x, weight, bias, Activation.TANH);
    }

    Layer writing(Tensor other) {
      return new Layer(weight, bias, other, null, x, oldX, dy, saved, target);
    }

    Layer keeping(Scope scope) {
      Gradients gradients = Gradients.allocate(scope, List.of(weight, bias));
      UpdateTarget kept = new UpdateTarget.Accumulate(gradients, 0);
      return new Layer(weight, bias, y, z, x, oldX, dy, saved, kept);
    }
  }

  /** Layers of all shapes, with bias and without; contents depend on their number alone. */
  private static final class Step {
    private final Device device;
    private final Scope scope;
    private final Optimizer rule;
    private final int pending;
    private final StepControl before;
    private final StepControl now;
    private final List<Layer> layers = new ArrayList<>();
    private long key;

    Step(Device device, Scope scope, int pending, int samples, Optimizer rule) {
      this.device = device;
      this.scope = scope;
      this.rule = rule;
      this.pending = pending;
      this.before = new StepControl(device, scope);
      this.now = new StepControl(device, scope);
      for (int[] shape : SHAPES) {
        layers.add(layer(shape[0], shape[1], samples));
      }
    }

    private Layer layer(int outputs, int inputs, int samples) {
      boolean odd = layers.size() % 2 == 1;
      Parameter weight = parameter(new Shape(outputs, inputs));
      Parameter bias = odd && outputs > 5 ? null : parameter(Shape.vector(outputs));
      return new Layer(
          weight,
          bias,
          random(samples, outputs),
          odd ? null : random(samples, outputs),
          random(samples, inputs),
          random(pending, inputs),
          random(pending, outputs),
          random(pending, outputs),
          new UpdateTarget.Apply(rule));
    }

    Plan plan() {
      return Plan.record(
          "updates, then forward",
          device.kernels(),
          ops -> {
            layers.forEach(layer -> layer.update(ops, before));
            forward(ops);
          });
    }

    void forward(Ops ops) {
      for (int i = 0; i < layers.size(); i++) {
        layers.get(i).forward(ops);
        if (i != 1) {
          ops.finiteCheck(layers.get(i).y, i, now);
        }
      }
    }

    void run(Runnable replay, int step) {
      before.begin(rule, RATE * (step + 1), step, pending);
      now.begin(rule, 1e9f, step + 1, pending);
      replay.run();
    }

    /** All that a step writes. */
    List<float[]> values() {
      List<float[]> values = parameters();
      for (Layer layer : layers) {
        values.add(read(layer.y));
        if (layer.z != null) {
          values.add(read(layer.z));
        }
      }
      return values;
    }

    List<float[]> parameters() {
      List<float[]> values = new ArrayList<>();
      for (Layer layer : layers) {
        List<Parameter> parameters =
            layer.bias == null ? List.of(layer.weight) : List.of(layer.weight, layer.bias);
        for (Parameter parameter : parameters) {
          values.add(read(parameter.value()));
          parameter.state().forEach(state -> values.add(read(state)));
        }
      }
      return values;
    }

    private float[] read(Tensor tensor) {
      float[] host = new float[Math.toIntExact(tensor.shape().elements())];
      device.read(tensor, host);
      return host;
    }

    private Parameter parameter(Shape shape) {
      Parameter parameter = new Parameter(device, scope, "p" + key, shape, Parameter.Group.WEIGHTS);
      fill(parameter.value(), 0.1f);
      parameter.allocateState(scope, rule);
      return parameter;
    }

    /** Rows that are aligned to 16 bytes, and rows that are not. */
    private Tensor random(int rows, int columns) {
      int wider = layers.size() % 3 == 1 ? 3 : 4 + (4 - columns % 4) % 4;
      Tensor tensor = scope.allocate("t" + key, new Shape(rows, (long) columns + wider), DType.F32);
      fill(tensor, 1);
      return tensor.firstColumns(columns);
    }

    private void fill(Tensor tensor, float scale) {
      device.eager().randomFill(tensor, Operation.RandomFill.Distribution.UNIFORM, scale, key++);
    }
  }
}
