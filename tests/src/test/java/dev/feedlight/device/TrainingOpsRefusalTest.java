package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.TrainingOperation.GradientNorm.Part;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Dropout and stored gradients refuse what does not fit, before anything is changed. */
final class TrainingOpsRefusalTest {
  private final Device device = TestDevice.CPU_1.open();
  private final Scope scope = device.openScope("test");
  private final StepControl control = new StepControl(device, scope);
  private final Tensor x = floats(4, 6);
  private final Tensor gradient = floats(3, 6);
  private final Tensor norm = floats(1, 1);
  private final Tensor factor = floats(1, 1);
  private final Tensor integers = scope.allocate("ints", new Shape(4, 6), DType.S32);
  private final Parameter weight =
      new Parameter(device, scope, "w", new Shape(3, 6), Parameter.Group.WEIGHTS);

  private Tensor floats(long rows, long columns) {
    Tensor tensor = scope.allocate("floats", new Shape(rows, columns), DType.F32);
    device.eager().fill(tensor, 7);
    return tensor;
  }

  @AfterEach
  void close() {
    scope.close();
    device.close();
  }

  private static Arguments bad(String message, BiConsumer<TrainingOpsRefusalTest, Ops> use) {
    return Arguments.of(message, use);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        bad("result must be F32", (t, ops) -> ops.dropout(t.integers, t.x, 0, 1, t.control)),
        bad("source must be F32", (t, ops) -> ops.dropout(t.x, t.integers, 0, 1, t.control)),
        bad("3 x 6, expected 4 x 6", (t, ops) -> ops.dropout(t.x, t.gradient, 0, 1, t.control)),
        bad("[0, 1), not 1.0", (t, ops) -> ops.dropout(t.x, t.x, 1, 1, t.control)),
        bad("not -0.5", (t, ops) -> ops.dropout(t.x, t.x, -0.5f, 1, t.control)),
        bad("not NaN", (t, ops) -> ops.dropout(t.x, t.x, Float.NaN, 1, t.control)),
        bad(
            "also read",
            (t, ops) -> ops.dropout(t.x.rowRange(0, 3), t.x.rowRange(1, 3), 0, 1, t.control)),
        bad("norm has shape 4 x 6", (t, ops) -> norm(t, ops, t.x, t.factor, t.gradient, 0, 1, 1)),
        bad("factor has shape 4 x 6", (t, ops) -> norm(t, ops, t.norm, t.x, t.gradient, 0, 1, 1)),
        bad("also written", (t, ops) -> norm(t, ops, t.norm, t.norm, t.gradient, 0, 1, 1)),
        bad("also read", (t, ops) -> norm(t, ops, t.norm, t.factor, t.norm, 0, 1, 1)),
        bad("must be F32", (t, ops) -> norm(t, ops, t.norm, t.factor, t.integers, 0, 1, 1)),
        bad(
            "5 columns at row stride 6",
            (t, ops) -> norm(t, ops, t.norm, t.factor, t.x.firstColumns(5), 0, 1, 1)),
        bad("block number -1", (t, ops) -> norm(t, ops, t.norm, t.factor, t.x, -1, 1, 1)),
        bad("> 0, not 0.0", (t, ops) -> norm(t, ops, t.norm, t.factor, t.x, 0, 0, 1)),
        bad("> 0, not NaN", (t, ops) -> norm(t, ops, t.norm, t.factor, t.x, 0, Float.NaN, 1)),
        bad("> 0, not -1.0", (t, ops) -> norm(t, ops, t.norm, t.factor, t.x, 0, 1, -1)),
        bad(
            "> 0, not Infinity",
            (t, ops) -> norm(t, ops, t.norm, t.factor, t.x, 0, 1, Float.POSITIVE_INFINITY)),
        bad(
            "at least one gradient",
            (t, ops) -> ops.gradientNorm(t.norm, t.factor, List.of(), 1, 1, t.control)),
        bad(
            "gradient of w has shape 4 x 6, expected 3 x 6",
            (t, ops) -> apply(t, ops, t.x, t.factor, Optimizer.sgd())),
        bad(
            "at row stride 6",
            (t, ops) -> apply(t, ops, t.gradient.firstColumns(5), t.factor, Optimizer.sgd())),
        bad(
            "factor has shape 3 x 6",
            (t, ops) -> apply(t, ops, t.gradient, t.gradient, Optimizer.sgd())),
        bad(
            "0 optimizer state tensors",
            (t, ops) -> apply(t, ops, t.gradient, t.factor, Optimizer.adam())),
        bad("also read", (t, ops) -> apply(t, ops, t.weight.value(), t.factor, Optimizer.sgd())));
  }

  private static void norm(
      TrainingOpsRefusalTest t,
      Ops ops,
      Tensor norm,
      Tensor factor,
      Tensor gradient,
      int block,
      float scale,
      float limit) {
    ops.gradientNorm(norm, factor, List.of(new Part(gradient, block)), scale, limit, t.control);
  }

  private static void apply(
      TrainingOpsRefusalTest t, Ops ops, Tensor gradient, Tensor factor, Optimizer optimizer) {
    ops.applyGradient(t.weight, gradient, factor, optimizer, t.control);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatDoesNotFitIsRefused(String message, BiConsumer<TrainingOpsRefusalTest, Ops> use) {
    assertThatThrownBy(() -> use.accept(this, device.eager()))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(message);
    for (Tensor tensor : List.of(x, gradient, norm, factor)) {
      float[] values = new float[(int) tensor.shape().elements()];
      device.read(tensor, values);
      assertThat(values).containsOnly(7);
    }
    assertThat(control.failure()).isNull();
  }

  @Test
  void whatWorksInPlaceIsAccepted() {
    Ops ops = device.eager();
    ops.dropout(x, x, 0.5f, 1, control);
    ops.gradientNorm(norm, factor, List.of(new Part(x, 0), new Part(gradient, 1)), 1, 1, control);
    ops.applyGradient(weight, gradient, factor, Optimizer.sgd(), control);
    assertThat(control.failure()).isNull();
  }
}
