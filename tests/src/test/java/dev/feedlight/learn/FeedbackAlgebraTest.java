package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.gradient.BoundedMatrix;
import dev.feedlight.gradient.BoundedNetwork;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.nn.Network;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each rule does to the weights in one step, against double precision; and the identity that
 * ties the rules together: with the right feedback matrix direct feedback is backpropagation. (The
 * identity for linear networks of any depth is {@link LinearFeedbackIdentityTest}.)
 */
final class FeedbackAlgebraTest {
  private static final Optimizer SGD = Optimizer.sgd();
  private static final Problem DEEP =
      new Problem(6, new int[] {5, 7, 4, 9, 3}, Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);

  static Stream<Arguments> oneHiddenLayer() {
    return Stream.of(TestDevice.values())
        .flatMap(
            device ->
                Stream.of(Activation.values())
                    .flatMap(
                        f ->
                            Stream.of(Loss.values())
                                .map(
                                    loss ->
                                        Arguments.of(
                                            device,
                                            new Problem(6, new int[] {5, 33, 4}, f, loss)))));
  }

  static Stream<Arguments> deepOnes() {
    return Stream.of(TestDevice.values())
        .flatMap(
            device ->
                Stream.of(Activation.values())
                    .map(
                        f ->
                            Arguments.of(
                                device, new Problem(DEEP.batch(), DEEP.widths(), f, DEEP.loss()))));
  }

  @ParameterizedTest
  @MethodSource("oneHiddenLayer")
  void theTransposedWeightAsFeedbackIsBackpropagation(TestDevice kind, Problem problem) {
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      Network network = problem.network(device, scope);
      float[] lastWeight = network.parameters().get(2).read();
      float[] transposed = transposed(lastWeight, problem.outputs());
      List<float[]> byFeedback =
          problem.train(device, new DirectFeedback(new GivenMatrix(transposed)), SGD, 1, 1);
      List<float[]> byBackpropagation = problem.train(device, new Backpropagation(), SGD, 1, 1);
      // Both are within the bounds of one exact result: the difference is within twice of them.
      BoundedNetwork exact = BoundedNetwork.of(network);
      List<BoundedNetwork.Pass> passes = exact.forward(problem.exactInputs());
      List<BoundedNetwork.Gradient> gradients = exact.backpropagate(passes, problem.error(passes));
      check(problem, exact, gradients, byFeedback);
      check(problem, exact, gradients, byBackpropagation);
    }
  }

  @ParameterizedTest
  @MethodSource("deepOnes")
  void everyBlockGetsItsColumnsOfOneProjection(TestDevice kind, Problem problem) {
    float[] entries = RandomValues.normal(31, problem.widestHidden() * problem.outputs(), 0.5);
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      BoundedNetwork exact = BoundedNetwork.of(problem.network(device, scope));
      List<BoundedNetwork.Pass> passes = exact.forward(problem.exactInputs());
      BoundedMatrix feedback =
          BoundedMatrix.exact(problem.widestHidden(), problem.outputs(), entries);
      check(
          problem,
          exact,
          exact.directFeedback(passes, problem.error(passes), feedback),
          problem.train(device, new DirectFeedback(new GivenMatrix(entries)), SGD, 1, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("deepOnes")
  void backpropagationFollowsTheChain(TestDevice kind, Problem problem) {
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      BoundedNetwork exact = BoundedNetwork.of(problem.network(device, scope));
      List<BoundedNetwork.Pass> passes = exact.forward(problem.exactInputs());
      check(
          problem,
          exact,
          exact.backpropagate(passes, problem.error(passes)),
          problem.train(device, new Backpropagation(), SGD, 1, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("deepOnes")
  void theGradientAtTheLastBlocksInputCanBeProjected(TestDevice kind, Problem problem) {
    int lastInputs = problem.widths()[problem.blocks() - 1];
    float[] entries = RandomValues.normal(33, problem.widestHidden() * lastInputs, 0.5);
    DirectFeedback rule =
        new DirectFeedback(new GivenMatrix(entries), ProjectedError.LAST_BLOCK_INPUT, false);
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      BoundedNetwork exact = BoundedNetwork.of(problem.network(device, scope));
      List<BoundedNetwork.Pass> passes = exact.forward(problem.exactInputs());
      int last = problem.blocks() - 1;
      BoundedMatrix feedback = BoundedMatrix.exact(problem.widestHidden(), lastInputs, entries);
      List<BoundedNetwork.Gradient> gradients =
          exact.directFeedback(passes, problem.error(passes), feedback, last);
      check(problem, exact, gradients, problem.train(device, rule, SGD, 1, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("deepOnes")
  void theBatchMeanCanBeTakenOutOfTheSignal(TestDevice kind, Problem problem) {
    float[] entries = RandomValues.normal(35, problem.widestHidden() * problem.outputs(), 0.5);
    DirectFeedback rule = new DirectFeedback(new GivenMatrix(entries), ProjectedError.OUTPUT, true);
    try (Device device = kind.open();
        Scope scope = device.openScope("weights")) {
      BoundedNetwork exact = BoundedNetwork.of(problem.network(device, scope));
      List<BoundedNetwork.Pass> passes = exact.forward(problem.exactInputs());
      BoundedMatrix feedback =
          BoundedMatrix.exact(problem.widestHidden(), problem.outputs(), entries);
      BoundedMatrix signal =
          problem.error(passes).times(feedback.transposed(), null).withoutColumnMeans();
      check(
          problem,
          exact,
          exact.withSignal(passes, problem.error(passes), signal),
          problem.train(device, rule, SGD, 1, 1));
    }
  }

  /** The weights after one step of SGD at rate 1 are w - g. */
  private static void check(
      Problem problem,
      BoundedNetwork start,
      List<BoundedNetwork.Gradient> gradients,
      List<float[]> after) {
    for (int i = 0; i < problem.blocks(); i++) {
      BoundedNetwork.Layer layer = start.layers().get(i);
      check(problem, i, layer.weight(), gradients.get(i).weight(), after.get(2 * i));
      check(problem, i, layer.bias(), gradients.get(i).bias(), after.get(2 * i + 1));
    }
  }

  private static void check(
      Problem problem, int block, BoundedMatrix before, BoundedMatrix gradient, float[] after) {
    boolean moved = false;
    for (int j = 0; j < after.length; j++) {
      double expected = before.value(j) - gradient.value(j);
      // The weight is one more term of the sum over the batch.
      double rounding = (problem.batch() + 2) * BoundedMatrix.UNIT;
      double tolerance =
          gradient.bound(j) + rounding * (Math.abs(before.value(j)) + Math.abs(expected));
      double error = Math.abs(after[j] - expected);
      assertThat(error <= tolerance)
          .as(
              "entry %d of block %d: %s, exactly %s, off by %s, allowed %s",
              j, block, after[j], expected, error, tolerance)
          .isTrue();
      moved |= Math.abs(gradient.value(j)) > 100 * tolerance;
    }
    if (before.rows() > 1) {
      assertThat(moved).as("the step moves the weight of block %d visibly", block).isTrue();
    }
  }

  private static float[] transposed(float[] matrix, int rows) {
    int columns = matrix.length / rows;
    float[] result = new float[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      result[i % columns * rows + i / columns] = matrix[i];
    }
    return result;
  }
}
