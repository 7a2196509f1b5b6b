package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.data.DataException;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.tensor.ShapeException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user can get wrong: a typed exception with the numbers, and nothing changed. */
final class BadInputTest {
  private static final int INPUTS = 6;
  private static final int CLASSES = 3;

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void valuesThatAreNotFiniteAreNamed(float value) {
    ArrayDataset data = ArrayDataset.classification(64, INPUTS, CLASSES, 1);
    data.examples()[37][4] = value;
    try (DfaEngine engine = classifier().build()) {
      List<float[]> before = weights(engine);
      for (ThrowingCallable use :
          List.<ThrowingCallable>of(() -> engine.train(data, 1), () -> engine.evaluate(data))) {
        assertThatThrownBy(use)
            .isInstanceOf(DataException.class)
            .hasMessageContainingAll(
                "teacher classes", "example 37", "feature 4 of 6", String.valueOf(value));
      }
      for (float[] weight : weights(engine)) {
        for (float w : weight) {
          assertThat(Float.isFinite(w)).isTrue();
        }
      }
      // A batch of 64 holds all examples: the first one was refused, so nothing was learned.
      assertThat(weights(engine)).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @Test
  void targetsThatAreNotFiniteAreNamed() {
    ArrayDataset data = ArrayDataset.regression(64, INPUTS, CLASSES, 1);
    data.targets()[5][2] = Float.NaN;
    try (DfaEngine engine = classifier().loss(Loss.MEAN_SQUARED_ERROR).build()) {
      assertThatThrownBy(() -> engine.train(data, 1))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("teacher values", "example 5", "target feature 2 of 3");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3, Integer.MAX_VALUE})
  void labelsOutOfRangeAreNamed(int label) {
    ArrayDataset data = ArrayDataset.classification(64, INPUTS, CLASSES, 1);
    data.labels()[9] = label;
    try (DfaEngine engine = classifier().build()) {
      assertThatThrownBy(() -> engine.train(data, 1))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("example 9", String.valueOf(label), "3 classes");
    }
  }

  @Test
  void dataOfAnotherShapeOrTaskIsRefused() {
    try (DfaEngine engine = classifier().build()) {
      assertThatThrownBy(() -> engine.train(ArrayDataset.classification(64, 7, CLASSES, 1), 1))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll("7 inputs and 3 outputs", "6 and 3");
      assertThatThrownBy(() -> engine.evaluate(ArrayDataset.classification(64, INPUTS, 4, 1)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll("6 inputs and 4 outputs", "6 and 3");
      assertThatThrownBy(() -> engine.train(ArrayDataset.regression(64, INPUTS, CLASSES, 1), 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("SOFTMAX_CROSS_ENTROPY", "CLASSIFICATION", "REGRESSION");
      assertThatThrownBy(() -> engine.train(ArrayDataset.classification(63, INPUTS, CLASSES, 1), 1))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll("63 examples", "batch of 64");
      assertThatThrownBy(() -> engine.train(ArrayDataset.classification(64, INPUTS, CLASSES, 1), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not 0");
      for (int length : new int[] {0, 5, 7}) {
        assertThatThrownBy(() -> engine.predict(new float[length]))
            .isInstanceOf(ShapeException.class)
            .hasMessageContainingAll(length + " values", "6 inputs");
      }
    }
  }

  @Test
  void widthsBatchesAndMissingPartsAreRefused() {
    for (long width : new long[] {0, -3}) {
      assertThatThrownBy(() -> DfaEngine.builder().inputs(width))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("not " + width);
      assertThatThrownBy(() -> DfaEngine.builder().dense(width, Activation.TANH))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("not " + width);
      assertThatThrownBy(() -> DfaEngine.builder().batch(width))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("not " + width);
    }
    assertThatThrownBy(() -> DfaEngine.builder().dense(3, Activation.TANH).build())
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("inputs(...)");
    assertThatThrownBy(() -> DfaEngine.builder().inputs(3).build())
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("dense(...)");
    assertThatThrownBy(() -> DfaEngine.builder().rule("backprop"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backprop");
    assertThatThrownBy(() -> DfaEngine.builder().learningRate(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void aBuildThatFailsLeaksNothing() {
    try (Device device = CpuDevice.open(2)) {
      EngineBuilder builder =
          classifier()
              .rule(new DirectFeedback(new RandomMatrix(), ProjectedError.OUTPUT, true))
              .batch(1)
              .device(device);
      assertThatThrownBy(builder::build)
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("batch");
      assertThat(device.memory().liveBytes()).isZero();
      assertThat(device.memory().scopes()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 100, 1_000, 2_000, 3_000, 5_000, 10_000})
  void aDeviceTooSmallForTheNetworkLeaksNothing(long capacity) {
    try (Device device = CpuDevice.open(2, capacity)) {
      assertThatThrownBy(() -> classifier().device(device).build())
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("of " + capacity);
      // What kernels keep for themselves stays with the device.
      assertThat(device.memory().scopes().keySet()).isSubsetOf("kernel scratch");
    }
  }

  private static EngineBuilder classifier() {
    return DfaEngine.builder()
        .inputs(INPUTS)
        .dense(16, Activation.TANH)
        .dense(CLASSES, Activation.IDENTITY)
        .batch(64);
  }

  private static List<float[]> weights(DfaEngine engine) {
    return engine.network().parameters().stream().map(Parameter::read).toList();
  }
}
