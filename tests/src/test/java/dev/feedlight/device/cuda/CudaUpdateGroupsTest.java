package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Neighbouring updates of a plan are one launch, and that changes no bit. */
final class CudaUpdateGroupsTest {
  private static final int BATCH = 37;
  private static final Optimizer FIRST = Optimizer.adamW(0.1f);

  /** Shapes of one tile and of several, the same one twice; every rule; with bias and without. */
  private static List<Layer> layers(Device device, Scope scope) {
    Parameter.Group plain = new Parameter.Group(0.5f, false);
    Parameter.Group decayed = new Parameter.Group(2, true);
    Layers layers = new Layers(device, scope);
    layers.step(70, 65, plain, true, Activation.TANH, FIRST);
    layers.step(3, 5, decayed, true, Activation.RELU, new Optimizer.Sgd(0.1f));
    layers.step(129, 64, decayed, false, Activation.GELU, Optimizer.momentum(0.9f));
    layers.accumulate(65, 130, true, Activation.SIGMOID, 0);
    layers.step(3, 5, plain, true, Activation.IDENTITY, Optimizer.adam());
    layers.accumulate(1, 1, true, Activation.TANH, 1);
    layers.accumulate(64, 64, false, Activation.IDENTITY, 1);
    return layers.all;
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void groupingChangesNoBit(Precision precision) {
    try (CudaDevice device = StandIn.open(precision);
        Scope scope = device.openScope("layers")) {
      List<Layer> together = layers(device, scope);
      List<Layer> apart = layers(device, scope);
      StepControl control = new StepControl(device, scope);
      Plan plan = plan(device, together, control);
      assertThat(plan.operations()).hasSize(7);
      assertThat(((CudaKernels) device.kernels()).prepare(plan)).hasSize(1);
      Runnable replay = device.prepare(plan);
      List<float[]> before = values(device, together);
      // Rates, and Adam's corrections, are those of the step: they come from the control block.
      for (int step = 0; step < 3; step++) {
        control.begin(FIRST, 0.01f * (step + 1), step, BATCH);
        replay.run();
        for (Layer layer : apart) {
          layer.update(device.eager(), control);
        }
      }
      List<float[]> actual = values(device, together);
      List<float[]> expected = values(device, apart);
      for (int i = 0; i < actual.size(); i++) {
        assertThat(actual.get(i)).as("tensor %d", i).isEqualTo(expected.get(i));
        assertThat(actual.get(i)).as("tensor %d", i).isNotEqualTo(before.get(i));
      }
    }
  }

  @Test
  void aFailureStopsTheWholeGroup() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("layers")) {
      List<Layer> layers = layers(device, scope);
      StepControl control = new StepControl(device, scope);
      Tensor bad = scope.allocate("bad", Shape.vector(1), DType.F32);
      device.write(bad, new float[] {Float.NaN});
      control.begin(FIRST, 0.01f, 0, BATCH);
      device.eager().finiteCheck(bad, 4, control);
      List<float[]> before = values(device, layers);
      device.prepare(plan(device, layers, control)).run();
      List<float[]> after = values(device, layers);
      for (int i = 0; i < after.size(); i++) {
        assertThat(after.get(i)).isEqualTo(before.get(i));
      }
    }
  }

  @Test
  void updatesThatTouchEachOtherStayApart() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("layers")) {
      Layer layer = layers(device, scope).getFirst();
      StepControl control = new StepControl(device, scope);
      Plan twice = plan(device, List.of(layer, layer), control);
      assertThat(((CudaKernels) device.kernels()).prepare(twice)).hasSize(2);
    }
  }

  /** A table is made once for one plan, however often it is prepared. */
  @Test
  void preparingAgainTakesNoMemory() {
    try (CudaDevice device = StandIn.open();
        Scope scope = device.openScope("layers")) {
      Plan plan = plan(device, layers(device, scope), new StepControl(device, scope));
      device.prepare(plan);
      long live = device.memory().liveBytes();
      device.prepare(plan);
      assertThat(device.memory().liveBytes()).isEqualTo(live);
    }
  }

  private static Plan plan(CudaDevice device, List<Layer> layers, StepControl control) {
    return Plan.record(
        "updates", device.kernels(), ops -> layers.forEach(layer -> layer.update(ops, control)));
  }

  /** All that updates write. */
  private static List<float[]> values(Device device, List<Layer> layers) {
    List<float[]> values = new ArrayList<>();
    for (Layer layer : layers) {
      for (Tensor tensor : layer.written()) {
        float[] host = new float[Math.toIntExact(tensor.shape().elements())];
        device.read(tensor, host);
        values.add(host);
      }
    }
    return values;
  }

  private record Layer(
      Parameter weight,
      Parameter bias,
      Tensor x,
      Tensor dy,
      Tensor saved,
      Activation activation,
      UpdateTarget target) {
    void update(Ops ops, StepControl control) {
      ops.linearUpdate(weight, bias, x, dy, saved, activation, target, control);
    }

    List<Tensor> written() {
      List<Tensor> tensors = new ArrayList<>();
      for (Parameter parameter : bias == null ? List.of(weight) : List.of(weight, bias)) {
        switch (target) {
          case UpdateTarget.Apply _ -> {
            tensors.add(parameter.value());
            tensors.addAll(parameter.state());
          }
          case UpdateTarget.Accumulate(Gradients gradients, float _) ->
              tensors.add(gradients.of(parameter));
        }
      }
      return tensors;
    }
  }

  /** Makes layers whose contents depend on their number alone. */
  private static final class Layers {
    private final Device device;
    private final Scope scope;
    private final List<Layer> all = new ArrayList<>();
    private long key;

    Layers(Device device, Scope scope) {
      this.device = device;
      this.scope = scope;
    }

    void step(
        int outputs,
        int inputs,
        Parameter.Group group,
        boolean biased,
        Activation activation,
        Optimizer optimizer) {
      Parameter weight = parameter(new Shape(outputs, inputs), group);
      Parameter bias = biased ? parameter(Shape.vector(outputs), group) : null;
      weight.allocateState(scope, optimizer);
      if (biased) {
        bias.allocateState(scope, optimizer);
      }
      add(weight, bias, activation, new UpdateTarget.Apply(optimizer));
    }

    void accumulate(int outputs, int inputs, boolean biased, Activation activation, float beta) {
      Parameter weight = parameter(new Shape(outputs, inputs), Parameter.Group.WEIGHTS);
      Parameter bias = biased ? parameter(Shape.vector(outputs), Parameter.Group.WEIGHTS) : null;
      Gradients gradients =
          Gradients.allocate(scope, biased ? List.of(weight, bias) : List.of(weight));
      gradients.tensors().values().forEach(tensor -> device.eager().fill(tensor, 0.25f));
      add(weight, bias, activation, new UpdateTarget.Accumulate(gradients, beta));
    }

    private void add(Parameter weight, Parameter bias, Activation activation, UpdateTarget target) {
      int outputs = Math.toIntExact(weight.shape().rows());
      int inputs = Math.toIntExact(weight.shape().columns());
      // Rows that are aligned to 16 bytes, and rows that are not.
      int wider = all.size() % 2 == 0 ? 4 : 3;
      all.add(
          new Layer(
              weight,
              bias,
              random(new Shape(BATCH, inputs + wider)).firstColumns(inputs),
              random(new Shape(BATCH, outputs + wider)).firstColumns(outputs),
              activation == Activation.IDENTITY ? null : random(new Shape(BATCH, outputs)),
              activation,
              target));
    }

    private Parameter parameter(Shape shape, Parameter.Group group) {
      Parameter parameter = new Parameter(device, scope, "p" + key, shape, group);
      fill(parameter.value());
      return parameter;
    }

    private Tensor random(Shape shape) {
      Tensor tensor = scope.allocate("t" + key, shape, DType.F32);
      fill(tensor);
      return tensor;
    }

    private void fill(Tensor tensor) {
      device.eager().randomFill(tensor, Operation.RandomFill.Distribution.UNIFORM, 1, key++);
    }
  }
}
