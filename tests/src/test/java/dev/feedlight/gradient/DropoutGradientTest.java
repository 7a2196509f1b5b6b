package dev.feedlight.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Gradients;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TestDevice;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.BlockPass;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients of blocks with dropout against central differences in double precision of the same
 * network with the same mask: backpropagation through all blocks, and a signal that blocks share.
 */
final class DropoutGradientTest {
  private static final int[] WIDTHS = {7, 33, 18, 5};
  private static final int BATCH = 9;
  private static final long SEED = 11;
  private static final float RATE = 0.4f;

  /** Samples before the first one; the fourth is the first beyond 32 bits. */
  private static final long FIRST = (1L << 32) - 3;

  /**
   * Sums of at most 33 products of order 1 through three blocks, each rounded some ten times at
   * 2^-24, and approximations of 4e-6 at most, relative to the largest gradient.
   */
  private static final double TOLERANCE = 2e-5;

  static Stream<Arguments> cases() {
    return Stream.of(TestDevice.values())
        .flatMap(
            kind ->
                Stream.of(Activation.values()).map(activation -> Arguments.of(kind, activation)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void backpropagationAgreesWithCentralDifferences(TestDevice kind, Activation activation) {
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      Setting setting = new Setting(device, scope, activation);
      int[] labels = RandomValues.labels(9, BATCH, 5);
      Tensor error = setting.floats(BATCH, 5);
      Tensor loss = setting.floats(1, 1);
      Tensor target = scope.allocate("labels", Shape.vector(BATCH), DType.S32);
      device.write(target, labels);
      List<Tensor> inputGradients = new ArrayList<>();
      setting.network.blocks().forEach(b -> inputGradients.add(setting.floats(BATCH, b.inputs())));
      setting.run(
          ops -> {
            ops.softmaxCrossEntropy(loss, error, setting.passes.getLast().output(), target);
            Tensor dy = error;
            for (int i = setting.passes.size() - 1; i >= 0; i--) {
              setting.passes.get(i).backward(ops, dy, inputGradients.get(i));
              dy = inputGradients.get(i);
            }
          });

      List<ExactNetwork.Layer> layers = setting.layers();
      ExactNetwork exact = new ExactNetwork(layers, BATCH, ExactNetwork.crossEntropy(labels));
      double[] x = setting.read(setting.input);
      for (int i = 0; i < layers.size(); i++) {
        Block block = setting.network.blocks().get(i);
        setting.compare(
            block.parameters().get(0),
            CentralDifferences.gradient(exact, x, layers.get(i).weight()));
        setting.compare(
            block.parameters().get(1), CentralDifferences.gradient(exact, x, layers.get(i).bias()));
      }
      compare(
          "input",
          setting.read(inputGradients.getFirst()),
          CentralDifferences.gradient(exact, x, x));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSharedSignalIsMaskedForEachBlockAndStaysAsItIs(TestDevice kind, Activation activation) {
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      Setting setting = new Setting(device, scope, activation);
      float[] signalValues = RandomValues.normal(13, BATCH * 33, 1);
      Tensor signal = setting.floats(BATCH, 33);
      device.write(signal, signalValues);
      setting.run(
          ops -> {
            for (int i = setting.passes.size() - 1; i >= 0; i--) {
              long width = setting.network.blocks().get(i).outputs();
              setting.passes.get(i).backward(ops, signal.firstColumns(width), null);
            }
          });

      assertThat(setting.read(signal)).isEqualTo(doubles(signalValues));
      List<ExactNetwork.Layer> layers = setting.layers();
      for (int i = 0; i < layers.size(); i++) {
        // What the signal stands for: the gradient of its product with the outputs.
        int width = WIDTHS[i + 1];
        ExactNetwork.Score product =
            (outputs, _) -> {
              double sum = 0;
              for (int j = 0; j < outputs.length; j++) {
                sum += outputs[j] * signalValues[j / width * 33 + j % width];
              }
              return sum;
            };
        ExactNetwork one = new ExactNetwork(List.of(layers.get(i)), BATCH, product);
        double[] x = setting.read(i == 0 ? setting.input : setting.passes.get(i - 1).output());
        Block block = setting.network.blocks().get(i);
        setting.compare(
            block.parameters().get(0), CentralDifferences.gradient(one, x, layers.get(i).weight()));
        setting.compare(
            block.parameters().get(1), CentralDifferences.gradient(one, x, layers.get(i).bias()));
      }
    }
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  private static void compare(String what, double[] actual, double[] differences) {
    double largest = 0;
    for (double value : differences) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).as("gradient of %s", what).isGreaterThan(1e-3);
    for (int i = 0; i < actual.length; i++) {
      double allowed = TOLERANCE * largest + CentralDifferences.ACCURACY * Math.max(1, largest);
      double off = Math.abs(actual[i] - differences[i]);
      assertThat(off <= allowed)
          .as(
              "gradient %d of %s: %s, by central differences %s, off by %s, allowed %s",
              i, what, actual[i], differences[i], off, allowed)
          .isTrue();
    }
  }

  /** What a test issues between the forward pass and the updates. */
  @FunctionalInterface
  private interface Feedback {
    void issue(Ops ops);
  }

  /** A network with its data and its gradients. */
  private static final class Setting {
    private final Device device;
    private final Scope scope;
    private final Network network;
    private final Tensor input;
    private final List<BlockPass> passes;
    private final Gradients gradients;

    Setting(Device device, Scope scope, Activation activation) {
      this.device = device;
      this.scope = scope;
      this.network =
          DenseChain.build(device, scope, activation, Activation.IDENTITY, RATE, SEED, WIDTHS);
      this.input = floats(BATCH, WIDTHS[0]);
      device.write(input, RandomValues.normal(7, BATCH * WIDTHS[0], 1));
      this.passes = network.bind(scope, input);
      this.gradients = Gradients.allocate(scope, network.parameters());
    }

    Tensor floats(long rows, long columns) {
      return scope.allocate("test", new Shape(rows, columns), DType.F32);
    }

    /** As a plan, so that what is fused is fused. */
    void run(Feedback feedback) {
      StepControl control = new StepControl(device, scope);
      control.begin(Optimizer.sgd(), 0, FIRST, 1);
      UpdateTarget kept = new UpdateTarget.Accumulate(gradients, 0);
      Plan plan =
          Plan.record(
              "test",
              device.kernels(),
              ops -> {
                passes.forEach(pass -> pass.forward(ops, control));
                feedback.issue(ops);
                passes.forEach(pass -> pass.update(ops, kept, control));
              });
      device.prepare(plan).run();
    }

    List<ExactNetwork.Layer> layers() {
      List<ExactNetwork.Layer> layers = new ArrayList<>();
      List<BoundedNetwork.Layer> bounded = BoundedNetwork.of(network).layers();
      for (int i = 0; i < bounded.size(); i++) {
        BoundedNetwork.Layer layer = bounded.get(i);
        double[] mask =
            i + 1 == bounded.size()
                ? null
                : DropoutMask.of(SEED, i, RATE, FIRST, BATCH, WIDTHS[i + 1]);
        layers.add(
            new ExactNetwork.Layer(
                layer.weight().values(), layer.bias().values(), layer.activation(), mask));
      }
      return layers;
    }

    double[] read(Tensor tensor) {
      float[] values = new float[(int) tensor.shape().elements()];
      device.read(tensor, values);
      return doubles(values);
    }

    void compare(Parameter parameter, double[] differences) {
      DropoutGradientTest.compare(parameter.name(), read(gradients.of(parameter)), differences);
    }
  }
}
