package dev.feedlight.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A sequence that grows token by token gives what the whole forward pass gives. */
final class GptDecoderTest {
  private static final int VOCABULARY = 13;
  private static final int CONTEXT = 9;
  private static final GptShape SHAPE =
      new GptShape(VOCABULARY, CONTEXT, 12, 3, 3, 20, Residual.STANDARDIZED);

  /** Some hundred roundings of 2^-24 of values of order 1; logits here reach 4. */
  private static final double ACCURACY = 1e-5;

  static Stream<Arguments> devices() {
    return Stream.of(
        device("the oracle", TestDevice.REFERENCE::open),
        device("one thread", TestDevice.CPU_1::open),
        device("two threads", TestDevice.CPU_2::open),
        device("the stand-in", StandIn::open));
  }

  private static Arguments device(String name, Supplier<Device> open) {
    return Arguments.of(org.junit.jupiter.api.Named.of(name, open));
  }

  @ParameterizedTest
  @MethodSource("devices")
  void tokenByTokenIsTheWholePass(Supplier<Device> open) {
    int[] tokens = RandomValues.labels(5, CONTEXT, VOCABULARY);
    try (Device device = open.get();
        Scope scope = device.openScope("weights")) {
      Network network =
          GptNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1);
      float[][] expected = forward(device, network, tokens);
      try (GptDecoder decoder = new GptDecoder(device, network, SHAPE)) {
        for (int i = 0; i < CONTEXT; i++) {
          same(decoder.append(tokens[i]), expected[i], "token " + i);
        }
        // The first by a pass, the others one by one behind them.
        decoder.restart();
        same(decoder.append(Arrays.copyOf(tokens, 4)), expected[3], "four tokens");
        for (int i = 4; i < CONTEXT; i++) {
          same(decoder.append(tokens[i]), expected[i], "token " + i + " after a pass");
        }
        float[][] part = decoder.logits(Arrays.copyOf(tokens, 6));
        assertThat(part).hasDimensions(6, VOCABULARY);
        for (int i = 0; i < 6; i++) {
          same(part[i], expected[i], "row " + i);
        }
        same(decoder.append(tokens[6]), expected[6], "one more after all logits");
      }
    }
  }

  /** Positions are learned, so every token of a full context moves to another embedding. */
  @ParameterizedTest
  @MethodSource("devices")
  void beyondTheContextTheLastTokensCount(Supplier<Device> open) {
    int[] tokens = RandomValues.labels(6, CONTEXT + 5, VOCABULARY);
    try (Device device = open.get();
        Scope scope = device.openScope("weights")) {
      Network network =
          GptNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MACRO, InitialWeights.UNIT_VARIANCE, 2);
      try (GptDecoder decoder = new GptDecoder(device, network, SHAPE)) {
        for (int i = 0; i < tokens.length; i++) {
          float[] logits = decoder.append(tokens[i]);
          if (i >= CONTEXT) {
            int[] seen = Arrays.copyOfRange(tokens, i + 1 - CONTEXT, i + 1);
            same(logits, forward(device, network, seen)[CONTEXT - 1], "token " + i);
          }
        }
        int[] last = Arrays.copyOfRange(tokens, 5, tokens.length);
        float[] expected = forward(device, network, last)[CONTEXT - 1];
        decoder.restart();
        same(decoder.append(tokens), expected, "all at once");
        decoder.restart();
        decoder.append(Arrays.copyOf(tokens, 7));
        same(
            decoder.append(Arrays.copyOfRange(tokens, 7, tokens.length)), expected, "in two parts");
      }
    }
  }

  /** The blocks as they are trained, without a cache. */
  private static float[][] forward(Device device, Network network, int[] tokens) {
    try (Scope scope = device.openScope("forward")) {
      Tensor input = scope.allocate("tokens", new Shape(CONTEXT, 1), DType.S32);
      device.write(input, tokens);
      List<BlockPass> passes = network.bind(scope, input);
      passes.forEach(pass -> pass.infer(device.eager()));
      float[] all = new float[CONTEXT * VOCABULARY];
      device.read(passes.getLast().output(), all);
      float[][] rows = new float[CONTEXT][];
      for (int i = 0; i < CONTEXT; i++) {
        rows[i] = Arrays.copyOfRange(all, i * VOCABULARY, (i + 1) * VOCABULARY);
      }
      return rows;
    }
  }

  private static void same(float[] actual, float[] expected, String what) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]) <= ACCURACY)
          .as("%s: logit %d is %s, expected %s", what, i, actual[i], expected[i])
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(FeedbackPoints.class)
  void attentionIsCausalAndWhole(FeedbackPoints points) {
    int[] tokens = RandomValues.labels(7, 6, VOCABULARY);
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("weights");
        GptDecoder decoder =
            new GptDecoder(
                device,
                GptNetwork.build(device, scope, SHAPE, points, InitialWeights.UNIT_VARIANCE, 3),
                SHAPE)) {
      for (int layer = 0; layer < SHAPE.layers(); layer++) {
        double[][] map = decoder.attention(layer, tokens);
        assertThat(map).hasDimensions(6, 6);
        for (int query = 0; query < 6; query++) {
          assertThat(Arrays.stream(map[query]).sum()).isBetween(1 - 1e-12, 1 + 1e-12);
          for (int key = 0; key < 6; key++) {
            assertThat(map[query][key] > 0).isEqualTo(key <= query);
          }
        }
      }
      assertThat(decoder.attention(0, tokens)).isNotEqualTo(decoder.attention(2, tokens));
    }
  }

  @Test
  void whatIsNoSequenceIsRefusedAndChangesNothing() {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("weights")) {
      Network network =
          GptNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1);
      try (GptDecoder decoder = new GptDecoder(device, network, SHAPE)) {
        float[] expected = decoder.append(1, 2, 3);
        decoder.restart();
        decoder.append(1, 2);
        refused(() -> decoder.append(4, VOCABULARY), "token 13 at place 1 does not lie in [0, 13)");
        refused(() -> decoder.append(-1), "token -1 at place 0 does not lie in [0, 13)");
        refused(decoder::append, "there is no token to go on from: give at least one");
        refused(
            () -> decoder.logits(new int[CONTEXT + 1]),
            "10 tokens are no sequence of a model whose context is 9: give 1 to 9");
        refused(() -> decoder.logits(), "0 tokens are no sequence");
        refused(() -> decoder.attention(3, 1), "there is no layer 3 among 3");
        same(decoder.append(3), expected, "after refusals");
      }
      GptShape other = new GptShape(VOCABULARY, CONTEXT, 12, 2, 3, 20, Residual.STANDARDIZED);
      refused(() -> new GptDecoder(device, network, other), "parameters is no GPT of");
    }
  }

  private static void refused(Runnable use, String message) {
    assertThatThrownBy(use::run).isInstanceOf(ShapeException.class).hasMessageContaining(message);
  }
}
