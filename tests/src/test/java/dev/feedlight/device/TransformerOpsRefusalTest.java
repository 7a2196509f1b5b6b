package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.AttentionLayout.Mask;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations of a Transformer refuse what does not fit, before anything is changed. */
final class TransformerOpsRefusalTest {
  private static final AttentionLayout LAYOUT = new AttentionLayout(2, 3, Mask.CAUSAL);

  private final Device device = TestDevice.CPU_1.open();
  private final Scope scope = device.openScope("test");
  private final List<Tensor> floats = new ArrayList<>();
  private final StepControl control = new StepControl(device, scope);
  private final Tensor x = floats(6, 4);
  private final Tensor y = floats(6, 4);
  private final Tensor z = floats(6, 4);
  private final Tensor mean = floats(1, 6);
  private final Tensor rstd = floats(1, 6);
  private final Tensor qkv = floats(6, 12);
  private final Tensor dqkv = floats(6, 12);
  private final Tensor sums = floats(6, 2);
  private final Tensor odd = floats(6, 3);
  private final Tensor tokens = scope.allocate("tokens", new Shape(6, 1), DType.S32);
  private final Tensor labels = scope.allocate("labels", Shape.vector(6), DType.S32);
  private final Parameter gain = parameter("gain", 1, 4);
  private final Parameter bias = parameter("bias", 1, 4);
  private final Parameter wrong = parameter("wrong", 1, 3);
  private final Parameter table = parameter("table", 5, 4);
  private final Parameter positions = parameter("positions", 3, 4);
  private final Parameter manyPositions = parameter("many positions", 4, 4);
  private final UpdateTarget sgd = new UpdateTarget.Apply(Optimizer.sgd());
  private final UpdateTarget adam = new UpdateTarget.Apply(Optimizer.adam());

  TransformerOpsRefusalTest() {
    device.write(tokens, new int[] {0, 1, 2, 3, 4, 0});
  }

  private Tensor floats(long rows, long columns) {
    Tensor tensor = scope.allocate("floats", new Shape(rows, columns), DType.F32);
    device.eager().fill(tensor, 7);
    floats.add(tensor);
    return tensor;
  }

  private Parameter parameter(String name, long rows, long columns) {
    Parameter parameter =
        new Parameter(device, scope, name, new Shape(rows, columns), Parameter.Group.WEIGHTS);
    device.eager().fill(parameter.value(), 7);
    floats.add(parameter.value());
    return parameter;
  }

  @AfterEach
  void close() {
    scope.close();
    device.close();
  }

  private static Arguments bad(String message, BiConsumer<TransformerOpsRefusalTest, Ops> use) {
    return Arguments.of(message, use);
  }

  static Stream<Arguments> normalizations() {
    return Stream.of(
        bad("y must be F32", (t, ops) -> forward(t, ops, t.tokens, t.x, t.mean, t.gain)),
        bad("y has shape 6 x 3", (t, ops) -> forward(t, ops, t.odd, t.x, t.mean, t.gain)),
        bad("mean has shape 6 x 4", (t, ops) -> forward(t, ops, t.y, t.x, t.z, t.gain)),
        bad("wrong has shape 1 x 3", (t, ops) -> forward(t, ops, t.y, t.x, t.mean, t.wrong)),
        bad("also read", (t, ops) -> forward(t, ops, t.x, t.x, t.mean, t.gain)),
        bad(
            "residual has shape 6 x 3",
            (t, ops) -> ops.layerNormForward(t.y, t.mean, t.rstd, t.x, t.odd, t.gain, t.bias)),
        bad("both a gain and a bias", (t, ops) -> forward(t, ops, t.y, t.x, t.mean, null)),
        bad(
            "dy has shape 6 x 3",
            (t, ops) -> ops.layerNormBackward(t.y, t.odd, null, t.x, t.mean, t.rstd, t.gain)),
        bad(
            "residual has shape 6 x 3",
            (t, ops) -> ops.layerNormBackward(t.y, t.z, t.odd, t.x, t.mean, t.rstd, t.gain)),
        bad(
            "also read",
            (t, ops) -> ops.layerNormBackward(t.y, t.z, t.y, t.x, t.mean, t.rstd, t.gain)),
        bad("dy has shape 6 x 3", (t, ops) -> update(t, ops, t.gain, t.odd, t.sgd)),
        bad("wrong has shape 1 x 3", (t, ops) -> update(t, ops, t.wrong, t.y, t.sgd)),
        bad("0 optimizer state tensors", (t, ops) -> update(t, ops, t.gain, t.y, t.adam)),
        bad(
            "no gradient is kept for parameter gain",
            (t, ops) ->
                update(
                    t, ops, t.gain, t.y, new UpdateTarget.Accumulate(new Gradients(Map.of()), 0))));
  }

  private static void forward(
      TransformerOpsRefusalTest t, Ops ops, Tensor y, Tensor x, Tensor mean, Parameter gain) {
    ops.layerNormForward(y, mean, t.rstd, x, null, gain, t.bias);
  }

  private static void update(
      TransformerOpsRefusalTest t, Ops ops, Parameter gain, Tensor dy, UpdateTarget target) {
    ops.layerNormUpdate(gain, t.bias, t.x, t.mean, t.rstd, dy, target, t.control);
  }

  static Stream<Arguments> attention() {
    return Stream.of(
        bad("y must be F32", (t, ops) -> ops.attentionForward(t.tokens, t.sums, t.qkv, LAYOUT)),
        bad(
            "3 cannot be cut into 2 heads",
            (t, ops) -> ops.attentionForward(t.odd, t.sums, t.qkv, LAYOUT)),
        bad(
            "4 tokens are no whole sequences of 3",
            (t, ops) ->
                ops.attentionForward(
                    t.y.rowRange(0, 4), t.sums.rowRange(0, 4), t.qkv.rowRange(0, 4), LAYOUT)),
        bad("6 x 4, expected 6 x 12", (t, ops) -> ops.attentionForward(t.y, t.sums, t.x, LAYOUT)),
        bad("6 x 3, expected 6 x 2", (t, ops) -> ops.attentionForward(t.y, t.odd, t.qkv, LAYOUT)),
        bad(
            "also read",
            (t, ops) -> ops.attentionForward(t.qkv.firstColumns(4), t.sums, t.qkv, LAYOUT)),
        bad(
            "qkv has shape 6 x 12, expected 18 x 12",
            (t, ops) -> ops.attentionDecode(t.y, t.qkv, LAYOUT)),
        bad(
            "3 cannot be cut into 2 heads",
            (t, ops) -> ops.attentionDecode(t.odd.rowRange(0, 2), t.qkv, LAYOUT)),
        bad("y must be F32", (t, ops) -> ops.attentionDecode(t.tokens, t.qkv, LAYOUT)),
        bad(
            "also read",
            (t, ops) -> ops.attentionDecode(t.qkv.firstColumns(4).rowRange(0, 2), t.qkv, LAYOUT)),
        bad(
            "6 x 3, expected 6 x 4",
            (t, ops) -> ops.attentionBackward(t.dqkv, t.odd, t.y, t.sums, t.qkv, LAYOUT)),
        bad(
            "6 x 4, expected 6 x 12",
            (t, ops) -> ops.attentionBackward(t.z, t.x, t.y, t.sums, t.qkv, LAYOUT)),
        bad("also read", (t, ops) -> ops.attentionBackward(t.qkv, t.x, t.y, t.sums, t.qkv, LAYOUT)),
        bad("not 0 heads and a context of 3", (t, ops) -> new AttentionLayout(0, 3, Mask.FULL)),
        bad("a context of -1", (t, ops) -> new AttentionLayout(1, -1, Mask.FULL)));
  }

  static Stream<Arguments> embeddings() {
    return Stream.of(
        bad(
            "tokens must be S32",
            (t, ops) -> ops.embeddingForward(t.y, t.mean, t.table, t.positions)),
        bad(
            "tokens has shape 1 x 6",
            (t, ops) -> ops.embeddingForward(t.y, t.labels, t.table, t.positions)),
        bad(
            "table has shape 5 x 4",
            (t, ops) -> ops.embeddingForward(t.odd, t.tokens, t.table, t.positions)),
        bad(
            "6 tokens are no whole sequences of 4",
            (t, ops) -> ops.embeddingForward(t.y, t.tokens, t.table, t.manyPositions)),
        bad(
            "0 optimizer state tensors",
            (t, ops) ->
                ops.embeddingUpdate(t.table, t.positions, t.tokens, t.y, t.adam, t.control)),
        bad(
            "also written",
            (t, ops) ->
                ops.embeddingUpdate(t.positions, t.positions, t.tokens, t.y, t.sgd, t.control)),
        bad("x has shape 6 x 3", (t, ops) -> ops.residualAdd(t.x, t.odd, t.y)),
        bad("y must be F32", (t, ops) -> ops.residualAdd(t.x, t.y, t.labels)),
        bad(
            "also read",
            (t, ops) ->
                ops.residualAdd(t.x.rowRange(0, 3), t.x.rowRange(1, 3), t.y.rowRange(0, 3))));
  }

  @ParameterizedTest
  @MethodSource({"normalizations", "attention", "embeddings"})
  void whatDoesNotFitIsRefused(String message, BiConsumer<TransformerOpsRefusalTest, Ops> use) {
    assertThatThrownBy(() -> use.accept(this, device.eager()))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(message);
    requireUntouched();
  }

  private void requireUntouched() {
    for (Tensor tensor : floats) {
      float[] values = new float[(int) tensor.shape().elements()];
      device.read(tensor, values);
      assertThat(values).containsOnly(7);
    }
    assertThat(control.failure()).isNull();
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void aTokenOutsideTheVocabularyIsRefused(TestDevice kind) {
    try (Device other = kind.open();
        Scope memory = other.openScope("tokens")) {
      Tensor numbers = memory.allocate("tokens", new Shape(3, 1), DType.S32);
      Tensor rows = memory.allocate("rows", new Shape(3, 4), DType.F32);
      Parameter words =
          new Parameter(other, memory, "words", new Shape(5, 4), Parameter.Group.WEIGHTS);
      Parameter places =
          new Parameter(other, memory, "places", new Shape(3, 4), Parameter.Group.WEIGHTS);
      StepControl words64 = new StepControl(other, memory);
      other.eager().fill(words.value(), 7);
      other.eager().fill(places.value(), 7);
      other.eager().fill(rows, 7);
      for (int bad : new int[] {5, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        other.write(numbers, new int[] {4, bad, 0});
        String message = "token " + bad + " of row 1 does not lie in [0, 5)";
        assertThatThrownBy(() -> other.eager().embeddingForward(rows, numbers, words, places))
            .isInstanceOf(ShapeException.class)
            .hasMessage(message);
        assertThatThrownBy(
                () -> other.eager().embeddingUpdate(words, places, numbers, rows, sgd, words64))
            .isInstanceOf(ShapeException.class)
            .hasMessage(message);
        assertThat(words.read()).containsOnly(7);
        assertThat(places.read()).containsOnly(7);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSumWorksInPlace(boolean left) {
    device.eager().residualAdd(x, left ? x : y, left ? y : x);
    float[] values = new float[24];
    device.read(x, values);
    assertThat(values).containsOnly(14);
  }

  @Test
  void causalPairsAreATriangle() {
    assertThat(new AttentionLayout(1, 24, Mask.CAUSAL).pairs()).isEqualTo(300);
    assertThat(new AttentionLayout(1, 24, Mask.FULL).pairs()).isEqualTo(576);
  }
}
