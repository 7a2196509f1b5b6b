package dev.feedlight.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Gradients;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TestDevice;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.learn.Loss;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.BlockPass;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every block's backward pass against central differences in double precision: weights, biases and
 * the gradient at the input. What fp32 may be off by comes from {@link BoundedMatrix}.
 */
final class DenseGradientTest {
  /** Batch, input, hidden and output widths: ones, odd, prime, two to the k plus one. */
  private static final List<int[]> SHAPES =
      List.of(
          new int[] {1, 1, 1},
          new int[] {1, 1, 2, 1, 2},
          new int[] {2, 7, 3},
          new int[] {3, 5, 17, 2},
          new int[] {17, 3, 4, 5, 3},
          new int[] {5, 33, 13, 10});

  static Stream<Arguments> networks() {
    return Stream.of(TestDevice.values())
        .flatMap(
            device ->
                Stream.of(Activation.values())
                    .flatMap(
                        activation ->
                            Stream.of(Loss.values())
                                .map(loss -> Arguments.of(device, activation, loss))));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithCentralDifferences(TestDevice kind, Activation activation, Loss loss) {
    for (int[] shape : SHAPES) {
      try (Device device = kind.open();
          Scope scope = device.openScope("test")) {
        Probe probe = new Probe(device, scope, activation, loss, shape);
        probe.run(body -> device.prepare(Plan.record("test", device.kernels(), body)).run());
        probe.compare();
        probe.run(body -> body.accept(device.eager()));
        probe.compare();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void theBoundsAreTight(Activation activation) {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      Probe probe = new Probe(device, scope, activation, Loss.SOFTMAX_CROSS_ENTROPY, 3, 5, 17, 2);
      // A wrong factor or a lost term cannot hide: bounds are 1e-3 of the gradient at most.
      for (BoundedNetwork.Gradient gradient : probe.bounded()) {
        for (BoundedMatrix matrix : List.of(gradient.weight(), gradient.bias(), gradient.input())) {
          for (int i = 0; i < matrix.rows() * matrix.columns(); i++) {
            assertThat(matrix.bound(i)).isLessThan(1e-3 * matrix.largest());
          }
        }
      }
    }
  }

  /** A network with its data, and the tensors that receive its gradients. */
  private static final class Probe {
    private final Device device;
    private final Scope scope;
    private final Loss loss;
    private final int batch;
    private final Network network;
    private final float[] inputs;
    private final float[] targets;
    private final int[] labels;
    private final Gradients gradients;
    private final List<Tensor> inputGradients = new ArrayList<>();

    Probe(Device device, Scope scope, Activation activation, Loss loss, int... shape) {
      this.device = device;
      this.scope = scope;
      this.loss = loss;
      this.batch = shape[0];
      int[] widths = Arrays.copyOfRange(shape, 1, shape.length);
      this.network = DenseChain.build(device, scope, activation, activation, 11, widths);
      int outputs = widths[widths.length - 1];
      this.inputs = RandomValues.normal(7, batch * widths[0], 1);
      this.targets = RandomValues.normal(8, batch * outputs, 1);
      this.labels = RandomValues.labels(9, batch, outputs);
      this.gradients = Gradients.allocate(scope, network.parameters());
      gradients.tensors().values().forEach(tensor -> device.eager().fill(tensor, Float.NaN));
      for (Block block : network.blocks()) {
        inputGradients.add(allocate(new Shape(batch, block.inputs())));
      }
    }

    private Tensor allocate(Shape shape) {
      Tensor tensor = scope.allocate("gradient", shape, DType.F32);
      device.eager().fill(tensor, Float.NaN);
      return tensor;
    }

    /** Forward, loss, backward through every block, gradients kept. */
    void run(Consumer<Consumer<Ops>> runner) {
      Tensor x = scope.allocate("x", new Shape(batch, network.inputs()), DType.F32);
      device.write(x, inputs);
      List<BlockPass> passes = network.bind(scope, x);
      Tensor output = passes.getLast().output();
      Tensor error = scope.allocate("error", output.shape(), DType.F32);
      Tensor value = scope.allocate("loss", Shape.vector(1), DType.F32);
      Tensor target = scope.allocate("target", loss.targetShape(output), loss.targetType());
      if (loss == Loss.SOFTMAX_CROSS_ENTROPY) {
        device.write(target, labels);
      } else {
        device.write(target, targets);
      }
      StepControl control = new StepControl(device, scope);
      runner.accept(
          ops -> {
            passes.forEach(pass -> pass.forward(ops, control));
            if (loss == Loss.SOFTMAX_CROSS_ENTROPY) {
              ops.softmaxCrossEntropy(value, error, output, target);
            } else {
              ops.meanSquaredError(value, error, output, target, null);
            }
            Tensor dy = error;
            for (int i = passes.size() - 1; i >= 0; i--) {
              passes.get(i).backward(ops, dy, inputGradients.get(i));
              dy = inputGradients.get(i);
            }
            // The updates come last, so that a signal spoilt by a later block would show.
            UpdateTarget kept = new UpdateTarget.Accumulate(gradients, 0);
            passes.forEach(pass -> pass.update(ops, kept, control));
          });
    }

    List<BoundedNetwork.Gradient> bounded() {
      BoundedNetwork bounded = BoundedNetwork.of(network);
      List<BoundedNetwork.Pass> passes =
          bounded.forward(BoundedMatrix.exact(batch, (int) network.inputs(), inputs));
      BoundedMatrix output = passes.getLast().y();
      return bounded.backpropagate(
          passes,
          loss == Loss.SOFTMAX_CROSS_ENTROPY
              ? output.crossEntropyError(labels)
              : output.squaredErrorGradient(targets));
    }

    void compare() {
      List<ExactNetwork.Layer> layers = new ArrayList<>();
      for (BoundedNetwork.Layer layer : BoundedNetwork.of(network).layers()) {
        layers.add(
            new ExactNetwork.Layer(
                layer.weight().values(), layer.bias().values(), layer.activation()));
      }
      ExactNetwork exact =
          new ExactNetwork(
              layers,
              batch,
              loss == Loss.SOFTMAX_CROSS_ENTROPY
                  ? ExactNetwork.crossEntropy(labels)
                  : ExactNetwork.squaredError(targets));
      double[] x = new double[inputs.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = inputs[i];
      }
      List<BoundedNetwork.Gradient> bounds = bounded();
      for (int i = 0; i < layers.size(); i++) {
        Block block = network.blocks().get(i);
        double[] weights = CentralDifferences.gradient(exact, x, layers.get(i).weight());
        double[] biases = CentralDifferences.gradient(exact, x, layers.get(i).bias());
        Parameter weight = block.parameters().get(0);
        Parameter bias = block.parameters().get(1);
        compare(weight.name(), gradients.of(weight), weights, bounds.get(i).weight());
        compare(bias.name(), gradients.of(bias), biases, bounds.get(i).bias());
      }
      double[] dx = CentralDifferences.gradient(exact, x, x);
      compare("input", inputGradients.getFirst(), dx, bounds.getFirst().input());
    }

    private void compare(String what, Tensor tensor, double[] differences, BoundedMatrix bounds) {
      float[] actual = new float[differences.length];
      device.read(tensor, actual);
      for (int i = 0; i < actual.length; i++) {
        double tolerance =
            bounds.bound(i)
                + BoundedMatrix.UNIT * Math.abs(differences[i])
                + CentralDifferences.ACCURACY * Math.max(1, bounds.largest());
        double error = Math.abs(actual[i] - differences[i]);
        assertThat(error <= tolerance)
            .as(
                "gradient %d of %s: %s, by central differences %s, off by %s, allowed %s",
                i, what, actual[i], differences[i], error, tolerance)
            .isTrue();
      }
    }
  }
}
