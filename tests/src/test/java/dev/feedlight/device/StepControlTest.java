package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The words that steer a replay, and the sticky failure. */
final class StepControlTest {
  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void wordsLieWhereKernelsReadThem(TestDevice kind) {
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      StepControl control = new StepControl(device, scope);
      assertThat(words(device, control)).containsOnly(0);
      assertThat(control.words().bytes()).isEqualTo(64);
      long step = (3L << 32) + 5;
      control.begin(Optimizer.adam(), 0.25f, step, 7);
      int[] words = words(device, control);
      assertThat(Float.intBitsToFloat(words[StepControl.LEARNING_RATE / 4])).isEqualTo(0.25f);
      assertThat(wide(words, StepControl.STEP)).isEqualTo(step);
      assertThat(wide(words, StepControl.PROJECTION)).isEqualTo(7 * step);
      control.begin(Optimizer.adam(), 0.25f, step, 7, 4);
      words = words(device, control);
      assertThat(wide(words, StepControl.STEP)).isEqualTo(step);
      assertThat(wide(words, StepControl.PROJECTION)).isEqualTo(7 * step + 4);
      assertThatThrownBy(() -> control.begin(Optimizer.adam(), 0.25f, step, 7, 7))
          .isInstanceOf(IndexOutOfBoundsException.class);
      control.begin(Optimizer.adam(), 0.5f, 1, 7);
      words = words(device, control);
      // Second step: 1 / (1 - 0.9^2), 1 / (1 - 0.999^2), of the fp32 constants, rounded once.
      assertThat((double) Float.intBitsToFloat(words[StepControl.CORRECTION_1 / 4]))
          .isCloseTo(1 / (1 - 0.9f * (double) 0.9f), within(0x1p-21));
      assertThat((double) Float.intBitsToFloat(words[StepControl.CORRECTION_2 / 4]))
          .isCloseTo(1 / (1 - 0.999f * (double) 0.999f), within(0x1p-15));
      control.begin(Optimizer.momentum(0.9f), 0.5f, 1, 7);
      words = words(device, control);
      assertThat(Float.intBitsToFloat(words[StepControl.CORRECTION_1 / 4])).isEqualTo(1);
      assertThat(Float.intBitsToFloat(words[StepControl.CORRECTION_2 / 4])).isEqualTo(1);
      assertThatThrownBy(() -> control.begin(Optimizer.sgd(), 1, Long.MAX_VALUE / 2, 3))
          .isInstanceOf(ArithmeticException.class);
      assertThat(words(device, control)).isEqualTo(words);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void theFirstFailureSticks(TestDevice kind) {
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      StepControl control = new StepControl(device, scope);
      Tensor good = filled(device, scope, 1);
      Tensor bad = filled(device, scope, Float.NaN);
      long step = (1L << 32) + 9;
      control.begin(Optimizer.sgd(), 1, step, 1);
      device.eager().finiteCheck(good, 2, control);
      assertThat(control.failure()).isNull();
      device.eager().finiteCheck(bad, 0, control);
      assertThat(control.failure()).isEqualTo(new StepControl.Failure(0, step));
      device.eager().finiteCheck(bad, 3, control);
      device.eager().finiteCheck(good, 1, control);
      control.begin(Optimizer.sgd(), 1, step + 1, 1);
      device.eager().finiteCheck(bad, 3, control);
      assertThat(control.failure()).isEqualTo(new StepControl.Failure(0, step));
      control.clearFailure();
      assertThat(control.failure()).isNull();
      device.eager().finiteCheck(bad, 3, control);
      assertThat(control.failure()).isEqualTo(new StepControl.Failure(3, step + 1));
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void oneBadValueAnywhereIsFound(TestDevice kind) {
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      StepControl control = new StepControl(device, scope);
      Tensor tensor = scope.allocate("values", new Shape(37, 211), DType.F32);
      float[] values = new float[37 * 211];
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        for (int at : new int[] {0, 4095, 4096, values.length - 1}) {
          values[at] = bad;
          device.write(tensor, values);
          device.eager().finiteCheck(tensor, 4, control);
          assertThat(control.failure()).as("%s at %d", bad, at).isNotNull();
          control.clearFailure();
          values[at] = Float.MAX_VALUE;
        }
      }
      // Outside the view, nobody looks.
      values[210] = Float.NaN;
      device.write(tensor, values);
      device.eager().finiteCheck(tensor.firstColumns(210), 4, control);
      assertThat(control.failure()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void updatesAreSkippedWhileAFailureStands(TestDevice kind) {
    for (Optimizer optimizer :
        new Optimizer[] {Optimizer.sgd(), new Optimizer.Sgd(0.1f), Optimizer.adam()}) {
      try (Device device = kind.open();
          Scope scope = device.openScope("test")) {
        StepControl control = new StepControl(device, scope);
        Parameter weight =
            new Parameter(device, scope, "w", new Shape(3, 4), Parameter.Group.WEIGHTS);
        Parameter bias = new Parameter(device, scope, "b", Shape.vector(3), Parameter.Group.BIASES);
        for (Parameter parameter : new Parameter[] {weight, bias}) {
          parameter.allocateState(scope, optimizer);
          device.eager().fill(parameter.value(), 1);
        }
        Tensor x = scope.allocate("x", new Shape(2, 4), DType.F32);
        Tensor dy = scope.allocate("dy", new Shape(2, 3), DType.F32);
        device.eager().fill(x, 1);
        device.eager().fill(dy, 1);
        control.begin(optimizer, 0.5f, 0, 2);
        device.eager().finiteCheck(filled(device, scope, Float.NaN), 0, control);
        update(device, weight, bias, x, dy, optimizer, control);
        assertThat(weight.read()).containsOnly(1);
        assertThat(bias.read()).containsOnly(1);
        control.clearFailure();
        update(device, weight, bias, x, dy, optimizer, control);
        assertThat(weight.read()).doesNotContain(1);
        assertThat(bias.read()).doesNotContain(1);
      }
    }
  }

  private static void update(
      Device device,
      Parameter weight,
      Parameter bias,
      Tensor x,
      Tensor dy,
      Optimizer optimizer,
      StepControl control) {
    UpdateTarget target = new UpdateTarget.Apply(optimizer);
    device.eager().linearUpdate(weight, bias, x, dy, null, Activation.IDENTITY, target, control);
  }

  private static Tensor filled(Device device, Scope scope, float value) {
    Tensor tensor = scope.allocate("values", new Shape(2, 5), DType.F32);
    device.eager().fill(tensor, value);
    return tensor;
  }

  private static int[] words(Device device, StepControl control) {
    int[] words = new int[16];
    device.read(control.words(), words);
    return words;
  }

  private static long wide(int[] words, int offset) {
    return (words[offset / 4] & 0xFFFFFFFFL) | ((long) words[offset / 4 + 1] << 32);
  }
}
