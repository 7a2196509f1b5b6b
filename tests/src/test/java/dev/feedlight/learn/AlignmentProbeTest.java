package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TestDevice;
import dev.feedlight.gradient.BoundedMatrix;
import dev.feedlight.gradient.BoundedNetwork;
import dev.feedlight.gradient.DenseChain;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.learn.LinearFeedbackIdentityTest.Construction;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Alignment against double precision, against what is known beforehand, and by hand. */
final class AlignmentProbeTest {
  private static final int[] WIDTHS = {5, 7, 4, 9, 3};
  private static final int BATCH = 6;

  static Stream<Arguments> rules() {
    List<Arguments> all = new ArrayList<>();
    for (TestDevice device : TestDevice.values()) {
      for (Activation activation : Activation.values()) {
        for (ProjectedError projected : ProjectedError.values()) {
          for (boolean subtractMean : new boolean[] {false, true}) {
            all.add(Arguments.of(device, activation, projected, subtractMean));
          }
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void gradientAlignmentIsThatOfDoublePrecision(
      TestDevice kind, Activation activation, ProjectedError projected, boolean subtractMean) {
    Problem problem = new Problem(BATCH, WIDTHS, activation, Loss.SOFTMAX_CROSS_ENTROPY);
    boolean ofOutput = projected == ProjectedError.OUTPUT;
    int columns = ofOutput ? problem.outputs() : WIDTHS[WIDTHS.length - 2];
    float[] entries = RandomValues.normal(51, problem.widestHidden() * columns, 0.5);
    LearningRule rule = new DirectFeedback(new GivenMatrix(entries), projected, subtractMean);
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      Network network = problem.network(device, scope);
      BoundedNetwork exact = BoundedNetwork.of(network);
      List<BoundedNetwork.Pass> passes = exact.forward(problem.exactInputs());
      BoundedMatrix error = problem.error(passes);
      List<BoundedNetwork.Gradient> gradients = exact.backpropagate(passes, error);
      BoundedMatrix projectable = ofOutput ? error : gradients.getLast().input();
      BoundedMatrix feedback =
          BoundedMatrix.exact(problem.widestHidden(), columns, entries).transposed();
      BoundedMatrix signal = projectable.times(feedback, null);
      BoundedMatrix received = subtractMean ? signal.withoutColumnMeans() : signal;
      List<BlockAlignment> found = measure(problem, device, network, rule);
      assertThat(found).hasSize(problem.blocks());
      for (int block = 0; block < problem.blocks() - 1; block++) {
        int width = WIDTHS[block + 1];
        double[] a = received.firstColumns(width).values();
        double[] b = gradients.get(block + 1).input().values();
        double[] cosines = new double[BATCH];
        for (int row = 0; row < BATCH; row++) {
          cosines[row] = cosine(a, b, row * width, width);
        }
        BlockAlignment alignment = found.get(block);
        assertThat(alignment.block()).isEqualTo(block);
        assertThat(alignment.name()).isEqualTo("dense" + (block + 1));
        // Norms are of order 0.01 to 1, entries good to about 1e-6 of them.
        assertThat(alignment.gradientMean()).isCloseTo(mean(cosines), within(1e-4));
        assertThat(alignment.gradientStd()).isCloseTo(deviation(cosines), within(1e-4));
        double ratio = Math.sqrt(product(a, a, 0, a.length) / product(b, b, 0, b.length));
        assertThat(alignment.normRatio()).isCloseTo(ratio, within(1e-4 * ratio));
      }
      BlockAlignment last = found.getLast();
      assertThat(last.gradientMean()).isEqualTo(1);
      assertThat(last.gradientStd()).isZero();
      assertThat(last.normRatio()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void weightAlignmentIsThatOfDoublePrecision(TestDevice kind) {
    Problem problem = new Problem(BATCH, WIDTHS, Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);
    int outputs = problem.outputs();
    float[] entries = RandomValues.normal(52, problem.widestHidden() * outputs, 0.5);
    BoundedMatrix f = BoundedMatrix.exact(problem.widestHidden(), outputs, entries);
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      Network network = problem.network(device, scope);
      List<BlockAlignment> found =
          measure(problem, device, network, new DirectFeedback(new GivenMatrix(entries)));
      assertThat(found.getFirst().weight()).isNaN();
      for (int block = 1; block < problem.blocks(); block++) {
        // Rows of F by taking columns of its transpose.
        BoundedMatrix below = f.transposed().firstColumns(WIDTHS[block]);
        BoundedMatrix reference =
            block == problem.blocks() - 1
                ? below
                : f.transposed().firstColumns(WIDTHS[block + 1]).transposed().times(below, null);
        double[] weight = BoundedNetwork.of(network).layers().get(block).weight().values();
        // Sums of three products in fp32.
        assertThat(found.get(block).weight())
            .as("block %d", block)
            .isCloseTo(cosine(weight, reference.values(), 0, weight.length), within(1e-6));
      }
    }
  }

  /** F = (1, 2, 3)^T, so F_2 F_1^T = ((1, 2, 3), (2, 4, 6)) and F_2^T = (1, 2). */
  @Test
  void weightAlignmentByHand() {
    Problem problem =
        new Problem(2, new int[] {1, 3, 2, 1}, Activation.TANH, Loss.MEAN_SQUARED_ERROR);
    DirectFeedback rule = new DirectFeedback(new GivenMatrix(new float[] {1, 2, 3}));
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights")) {
      Network network = problem.network(device, scope);
      network.parameters().get(2).write(new float[] {1, 1, 1, 0, 0, 0});
      network.parameters().get(4).write(new float[] {1, -1});
      List<BlockAlignment> found = measure(problem, device, network, rule);
      assertThat(found.get(0).weight()).isNaN();
      assertThat(found.get(1).weight()).isCloseTo(6 / Math.sqrt(3 * 70), within(1e-15));
      assertThat(found.get(2).weight()).isCloseTo(-1 / Math.sqrt(2 * 5), within(1e-15));
    }
  }

  /** The projected gradient is then one of the last block's input: F says nothing about W_L. */
  @Test
  void theLastWeightHasNoAlignmentIfItsInputGradientIsProjected() {
    Problem problem =
        new Problem(2, new int[] {1, 3, 2, 1}, Activation.TANH, Loss.MEAN_SQUARED_ERROR);
    float[] entries = {1, 0, 0, 1, 1, 1};
    DirectFeedback rule =
        new DirectFeedback(new GivenMatrix(entries), ProjectedError.LAST_BLOCK_INPUT, false);
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights")) {
      Network network = problem.network(device, scope);
      // F_2 F_1^T = ((1, 0, 1), (0, 1, 1)).
      network.parameters().get(2).write(new float[] {2, 0, 2, 0, 2, 2});
      List<BlockAlignment> found = measure(problem, device, network, rule);
      assertThat(found.get(1).weight()).isCloseTo(1, within(1e-15));
      assertThat(found.get(2).weight()).isNaN();
    }
  }

  /** The signal is then the gradient, bit for bit: see {@link LinearFeedbackIdentityTest}. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void theTransposedChainOfWeightsIsAligned(int depth) {
    Construction c = Construction.make(depth);
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("weights")) {
      Network network = c.network(device, scope);
      float[] other = c.feedback().clone();
      other[0] += 1;
      List<BlockAlignment> exact = measure(c, device, network, c.feedback());
      List<BlockAlignment> perturbed = measure(c, device, network, other);
      for (int block = 0; block < depth - 1; block++) {
        assertThat(exact.get(block).gradientMean()).isCloseTo(1, within(1e-15));
        // A root turns the rounding of a square into its own root.
        assertThat(exact.get(block).gradientStd()).isLessThan(1e-7);
        assertThat(exact.get(block).normRatio()).isEqualTo(1);
        assertThat(perturbed.get(block).gradientMean()).isLessThan(0.9999);
      }
      assertThat(exact.getLast().weight()).isCloseTo(1, within(1e-15));
    }
  }

  private static List<BlockAlignment> measure(
      Construction c, Device device, Network network, float[] feedback) {
    try (TrainingStep step =
            c.step(device, network, new DirectFeedback(new GivenMatrix(feedback)));
        AlignmentProbe probe = new AlignmentProbe(step)) {
      return probe.measure(0);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void backpropagationIsAlignedWithItself(TestDevice kind) {
    Problem problem = new Problem(BATCH, WIDTHS, Activation.GELU, Loss.SOFTMAX_CROSS_ENTROPY);
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      List<BlockAlignment> found =
          measure(problem, device, problem.network(device, scope), new Backpropagation());
      assertThat(found).hasSize(problem.blocks());
      for (BlockAlignment block : found) {
        assertThat(block.gradientMean()).isCloseTo(1, within(1e-15));
        assertThat(block.normRatio()).isEqualTo(1);
        assertThat(block.weight()).isNaN();
      }
    }
  }

  /** Passing the gradient through its activation overwrites the error; the rule needs it again. */
  @ParameterizedTest
  @EnumSource(ProjectedError.class)
  void theErrorIsWholeForEveryMeasurement(ProjectedError projected) {
    Problem problem = new Problem(BATCH, WIDTHS, Activation.TANH, Loss.MEAN_SQUARED_ERROR);
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights")) {
      Network network =
          DenseChain.build(device, scope, Activation.TANH, Activation.TANH, 5, WIDTHS);
      for (BlockAlignment block : measure(problem, device, network, new Backpropagation())) {
        assertThat(block.gradientMean()).isCloseTo(1, within(1e-15));
        assertThat(block.normRatio()).isEqualTo(1);
      }
      DirectFeedback rule = new DirectFeedback(new RandomMatrix(), projected, false);
      try (TrainingStep step = problem.step(device, network, rule, Optimizer.sgd());
          AlignmentProbe probe = new AlignmentProbe(step)) {
        assertThat(probe.measure(0)).isEqualTo(probe.measure(0));
      }
    }
  }

  /** Noise, stochastic mirrors and all: the probe sees the signal that the step will see. */
  @Test
  void theSignalIsThatOfTheStep() {
    Problem problem = new Problem(BATCH, WIDTHS, Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);
    Listening projector = new Listening(new OpticalProjector());
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("weights")) {
      Network network = problem.network(device, scope);
      try (TrainingStep step =
              problem.step(device, network, new DirectFeedback(projector), Optimizer.adam());
          AlignmentProbe probe = new AlignmentProbe(step)) {
        for (int i = 0; i < 3; i++) {
          List<BlockAlignment> first = probe.measure(i);
          float[] seen = projector.signal(device);
          assertThat(probe.measure(i + 1)).isNotEqualTo(first);
          assertThat(probe.measure(i)).isEqualTo(first);
          step.run(0.01f, i);
          assertThat(projector.signal(device)).isEqualTo(seen);
        }
        assertThat(step.frameLog().projections()).isZero();
        step.observe();
        assertThat(step.frameLog().projections()).isEqualTo(BATCH);
      }
    }
  }

  /** Keeps the projection that it binds. */
  private static final class Listening implements Projector {
    private final Projector projector;
    private Projection bound;

    Listening(Projector projector) {
      this.projector = projector;
    }

    @Override
    public String ruleName() {
      return projector.ruleName();
    }

    @Override
    public Projection bind(
        Device device, Scope scope, Tensor error, long outputs, StepControl control, long seed) {
      bound = projector.bind(device, scope, error, outputs, control, seed);
      return bound;
    }

    float[] signal(Device device) {
      float[] values = new float[bound.signal().shape().arrayLength()];
      device.read(bound.signal(), values);
      return values;
    }
  }

  @Test
  void aRuleThatFeedsNoHiddenBlockIsRefused() {
    Problem problem = new Problem(BATCH, WIDTHS, Activation.TANH, Loss.MEAN_SQUARED_ERROR);
    assertRefused(problem, new LastBlockOnly(), "rule shlw feeds none of the 3 hidden blocks");
  }

  @Test
  void aNetworkOfOneBlockIsRefused() {
    Problem problem =
        new Problem(BATCH, new int[] {5, 3}, Activation.TANH, Loss.MEAN_SQUARED_ERROR);
    assertRefused(problem, new DirectFeedback(new RandomMatrix()), "one block has no alignment");
  }

  private static void assertRefused(Problem problem, LearningRule rule, String message) {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights");
        TrainingStep step =
            problem.step(device, problem.network(device, scope), rule, Optimizer.sgd())) {
      long before = device.memory().liveBytes();
      assertThatThrownBy(() -> new AlignmentProbe(step))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(message);
      assertThat(device.memory().liveBytes()).isEqualTo(before);
    }
  }

  @Test
  void valuesThatAreNotFiniteAreRefusedAsByTheStep() {
    Problem problem = new Problem(BATCH, WIDTHS, Activation.TANH, Loss.MEAN_SQUARED_ERROR);
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights")) {
      Network network = problem.network(device, scope);
      try (TrainingStep step =
              problem.step(
                  device, network, new DirectFeedback(new RandomMatrix()), Optimizer.sgd());
          AlignmentProbe probe = new AlignmentProbe(step)) {
        float[] weight = network.parameters().get(2).read();
        weight[1] = Float.NaN;
        network.parameters().get(2).write(weight);
        assertThatThrownBy(() -> probe.measure(7))
            .isInstanceOf(NotFiniteException.class)
            .hasMessageContaining("block 1 (dense2) were not finite at step 7");
      }
    }
  }

  @Test
  void aProbeGivesBackItsMemory() {
    Problem problem = new Problem(BATCH, WIDTHS, Activation.TANH, Loss.MEAN_SQUARED_ERROR);
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights");
        TrainingStep step =
            problem.step(
                device,
                problem.network(device, scope),
                new DirectFeedback(new OpticalProjector()),
                Optimizer.sgd())) {
      AlignmentProbe probe = new AlignmentProbe(step);
      // Two gradients of the widest input of a block but the first, 9.
      assertThat(device.memory().scopes()).containsEntry("alignment probe", 2L * BATCH * 9 * 4);
      probe.measure(0);
      probe.close();
      probe.close();
      assertThat(device.memory().scopes()).doesNotContainKey("alignment probe");
    }
  }

  @Test
  void aFeedbackMatrixHasAsManyValuesAsItsShape() {
    assertThatThrownBy(
            () -> new FeedbackMatrix(new Shape(3, 2), new float[5], ProjectedError.OUTPUT))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("5", "3 x 2");
  }

  private static List<BlockAlignment> measure(
      Problem problem, Device device, Network network, LearningRule rule) {
    try (TrainingStep step = problem.step(device, network, rule, Optimizer.sgd());
        AlignmentProbe probe = new AlignmentProbe(step)) {
      return probe.measure(0);
    }
  }

  private static double cosine(double[] a, double[] b, int from, int length) {
    return product(a, b, from, length)
        / Math.sqrt(product(a, a, from, length) * product(b, b, from, length));
  }

  private static double product(double[] a, double[] b, int from, int length) {
    double sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }
}
