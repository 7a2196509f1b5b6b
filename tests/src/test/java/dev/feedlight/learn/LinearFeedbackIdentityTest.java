package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * In a linear network whose feedback matrix is the transposed chain of forward weights, direct
 * feedback is backpropagation, at any depth: held exactly, bit for bit, because every number is a
 * small multiple of a power of two, which fp32 adds and multiplies without rounding in any order.
 *
 * <p>One matrix B serves blocks of different widths n, so the chain from each block must be B's
 * first n columns (transposed). With {@code B^T = G [I | C]} the weights {@code W = [I | C; 0] + N
 * M} do that, where the columns of {@code N = [-C; I]} span the null space of the next block's [I |
 * C] and M is free.
 */
final class LinearFeedbackIdentityTest {
  private static final int OUTPUTS = 2;
  private static final int BATCH = 4;
  private static final int INPUTS = 3;
  private static final int[] HIDDEN = {4, 6, 3, 5};

  static Stream<Arguments> depths() {
    return Stream.of(TestDevice.values())
        .flatMap(
            device -> IntStream.rangeClosed(2, 5).mapToObj(depth -> Arguments.of(device, depth)));
  }

  @ParameterizedTest
  @MethodSource("depths")
  void directFeedbackIsBackpropagation(TestDevice kind, int depth) {
    Construction c = Construction.make(depth);
    List<float[]> byFeedback = c.train(kind, new DirectFeedback(new GivenMatrix(c.feedback)));
    List<float[]> byBackpropagation = c.train(kind, new Backpropagation());
    assertThat(byFeedback).hasSize(2 * depth);
    for (int i = 0; i < byFeedback.size(); i++) {
      assertThat(byFeedback.get(i)).as("parameter %d", i).isEqualTo(byBackpropagation.get(i));
      if (i % 2 == 0) {
        assertThat(byFeedback.get(i)).isNotEqualTo(c.weights[i / 2]);
      }
      for (float value : byFeedback.get(i)) {
        // Exact: a multiple of 1/4, far below 2^24 of them.
        assertThat(value * 4).isEqualTo(Math.round(value * 4)).isBetween(-0x1p22f, 0x1p22f);
      }
    }
    float[] other = c.feedback.clone();
    other[0] += 1;
    assertThat(c.train(kind, new DirectFeedback(new GivenMatrix(other))).getFirst())
        .isNotEqualTo(byBackpropagation.getFirst());
  }

  /** Weights, feedback matrix and data of small integers. */
  @SuppressWarnings("ArrayRecordComponent") // constants of the test, never compared
  record Construction(
      int[] widths, float[][] weights, float[] feedback, float[] inputs, float[] targets) {
    static Construction make(int depth) {
      Random random = new Random(depth);
      int[] widths = new int[depth + 1];
      widths[0] = INPUTS;
      System.arraycopy(HIDDEN, 0, widths, 1, depth - 1);
      widths[depth] = OUTPUTS;
      int widest = Arrays.stream(widths, 1, depth).max().orElseThrow();
      // [I | C], OUTPUTS x widest.
      int[][] right = new int[OUTPUTS][widest];
      for (int row = 0; row < OUTPUTS; row++) {
        for (int column = 0; column < widest; column++) {
          int identity = row == column ? 1 : 0;
          right[row][column] = column < OUTPUTS ? identity : random.nextInt(3) - 1;
        }
      }
      int[][] left = {{1, -1}, {1, 2}};
      float[] feedback = new float[widest * OUTPUTS];
      for (int column = 0; column < widest; column++) {
        for (int row = 0; row < OUTPUTS; row++) {
          feedback[column * OUTPUTS + row] =
              left[row][0] * right[0][column] + left[row][1] * right[1][column];
        }
      }
      float[][] weights = new float[depth][];
      weights[0] = integers(random, widths[1] * INPUTS);
      for (int block = 1; block < depth - 1; block++) {
        weights[block] = middle(random, right, widths[block + 1], widths[block]);
      }
      // The last block's weight is B^T, cut to its inputs.
      weights[depth - 1] = new float[OUTPUTS * widths[depth - 1]];
      for (int row = 0; row < OUTPUTS; row++) {
        for (int column = 0; column < widths[depth - 1]; column++) {
          weights[depth - 1][row * widths[depth - 1] + column] = feedback[column * OUTPUTS + row];
        }
      }
      return new Construction(
          widths,
          weights,
          feedback,
          integers(random, BATCH * INPUTS),
          integers(random, BATCH * OUTPUTS));
    }

    private static float[] middle(Random random, int[][] right, int rows, int columns) {
      float[] weight = new float[rows * columns];
      for (int column = 0; column < columns; column++) {
        for (int free = OUTPUTS; free < rows; free++) {
          int m = random.nextInt(3) - 1;
          weight[free * columns + column] = m;
          for (int row = 0; row < OUTPUTS; row++) {
            weight[row * columns + column] -= right[row][free] * m;
          }
        }
        for (int row = 0; row < OUTPUTS; row++) {
          weight[row * columns + column] += right[row][column];
        }
      }
      return weight;
    }

    private static float[] integers(Random random, int n) {
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] = random.nextInt(5) - 2;
      }
      return values;
    }

    Network network(Device device, Scope scope) {
      Network network = problem().network(device, scope);
      for (int block = 0; block < weights.length; block++) {
        network.parameters().get(2 * block).write(weights[block]);
        network.parameters().get(2 * block + 1).write(new float[widths[block + 1]]);
      }
      return network;
    }

    /** Plans a step and loads the batch. */
    TrainingStep step(Device device, Network network, LearningRule rule) {
      TrainingStep step = problem().step(device, network, rule, Optimizer.sgd());
      assertThat(step.target().dtype()).isEqualTo(DType.F32);
      device.write(step.input(), inputs);
      device.write(step.target(), targets);
      return step;
    }

    private Problem problem() {
      return new Problem(BATCH, widths, Activation.IDENTITY, Loss.MEAN_SQUARED_ERROR);
    }

    /** Parameters after one step at rate 1. */
    List<float[]> train(TestDevice kind, LearningRule rule) {
      try (Device device = kind.open();
          Scope scope = device.openScope("weights")) {
        Network network = network(device, scope);
        try (TrainingStep step = step(device, network, rule)) {
          step.run(1, 0);
          step.requireFiniteWeights();
          return Problem.parameters(network);
        }
      }
    }
  }
}
