package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.device.reference.ReferenceActivations;
import dev.feedlight.device.reference.ReferenceDevice;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The oracle against numbers worked out by hand or by Python's math module. */
final class OracleTest {
  private final Device device = ReferenceDevice.open();
  private final Scope scope = device.openScope("oracle");

  @AfterEach
  void close() {
    device.close();
  }

  @ParameterizedTest
  @CsvSource({
    "-6, -5.919525870226207e-09, -3.5468709453902015e-08",
    "-3.1, -0.0029995699609769045, -0.009159535861001392",
    "-2.5, -0.015524163314440348, -0.037611085908145214",
    "-0.5, -0.15426876936299344, 0.13250487534383712",
    "0.001, 0.000500398942213911, 0.5007978842948414",
    "0.7, 0.5306254434438489, 0.9766141011336599",
    "2, 1.9544997361036416, 1.085231801078197",
    "3.5, 3.4991857982233756, 1.0028217603536247",
  })
  void geluAndItsSlope(double z, double value, double slope) {
    assertThat(ReferenceActivations.value(Activation.GELU, z) / value).isCloseTo(1, within(1e-12));
    assertThat(ReferenceActivations.gradient(Activation.GELU, 1, z) / slope)
        .isCloseTo(1, within(1e-11));
  }

  @Test
  void linearForwardAndBackward() {
    Parameter weight = parameter(2, 3, 1, 2, 3, -1, 0, 1);
    Parameter bias = parameter(1, 2, 10, 20);
    Tensor x = floats(1, 3, 1, 1, 2);
    Tensor y = floats(1, 2, 0, 0);

    device.eager().linearForward(y, null, x, weight, bias, Activation.IDENTITY);
    assertThat(read(y)).containsExactly(19, 21);

    Tensor dx = floats(1, 3, 0, 0, 0);
    Tensor saved = floats(1, 3, 1, 0, 2);
    device.eager().linearBackwardInput(dx, floats(1, 2, 1, 2), weight, saved, Activation.RELU);
    assertThat(read(dx)).containsExactly(-1, 0, 5);
  }

  @Test
  void momentumAndItsDecay() {
    Optimizer optimizer = new Optimizer.Momentum(0.5f, 0.25f);
    Parameter weight = parameter(1, 1, 8);
    weight.allocateState(scope, optimizer);
    StepControl control = new StepControl(device, scope);
    Tensor x = floats(2, 1, 1, 2);
    Tensor dy = floats(2, 1, 1, 1);
    for (int step = 0; step < 2; step++) {
      control.begin(optimizer, 0.5f, step, 2);
      update(weight, x, dy, new UpdateTarget.Apply(optimizer), control);
    }

    // m = 3 + 2 = 5, w = 5.5; m = 2.5 + 3 + 1.375 = 6.875, w = 2.0625.
    assertThat(weight.read()).containsExactly(2.0625f);
    assertThat(read(weight.state().getFirst())).containsExactly(6.875f);
  }

  @Test
  void adamStartsWithStepsOfTheLearningRate() {
    Optimizer optimizer = Optimizer.adam();
    Parameter weight = parameter(1, 2, 1, 1);
    weight.allocateState(scope, optimizer);
    StepControl control = new StepControl(device, scope);
    control.begin(optimizer, 0.125f, 0, 1);
    Tensor x = floats(1, 2, 100, -0.001f);

    update(weight, x, floats(1, 1, 1), new UpdateTarget.Apply(optimizer), control);

    float[] values = weight.read();
    assertThat(values[0]).isCloseTo(0.875f, within(1e-6f));
    assertThat(values[1]).isCloseTo(1.125f, within(2e-6f));
  }

  @Test
  void failureStopsUpdatesUntilItIsCleared() {
    Parameter weight = parameter(1, 1, 8);
    StepControl control = new StepControl(device, scope);
    control.begin(Optimizer.sgd(), 1, 41, 1);
    device.eager().finiteCheck(floats(1, 2, 0, Float.POSITIVE_INFINITY), 5, control);
    device.eager().finiteCheck(floats(1, 1, Float.NaN), 6, control);
    assertThat(control.failure()).isEqualTo(new StepControl.Failure(5, 41));

    Tensor one = floats(1, 1, 1);
    UpdateTarget target = new UpdateTarget.Apply(Optimizer.sgd());
    update(weight, one, one, target, control);
    assertThat(weight.read()).containsExactly(8);

    control.clearFailure();
    update(weight, one, one, target, control);
    assertThat(weight.read()).containsExactly(7);
  }

  @Test
  void softmaxOfEqualLogitsCostsTheLogarithmOfTheClasses() {
    Tensor loss = floats(1, 1, 0);
    Tensor error = floats(2, 4, new float[8]);
    Tensor labels = scope.allocate("labels", Shape.vector(2), DType.S32);
    device.write(labels, new int[] {0, 3});

    device.eager().softmaxCrossEntropy(loss, error, floats(2, 4, new float[8]), labels);

    assertThat(read(loss)).containsExactly((float) Math.log(4));
    assertThat(read(error))
        .containsExactly(-0.375f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f, -0.375f);
  }

  @Test
  void squaredErrorAndItsGradient() {
    Tensor loss = floats(1, 1, 0);
    Tensor error = floats(1, 2, 0, 0);

    device.eager().meanSquaredError(loss, error, floats(1, 2, 3, 1), floats(1, 2, 1, 2), null);

    assertThat(read(loss)).containsExactly(2.5f);
    assertThat(read(error)).containsExactly(2, -1);
  }

  @Test
  void ternaryRules() {
    float[] error = {0.5f, -0.25f, 0.1f, 0, -1, -0f};
    assertThat(ternarize(new TernaryRule.Sign(), error)).containsExactly(1, -1, 1, 0, -1, 0, 2, 2);
    assertThat(ternarize(new TernaryRule.Absolute(0.25f), error))
        .containsExactly(1, 0, 0, 0, -1, 0, 1, 1);
    assertThat(ternarize(new TernaryRule.RelativeToMax(0.2f), error))
        .containsExactly(1, -1, 0, 0, -1, 0, 1, 2);
    // rms = 0.469
    assertThat(ternarize(new TernaryRule.RelativeToRms(1), error))
        .containsExactly(1, 0, 0, 0, -1, 0, 1, 1);
  }

  @Test
  void normOfTheErrorPerMirror() {
    Tensor counts = scope.allocate("counts", new Shape(2, 2), DType.S32);
    device.write(counts, new int[] {3, 1, 0, 0});
    Tensor rowScale = floats(1, 2, 9, 9);

    device.eager().errorNormScale(rowScale, floats(2, 2, 3, 4, 1, 1), counts, 2, 25);

    assertThat(read(rowScale)).containsExactly(1, 0);
  }

  private int[] ternarize(TernaryRule rule, float[] error) {
    Tensor ternary = scope.allocate("t", Shape.vector(error.length), DType.S8);
    Tensor counts = scope.allocate("counts", new Shape(1, 2), DType.S32);
    StepControl control = new StepControl(device, scope);
    device.eager().ternarize(ternary, counts, floats(1, error.length, error), rule, 1, control);
    byte[] bytes = new byte[error.length];
    device.read(ternary, bytes);
    int[] pair = new int[2];
    device.read(counts, pair);
    int[] all = new int[bytes.length + 2];
    for (int i = 0; i < all.length; i++) {
      all[i] = i < bytes.length ? bytes[i] : pair[i - bytes.length];
    }
    return all;
  }

  private void update(
      Parameter weight, Tensor x, Tensor dy, UpdateTarget target, StepControl control) {
    device.eager().linearUpdate(weight, null, x, dy, null, Activation.IDENTITY, target, control);
  }

  private Parameter parameter(int rows, int columns, float... values) {
    Parameter parameter =
        new Parameter(device, scope, "p", new Shape(rows, columns), Parameter.Group.WEIGHTS);
    parameter.write(values);
    return parameter;
  }

  private Tensor floats(int rows, int columns, float... values) {
    Tensor tensor = scope.allocate("x", new Shape(rows, columns), DType.F32);
    device.write(tensor, values);
    return tensor;
  }

  private float[] read(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().elements()];
    device.read(tensor, values);
    return values;
  }
}
