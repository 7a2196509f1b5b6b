package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation refuses what does not fit, with the numbers, before anything is changed. */
final class OpsRefusalTest {
  private static final int ROWS = 4;
  private static final int INPUTS = 6;
  private static final int OUTPUTS = 3;

  private final Device device = TestDevice.CPU_1.open();
  private final Scope scope = device.openScope("test");
  private final List<Tensor> floats = new ArrayList<>();
  private final StepControl control = new StepControl(device, scope);

  private final Tensor x = floats(ROWS, INPUTS);
  private final Tensor y = floats(ROWS, OUTPUTS);
  private final Tensor z = floats(ROWS, OUTPUTS);
  private final Tensor dx = floats(ROWS, INPUTS);
  private final Tensor dy = floats(ROWS, OUTPUTS);
  private final Tensor wide = floats(ROWS, 7);
  private final Tensor scalar = floats(1, 1);
  private final Tensor perRow = floats(1, ROWS);
  private final Tensor pixels = floats(1, OUTPUTS);
  private final Tensor labels = scope.allocate("labels", Shape.vector(ROWS), DType.S32);
  private final Tensor integers = scope.allocate("ints", new Shape(ROWS, INPUTS), DType.S32);
  private final Tensor ternary = scope.allocate("ternary", new Shape(ROWS, INPUTS), DType.S8);
  private final Tensor counts = scope.allocate("counts", new Shape(ROWS, 2), DType.S32);
  private final Tensor field = scope.allocate("field", new Shape(ROWS, 2 * OUTPUTS), DType.S32);
  private final Tensor anchor = scope.allocate("anchor", Shape.vector(2 * OUTPUTS), DType.S32);
  private final Parameter weight = parameter(OUTPUTS, INPUTS);
  private final Parameter bias = parameter(1, OUTPUTS);
  private final Parameter wrongWeight = parameter(INPUTS, OUTPUTS);
  private final Transmission medium = new Transmission.Procedural(1, OUTPUTS, INPUTS);
  private final CameraResponse camera = new CameraResponse(1, 0, 0, false, 255);
  private final ReadOut readOut = new ReadOut(1, false, 1);
  private final UpdateTarget sgd = new UpdateTarget.Apply(Optimizer.sgd());

  private Tensor floats(long rows, long columns) {
    Tensor tensor = scope.allocate("floats", new Shape(rows, columns), DType.F32);
    floats.add(tensor);
    return tensor;
  }

  private Parameter parameter(long rows, long columns) {
    Parameter parameter =
        new Parameter(device, scope, "p", new Shape(rows, columns), Parameter.Group.WEIGHTS);
    floats.add(parameter.value());
    return parameter;
  }

  @AfterEach
  void close() {
    scope.close();
    device.close();
  }

  private static Arguments bad(String message, BiConsumer<OpsRefusalTest, Ops> use) {
    return Arguments.of(message, use);
  }

  private static final Activation ID = Activation.IDENTITY;
  private static final Activation TANH = Activation.TANH;

  static Stream<Arguments> fills() {
    return Stream.of(
        bad("fill target must be F32, but is S32", (t, ops) -> ops.fill(t.integers, 1)),
        bad("2 columns at row stride 6", (t, ops) -> ops.fill(t.x.firstColumns(2), 1)),
        bad("must be F32", (t, ops) -> ops.randomFill(t.labels, Distribution.NORMAL, 1, 1)),
        bad("scale -1.0", (t, ops) -> ops.randomFill(t.x, Distribution.UNIFORM, -1, 1)),
        bad("scale NaN", (t, ops) -> ops.randomFill(t.x, Distribution.UNIFORM, Float.NaN, 1)),
        bad("must be F32, but is S8", (t, ops) -> ops.finiteCheck(t.ternary, 0, t.control)),
        bad("block number -1", (t, ops) -> ops.finiteCheck(t.x, -1, t.control)));
  }

  static Stream<Arguments> products() {
    return Stream.of(
        bad("x must be F32", (t, ops) -> forward(ops, t.y, null, t.integers, t.weight, null)),
        bad("y must be F32", (t, ops) -> forward(ops, t.field, null, t.x, t.weight, null)),
        bad("6 x 3, expected 3 x 6", (t, ops) -> forward(ops, t.y, null, t.x, t.wrongWeight, null)),
        bad("expected 3 x 7", (t, ops) -> forward(ops, t.y, null, t.wide, t.weight, null)),
        bad(
            "3 x 3, expected 4 x 3",
            (t, ops) -> forward(ops, t.y.rowRange(0, 3), null, t.x, t.weight, null)),
        bad("3 x 6, expected 1 x 3", (t, ops) -> forward(ops, t.y, null, t.x, t.weight, t.weight)),
        bad("4 x 6, expected 4 x 3", (t, ops) -> forward(ops, t.y, t.x, t.x, t.weight, null)),
        bad(
            "GELU keeps its pre-activation",
            (t, ops) -> ops.linearForward(t.y, null, t.x, t.weight, null, Activation.GELU)),
        bad(
            "6 x 3, expected 3 x 6",
            (t, ops) -> ops.linearBackwardInput(t.dx, t.dy, t.wrongWeight, null, ID)),
        bad(
            "3 x 6, expected 4 x 6",
            (t, ops) -> ops.linearBackwardInput(t.dx.rowRange(1, 3), t.dy, t.weight, null, ID)),
        bad(
            "dx must be F32",
            (t, ops) -> ops.linearBackwardInput(t.integers, t.dy, t.weight, null, ID)),
        bad(
            "TANH needs a saved tensor",
            (t, ops) -> ops.linearBackwardInput(t.dx, t.dy, t.weight, null, TANH)),
        bad(
            "IDENTITY has no use for",
            (t, ops) -> ops.linearBackwardInput(t.dx, t.dy, t.weight, t.x, ID)),
        bad(
            "4 x 3, expected 4 x 6",
            (t, ops) -> ops.linearBackwardInput(t.dx, t.dy, t.weight, t.y, TANH)),
        bad("4 x 6, expected 4 x 3", (t, ops) -> ops.activationGradient(t.y, t.x, t.z, TANH)),
        bad("TANH needs a saved", (t, ops) -> ops.activationGradient(t.y, t.z, null, TANH)),
        bad(
            "saved activation must be F32",
            (t, ops) -> ops.activationGradient(t.dx, t.x, t.integers, TANH)));
  }

  private static void forward(Ops ops, Tensor y, Tensor z, Tensor x, Parameter w, Parameter b) {
    ops.linearForward(y, z, x, w, b, ID);
  }

  static Stream<Arguments> updates() {
    return Stream.of(
        bad(
            "6 x 3, expected 3 x 6",
            (t, ops) -> update(t, ops, t.wrongWeight, t.bias, t.x, t.dy, null, ID, t.sgd)),
        bad(
            "3 x 3, expected 4 x 3",
            (t, ops) ->
                update(t, ops, t.weight, t.bias, t.x, t.dy.rowRange(0, 3), null, ID, t.sgd)),
        bad(
            "expected 1 x 3",
            (t, ops) -> update(t, ops, t.weight, t.weight, t.x, t.dy, null, ID, t.sgd)),
        bad(
            "TANH needs a saved",
            (t, ops) -> update(t, ops, t.weight, t.bias, t.x, t.dy, null, TANH, t.sgd)),
        bad(
            "x must be F32",
            (t, ops) -> update(t, ops, t.weight, t.bias, t.integers, t.dy, null, ID, t.sgd)),
        bad(
            "has 0 optimizer state tensors",
            (t, ops) ->
                update(
                    t,
                    ops,
                    t.weight,
                    t.bias,
                    t.x,
                    t.dy,
                    null,
                    ID,
                    new UpdateTarget.Apply(Optimizer.adam()))),
        bad(
            "gradient of p has shape 4 x 6, expected 3 x 6",
            (t, ops) ->
                update(t, ops, t.weight, t.bias, t.x, t.dy, null, ID, kept(t, t.dx, t.pixels, 0))),
        bad(
            "no gradient is kept for parameter p; gradients kept: 1",
            (t, ops) ->
                update(
                    t,
                    ops,
                    t.weight,
                    t.bias,
                    t.x,
                    t.dy,
                    null,
                    ID,
                    kept(t, t.dx.rowRange(0, 3), null, 0))),
        bad(
            "expected 1 x 3",
            (t, ops) ->
                update(
                    t,
                    ops,
                    t.weight,
                    t.bias,
                    t.x,
                    t.dy,
                    null,
                    ID,
                    kept(t, t.dx.rowRange(0, 3), t.perRow, 0))),
        bad(
            "beta must be 0 or 1, not 0.5",
            (t, ops) ->
                update(
                    t,
                    ops,
                    t.weight,
                    t.bias,
                    t.x,
                    t.dy,
                    null,
                    ID,
                    kept(t, t.dx.rowRange(0, 3), t.pixels, 0.5f))),
        bad(
            "at row stride 7",
            (t, ops) ->
                update(
                    t,
                    ops,
                    t.weight,
                    null,
                    t.x,
                    t.dy,
                    null,
                    ID,
                    kept(t, t.wide.rowRange(0, 3).firstColumns(6), null, 0))));
  }

  private static void update(
      OpsRefusalTest t,
      Ops ops,
      Parameter w,
      Parameter b,
      Tensor x,
      Tensor dy,
      Tensor saved,
      Activation f,
      UpdateTarget target) {
    ops.linearUpdate(w, b, x, dy, saved, f, target, t.control);
  }

  static Stream<Arguments> losses() {
    return Stream.of(
        bad(
            "labels must be S32",
            (t, ops) -> ops.softmaxCrossEntropy(t.scalar, t.dy, t.y, t.perRow)),
        bad(
            "expected 1 x 3",
            (t, ops) ->
                ops.softmaxCrossEntropy(
                    t.scalar, t.dy.rowRange(0, 3), t.y.rowRange(0, 3), t.labels)),
        bad("expected 1 x 1", (t, ops) -> ops.softmaxCrossEntropy(t.perRow, t.dy, t.y, t.labels)),
        bad(
            "4 x 6, expected 4 x 3",
            (t, ops) -> ops.softmaxCrossEntropy(t.scalar, t.dx, t.y, t.labels)),
        bad(
            "target must be F32",
            (t, ops) -> ops.meanSquaredError(t.scalar, t.dx, t.x, t.integers, null)),
        bad(
            "4 x 6, expected 4 x 3",
            (t, ops) -> ops.meanSquaredError(t.scalar, t.dy, t.y, t.x, null)),
        bad("loss must be F32", (t, ops) -> ops.meanSquaredError(t.labels, t.dy, t.y, t.z, null)),
        bad("at least 2 samples", (t, ops) -> ops.subtractBatchMean(t.y.rowRange(0, 1))),
        bad("signal must be F32", (t, ops) -> ops.subtractBatchMean(t.field)));
  }

  static Stream<Arguments> optics() {
    TernaryRule sign = new TernaryRule.Sign();
    return Stream.of(
        bad(
            "ternary must be S8",
            (t, ops) -> ops.ternarize(t.x, t.counts, t.x, sign, 1, t.control)),
        bad(
            "4 x 6, expected 4 x 3",
            (t, ops) -> ops.ternarize(t.ternary, t.counts, t.y, sign, 1, t.control)),
        bad(
            "expected 4 x 2",
            (t, ops) -> ops.ternarize(t.ternary, t.integers, t.x, sign, 1, t.control)),
        bad(
            "even number of rows, not 3",
            (t, ops) -> ops.speckleGenerate(t.ternary.rowRange(0, 3), PixelMap.PLAIN, 1)),
        bad("entries must be S8", (t, ops) -> ops.speckleGenerate(t.x, PixelMap.PLAIN, 1)),
        bad(
            "exceeds",
            (t, ops) ->
                ops.speckleField(
                    t.field,
                    t.ternary,
                    new Transmission.Procedural(1, Long.MAX_VALUE / 8, 6),
                    PixelMap.PLAIN)),
        bad(
            "field must be S32",
            (t, ops) -> ops.speckleField(t.x, t.ternary, t.medium, PixelMap.PLAIN)),
        bad(
            "pattern must be S8 or U8, not F32",
            (t, ops) -> ops.speckleField(t.field, t.x, t.medium, PixelMap.PLAIN)),
        bad(
            "expected 4 x 6",
            (t, ops) ->
                ops.speckleField(t.field, t.ternary.firstColumns(5), t.medium, PixelMap.PLAIN)),
        bad(
            "expected 4 x 6",
            (t, ops) ->
                ops.speckleField(t.field.firstColumns(5), t.ternary, t.medium, PixelMap.PLAIN)),
        bad(
            "pixels of a region of 129 exceed the 128 rows of a structured matrix",
            (t, ops) -> {
              Transmission structured = new Transmission.Structured(1, 3, 6, 128);
              PixelMap selected =
                  new PixelMap(t.integers.rowRange(0, 1).firstColumns(3), 129, null);
              ops.speckleField(view(t.field, DType.F32), t.ternary, structured, selected);
            }),
        bad(
            "pixels of a region of 129 exceed the 128 rows of a structured matrix",
            (t, ops) -> {
              Transmission structured = new Transmission.Structured(1, 3, 6, 128);
              PixelMap selected =
                  new PixelMap(t.integers.rowRange(0, 1).firstColumns(3), 129, null);
              Transmission drifting =
                  new Transmission.Drifting(structured, structured, t.perRow.firstColumns(2));
              ops.speckleField(view(t.field, DType.F32), t.ternary, drifting, selected);
            }),
        bad(
            "no pixels cannot be selected from a region of 7",
            (_, _) -> new PixelMap(null, 7, null)),
        bad(
            "3 pixels cannot be selected from a region of 2",
            (t, _) -> new PixelMap(t.integers.rowRange(0, 1).firstColumns(3), 2, null)),
        bad(
            "camera counts must be F32",
            (t, ops) -> ops.cameraExpose(t.counts, t.field, t.camera, PixelMap.PLAIN, 1, 0, 0)),
        bad(
            "4 x 6, expected 4 x 12",
            (t, ops) -> ops.cameraExpose(t.x, t.field, t.camera, PixelMap.PLAIN, 1, 0, 0)),
        bad(
            "frame number -1",
            (t, ops) -> ops.cameraExpose(t.y, t.field, t.camera, PixelMap.PLAIN, 1, 0, -1)),
        bad(
            "signal must be F32",
            (t, ops) -> project(t, ops, t.field, t.ternary, t.perRow, t.anchor, t.pixels)),
        bad(
            "4 x 6, expected 4 x 3",
            (t, ops) -> project(t, ops, t.x, t.ternary, t.perRow, t.anchor, t.pixels)),
        bad(
            "expected 1 x 4",
            (t, ops) -> project(t, ops, t.y, t.ternary, t.pixels, t.anchor, t.pixels)),
        bad(
            "expected 1 x 6",
            (t, ops) -> project(t, ops, t.y, t.ternary, t.perRow, t.labels, t.pixels)),
        bad(
            "expected 1 x 3",
            (t, ops) -> project(t, ops, t.y, t.ternary, t.perRow, t.anchor, t.perRow)),
        bad(
            "4 x 5, expected 4 x 6",
            (t, ops) ->
                project(t, ops, t.y, t.ternary.firstColumns(5), t.perRow, t.anchor, t.pixels)),
        bad("expected 1 x 4", (t, ops) -> ops.errorNormScale(t.pixels, t.x, t.counts, 1, 9)),
        bad("not 0", (t, ops) -> ops.errorNormScale(t.perRow, t.x, t.counts, 1, 0)),
        bad(
            "must be > 0, not -2.0",
            (t, ops) -> ops.errorNormScale(t.perRow, t.x, t.counts, -2, 9)));
  }

  private static void project(
      OpsRefusalTest t,
      Ops ops,
      Tensor signal,
      Tensor ternary,
      Tensor scale,
      Tensor anchorField,
      Tensor anchorCounts) {
    ops.speckleProject(
        signal,
        ternary,
        t.counts,
        scale,
        t.medium,
        PixelMap.PLAIN,
        anchorField,
        anchorCounts,
        t.camera,
        t.readOut,
        1,
        t.control);
  }

  static Stream<Arguments> aliases() {
    return Stream.of(
        bad(
            "linear_forward: the result F32[4 x 3] at byte 0 and F32[4 x 3] at byte 0, also"
                + " written",
            (t, ops) -> forward(ops, t.y, t.y, t.x, t.weight, null)),
        bad(
            "F32[4 x 3] at byte 0 and F32[4 x 6] at byte 0, also read, overlap in",
            (t, ops) -> forward(ops, t.x.firstColumns(3), null, t.x, t.weight, null)),
        bad("also read", (t, ops) -> forward(ops, t.y, t.x.firstColumns(3), t.x, t.weight, null)),
        bad(
            "F32[3 x 3] at byte 12 and F32[3 x 3] at byte 0, also read",
            (t, ops) ->
                ops.activationGradient(
                    t.y.rowRange(1, 3), t.y.rowRange(0, 3), t.z.rowRange(0, 3), TANH)),
        bad("also read", (t, ops) -> ops.activationGradient(t.y, t.z, t.y, TANH)),
        bad("also read", (t, ops) -> ops.activationGradient(t.y, t.y, t.y, TANH)),
        bad(
            "linear_backward_input: the result F32[4 x 6] at byte 0 and F32[4 x 3]",
            (t, ops) -> ops.linearBackwardInput(t.dx, t.dx.firstColumns(3), t.weight, null, ID)),
        bad("also read", (t, ops) -> ops.linearBackwardInput(t.dx, t.dy, t.weight, t.dx, TANH)),
        bad(
            "linear_update: the result F32[3 x 6] at byte 0 and F32[3 x 6] at byte 0, also read",
            (t, ops) -> {
              Tensor own = t.weight.value();
              update(t, ops, t.weight, null, own, t.y.rowRange(0, 3), null, ID, t.sgd);
            }),
        bad("also read", (t, ops) -> accumulate(t, ops, t.x.rowRange(0, 3), 0)),
        bad("also read", (t, ops) -> accumulate(t, ops, t.x.rowRange(0, 3), 1)),
        bad("also read", (t, ops) -> accumulate(t, ops, t.x.rowRange(1, 3), 1)),
        bad("also read", (t, ops) -> ops.softmaxCrossEntropy(t.scalar, t.y, t.y, t.labels)),
        bad("also read", (t, ops) -> ops.meanSquaredError(t.scalar, t.y, t.z, t.y, null)),
        bad(
            "mean_squared_error: the result F32[1 x 1] at byte 0 and F32[4 x 3] at byte 0, also",
            (t, ops) ->
                ops.meanSquaredError(t.y.rowRange(0, 1).firstColumns(1), t.y, t.z, t.dy, null)),
        bad(
            "speckle_field: the result S32[4 x 6] at byte 0 and S8[4 x 6] at byte 0, also read",
            (t, ops) ->
                ops.speckleField(t.field, view(t.field, DType.S8), t.medium, PixelMap.PLAIN)),
        bad(
            "camera_expose",
            (t, ops) ->
                ops.cameraExpose(
                    view(t.field, DType.F32).firstColumns(OUTPUTS),
                    t.field,
                    t.camera,
                    PixelMap.PLAIN,
                    1,
                    0,
                    0)),
        bad(
            "finite_check",
            (t, ops) -> ops.finiteCheck(view(t.control.words(), DType.F32), 0, t.control)));
  }

  /** Gradients of weight and bias; null where there is none. */
  private static UpdateTarget kept(
      OpsRefusalTest t, Tensor weightGradient, Tensor biasGradient, float beta) {
    Map<Parameter, Tensor> tensors = new HashMap<>(Map.of(t.weight, weightGradient));
    if (biasGradient != null) {
      tensors.put(t.bias, biasGradient);
    }
    return new UpdateTarget.Accumulate(new Gradients(tensors), beta);
  }

  private static void accumulate(OpsRefusalTest t, Ops ops, Tensor gradient, float beta) {
    Tensor x = t.x.rowRange(0, 3);
    UpdateTarget target = kept(t, gradient, null, beta);
    update(t, ops, t.weight, null, x, t.dy.rowRange(0, 3), null, ID, target);
  }

  /** The same elements seen as another type. */
  private static Tensor view(Tensor tensor, DType dtype) {
    return new Tensor(
        tensor.storage(), tensor.byteOffset(), tensor.shape(), tensor.rowStride(), dtype);
  }

  @Test
  void whatWorksInPlaceIsAccepted() {
    List<Operation> issued =
        Plan.record(
                "p",
                device.kernels(),
                ops -> {
                  ops.activationGradient(y, y, z, TANH);
                  ops.subtractBatchMean(y);
                  ops.finiteCheck(y, 0, control);
                  update(this, ops, weight, bias, x, dy, null, ID, sgd);
                  UpdateTarget sum = kept(this, dx.rowRange(0, 3), pixels, 1);
                  update(this, ops, weight, bias, x, dy, null, ID, sum);
                  // Two views of one tensor that share no byte.
                  ops.activationGradient(
                      y.rowRange(0, 2), y.rowRange(2, 2), z.rowRange(0, 2), TANH);
                })
            .operations();
    assertThat(issued).hasSize(6);
  }

  @ParameterizedTest
  @MethodSource({"fills", "products", "updates", "losses", "optics", "aliases"})
  void whatDoesNotFitIsRefused(String message, BiConsumer<OpsRefusalTest, Ops> use) {
    for (Tensor tensor : floats) {
      device.eager().fill(tensor, 7);
    }
    assertThatThrownBy(() -> use.accept(this, device.eager()))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> Plan.record("p", device.kernels(), ops -> use.accept(this, ops)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(message);
    for (Tensor tensor : floats) {
      float[] values = new float[(int) tensor.shape().elements()];
      device.read(tensor, values);
      assertThat(values).containsOnly(7);
    }
  }

  @Test
  void whatADeviceCannotDoIsRefusedWithItsReason() {
    List<Operation> issued = new ArrayList<>();
    Kernels none =
        new Kernels() {
          @Override
          public String refusal(Operation operation) {
            return "no such kernel here";
          }

          @Override
          public Runnable prepare(Operation operation) {
            throw new AssertionError("a refused operation must not be prepared");
          }
        };
    assertThatThrownBy(() -> new Ops(none, issued::add).fill(x, 1))
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("fill", "4 x 6", "no such kernel here");
    assertThat(issued).isEmpty();
  }
}
