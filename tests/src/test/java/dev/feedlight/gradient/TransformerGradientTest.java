package dev.feedlight.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;
import dev.feedlight.device.Device;
import dev.feedlight.device.Gradients;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TestDevice;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.AttentionBlock;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.BlockPass;
import dev.feedlight.nn.Chain;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptNetwork;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.Head;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Initializer;
import dev.feedlight.nn.MlpBlock;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.PatchGrid;
import dev.feedlight.nn.Residual;
import dev.feedlight.nn.VitNetwork;
import dev.feedlight.nn.VitShape;
import dev.feedlight.nn.Workspace;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The blocks of a Transformer against central differences in double precision. */
final class TransformerGradientTest {
  /**
   * What fp32 between the operations may cost, relative to the largest gradient of a tensor: some
   * ten operations in a row, each off by a few 2^-24 of values that may cancel. A wrong factor is
   * off by 1e-1 or more.
   */
  private static final double ACCURACY = 3e-5;

  private static final GptShape SHAPE = new GptShape(7, 5, 6, 2, 3, 9, Residual.STANDARDIZED);
  private static final int SEQUENCES = 3;

  static Stream<Arguments> networks() {
    return Stream.of(TestDevice.values())
        .flatMap(
            device ->
                Stream.of(FeedbackPoints.values())
                    .flatMap(
                        points ->
                            Stream.of(Residual.values())
                                .map(residual -> Arguments.of(device, points, residual))));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aGptAgreesWithCentralDifferences(TestDevice kind, FeedbackPoints points, Residual residual) {
    GptShape shape = SHAPE.withResidual(residual);
    int rows = Math.toIntExact(SEQUENCES * SHAPE.context());
    int classes = Math.toIntExact(SHAPE.vocabulary());
    int[] tokens = RandomValues.labels(1, rows, classes);
    int[] labels = RandomValues.labels(2, rows, classes);
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      Network network =
          GptNetwork.build(device, scope, shape, points, InitialWeights.UNIT_VARIANCE, 3);
      disturb(network.parameters());
      Tensor x = scope.allocate("tokens", new Shape(rows, 1), DType.S32);
      Tensor target = scope.allocate("labels", Shape.vector(rows), DType.S32);
      Tensor value = scope.allocate("loss", Shape.vector(1), DType.F32);
      Tensor error = scope.allocate("error", new Shape(rows, classes), DType.F32);
      device.write(x, tokens);
      device.write(target, labels);
      List<BlockPass> passes = network.bind(scope, x);
      StepControl control = new StepControl(device, scope);
      Gradients gradients = Gradients.allocate(scope, network.parameters());
      LearningRule.Feedback feedback =
          new Backpropagation()
              .bind(new LearningRule.Context(device, scope, network, passes, error, control, 1));
      run(
          device,
          ops -> {
            passes.forEach(pass -> pass.forward(ops, control));
            ops.softmaxCrossEntropy(value, error, passes.getLast().output(), target);
            feedback.issue(ops, new UpdateTarget.Accumulate(gradients, 0));
          });
      ExactGpt exact =
          new ExactGpt(network, shape.attention(), residual, Math.toIntExact(shape.width()));
      float[] loss = new float[1];
      device.read(value, loss);
      assertThat(Math.abs(loss[0] - exact.loss(tokens, labels, shape.layers())) <= 1e-5).isTrue();
      for (Parameter parameter : network.parameters()) {
        double[] expected =
            exact.gradient(parameter.name(), e -> e.loss(tokens, labels, shape.layers()));
        compare(device, parameter.name(), gradients.of(parameter), expected);
      }
    }
  }

  /** Two layers in the last block, and one before it: all parameters, weighted outputs. */
  @ParameterizedTest
  @MethodSource("networks")
  void aVitAgreesWithCentralDifferences(TestDevice kind, FeedbackPoints points, Residual residual) {
    PatchGrid input = new PatchGrid(2, 4, 2, 2);
    PatchGrid output = new PatchGrid(1, 4, 2, 2);
    VitShape shape = new VitShape(input, output, 6, 3, 2, 3, 9, residual);
    int rows = SEQUENCES * input.patches();
    float[] patches = RandomValues.normal(1, rows * input.patchValues(), 1);
    float[] targets = RandomValues.normal(2, rows * output.patchValues(), 1);
    float[] weights = {0.5f, 2, 1, 0, 0.75f, 1, 1.25f, 1.5f};
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      Network network =
          VitNetwork.build(device, scope, shape, points, InitialWeights.UNIT_VARIANCE, 3);
      disturb(network.parameters());
      Shape outputs = new Shape(rows, output.patchValues());
      Tensor x = scope.allocate("patches", new Shape(rows, input.patchValues()), DType.F32);
      Tensor target = scope.allocate("target", outputs, DType.F32);
      Tensor weight = scope.allocate("weights", new Shape(2, 4), DType.F32);
      Tensor value = scope.allocate("loss", Shape.vector(1), DType.F32);
      Tensor error = scope.allocate("error", outputs, DType.F32);
      device.write(x, patches);
      device.write(target, targets);
      device.write(weight, weights);
      List<BlockPass> passes = network.bind(scope, x);
      StepControl control = new StepControl(device, scope);
      Gradients gradients = Gradients.allocate(scope, network.parameters());
      LearningRule.Feedback feedback =
          new Backpropagation()
              .bind(new LearningRule.Context(device, scope, network, passes, error, control, 1));
      run(
          device,
          ops -> {
            passes.forEach(pass -> pass.forward(ops, control));
            ops.meanSquaredError(value, error, passes.getLast().output(), target, weight);
            feedback.issue(ops, new UpdateTarget.Accumulate(gradients, 0));
          });
      ExactGpt exact =
          new ExactGpt(network, shape.attention(), residual, Math.toIntExact(shape.width()));
      double[] exactPatches = ExactGpt.doubles(patches);
      ToDoubleFunction<ExactGpt> loss =
          e -> e.squaredError(exactPatches, targets, weights, shape.layers());
      assertThat(Math.abs(read(device, value)[0] - loss.applyAsDouble(exact)) <= 1e-5).isTrue();
      for (Parameter parameter : network.parameters()) {
        double[] expected = exact.gradient(parameter.name(), loss);
        compare(device, parameter.name(), gradients.of(parameter), expected);
      }
    }
  }

  /** A sub-layer, how to make it, and its formula. */
  record SubLayer(Residual residual, Maker maker, Formula formula) {
    interface Maker {
      Block make(Initializer initializer, Workspace workspace);
    }

    interface Formula {
      double[] of(ExactGpt exact, double[] x);
    }
  }

  private static final int WIDTH = 6;

  static Stream<Arguments> subLayers() {
    return Stream.of(TestDevice.values())
        .flatMap(
            device ->
                Stream.concat(
                    Stream.of(Residual.values())
                        .flatMap(
                            residual ->
                                Stream.of(
                                    Arguments.of(
                                        device, Mask.CAUSAL, attention(Mask.CAUSAL, residual)),
                                    Arguments.of(device, Mask.FULL, attention(Mask.FULL, residual)),
                                    Arguments.of(device, Mask.FULL, mlp(residual)))),
                    Stream.of(Arguments.of(device, Mask.FULL, head()))));
  }

  private static SubLayer attention(Mask mask, Residual residual) {
    AttentionLayout layout = new AttentionLayout(2, 4, mask);
    return new SubLayer(
        residual,
        (i, w) -> new AttentionBlock(i, w, "h.0", WIDTH, layout, residual, 0.7),
        (e, x) -> e.attention("h.0", x));
  }

  private static SubLayer mlp(Residual residual) {
    return new SubLayer(
        residual,
        (i, w) -> new MlpBlock(i, w, "h.0", WIDTH, 10, residual, 0.7),
        (e, x) -> e.mlp("h.0", x));
  }

  private static SubLayer head() {
    return new SubLayer(
        Residual.PLAIN, (i, w) -> new Head(i, "lm_head", w, WIDTH, 4), ExactGpt::head);
  }

  /**
   * With a gradient at the input, everything; without, everything but the normalisation, whose kept
   * gradients are 0, and the signal is only read.
   */
  @ParameterizedTest
  @MethodSource("subLayers")
  void aBlockAgreesWithCentralDifferences(TestDevice kind, Mask mask, SubLayer layer) {
    int rows = 8;
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      Block block =
          layer.maker.make(
              new Initializer(device, scope, InitialWeights.UNIT_VARIANCE, 4), new Workspace());
      disturb(block.parameters());
      int outputs = Math.toIntExact(block.outputs());
      float[] input = RandomValues.normal(5, rows * WIDTH, 1);
      float[] signal = RandomValues.normal(6, rows * outputs, 1);
      Tensor x = scope.allocate("x", new Shape(rows, WIDTH), DType.F32);
      Tensor dx = scope.allocate("dx", new Shape(rows, WIDTH), DType.F32);
      Tensor dy = scope.allocate("dy", new Shape(rows, outputs), DType.F32);
      device.write(x, input);
      BlockPass pass = block.bind(scope, x);
      StepControl control = new StepControl(device, scope);
      Gradients gradients = Gradients.allocate(scope, block.parameters());
      ExactGpt exact =
          new ExactGpt(
              new Network(List.of(block)), new AttentionLayout(2, 4, mask), layer.residual, WIDTH);
      double[] exactInput = ExactGpt.doubles(input);
      ToDoubleFunction<ExactGpt> loss =
          e -> {
            double[] y = layer.formula.of(e, exactInput);
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
              sum += y[i] * signal[i];
            }
            return sum;
          };
      for (boolean wanted : new boolean[] {true, false}) {
        device.write(dy, signal);
        gradients.tensors().values().forEach(t -> device.eager().fill(t, Float.NaN));
        run(
            device,
            ops -> {
              pass.forward(ops, control);
              pass.backward(ops, dy, wanted ? dx : null);
              pass.update(ops, new UpdateTarget.Accumulate(gradients, 0), control);
            });
        for (Parameter parameter : block.parameters()) {
          double[] expected =
              !wanted && parameter.name().contains("ln_")
                  ? new double[Math.toIntExact(parameter.shape().elements())]
                  : exact.gradient(parameter.name(), loss);
          compare(device, parameter.name(), gradients.of(parameter), expected);
        }
        float[] after = new float[signal.length];
        device.read(dy, after);
        assertThat(after).isEqualTo(signal);
      }
      compare(device, "dx", dx, exact.gradient(exactInput, loss));
    }
  }

  /** A dense block passes a gradient on in place of its signal; a chain must not hand it on so. */
  @Test
  void aChainLeavesASignalAsItIsIfNobodyWantsItsGradient() {
    try (Device device = TestDevice.REFERENCE.open();
        Scope scope = device.openScope("test")) {
      Block first = new Dense(device, scope, "first", 3, 4, Activation.TANH, 1, 0);
      Block second = new Dense(device, scope, "second", 4, 2, Activation.TANH, 1, 1);
      Network apart = new Network(List.of(first, second));
      Network chained =
          new Network(List.of(new Chain("chain", new Workspace(), List.of(first, second))));
      Gradients expected = gradients(device, scope, apart);
      Gradients actual = gradients(device, scope, chained);
      for (Parameter parameter : apart.parameters()) {
        assertThat(read(device, actual.of(parameter)))
            .isEqualTo(read(device, expected.of(parameter)));
      }
    }
  }

  private static Gradients gradients(Device device, Scope scope, Network network) {
    float[] signal = RandomValues.normal(8, 10, 1);
    Tensor x = scope.allocate("x", new Shape(5, 3), DType.F32);
    Tensor error = scope.allocate("error", new Shape(5, 2), DType.F32);
    device.write(x, RandomValues.normal(7, 15, 1));
    device.write(error, signal);
    List<BlockPass> passes = network.bind(scope, x);
    StepControl control = new StepControl(device, scope);
    Gradients gradients = Gradients.allocate(scope, network.parameters());
    LearningRule.Feedback feedback =
        new Backpropagation()
            .bind(new LearningRule.Context(device, scope, network, passes, error, control, 1));
    passes.forEach(pass -> pass.forward(device.eager(), control));
    feedback.issue(device.eager(), new UpdateTarget.Accumulate(gradients, 0));
    if (passes.size() == 1) {
      assertThat(read(device, error)).isEqualTo(signal);
    }
    return gradients;
  }

  /** Gains and biases that are not 1 and 0. */
  private static void disturb(List<Parameter> parameters) {
    for (Parameter parameter : parameters) {
      float[] values = parameter.read();
      float[] noise = RandomValues.normal(parameter.name().hashCode(), values.length, 0.2);
      for (int i = 0; i < values.length; i++) {
        values[i] += noise[i];
      }
      parameter.write(values);
    }
  }

  /** As a plan, which a device may fuse and group. */
  private static void run(Device device, Consumer<Ops> body) {
    device.prepare(Plan.record("test", device.kernels(), body)).run();
  }

  private static float[] read(Device device, Tensor tensor) {
    float[] values = new float[tensor.shape().arrayLength()];
    device.read(tensor, values);
    return values;
  }

  private static void compare(Device device, String what, Tensor tensor, double[] expected) {
    float[] actual = read(device, tensor);
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < actual.length; i++) {
      double error = Math.abs(actual[i] - expected[i]);
      assertThat(error <= ACCURACY * largest + 1e-8)
          .as(
              "gradient %d of %s: %s, by central differences %s, the largest %s",
              i, what, actual[i], expected[i], largest)
          .isTrue();
    }
  }
}
