package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feedlight.DfaEngine;
import dev.feedlight.TrainingListener;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.NotFiniteException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are no longer finite stop the run, name their place, and leave the weights alone. */
final class ExplosionTest {
  private static final ArrayDataset DATA = ArrayDataset.regression(256, 6, 3, 1);

  static Stream<Arguments> settings() {
    return Stream.of("bp", "dfa", "odfa")
        .flatMap(
            rule ->
                Stream.of(
                        Optimizer.sgd(),
                        new Optimizer.Sgd(1e-3f),
                        Optimizer.momentum(0.9f),
                        Optimizer.adam())
                    .map(optimizer -> Arguments.of(rule, optimizer)));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theStepThatExplodesChangesNothing(String rule, Optimizer optimizer) {
    AtomicReference<DfaEngine> engine = new AtomicReference<>();
    AtomicReference<List<float[]>> last = new AtomicReference<>();
    AtomicInteger steps = new AtomicInteger();
    TrainingListener recorder =
        new TrainingListener() {
          @Override
          public void onStep(StepEvent event) {
            last.set(weights(engine.get()));
            steps.incrementAndGet();
          }
        };
    try (DfaEngine exploding =
        DfaEngine.builder()
            .inputs(6)
            .dense(16, Activation.RELU)
            .dense(8, Activation.RELU)
            .dense(3, Activation.IDENTITY)
            .rule(rule)
            .loss(Loss.MEAN_SQUARED_ERROR)
            .optimizer(optimizer)
            .learningRate(1e30)
            .batch(16)
            .listener(recorder)
            .build()) {
      engine.set(exploding);
      NotFiniteException failure =
          catchThrowableOfType(NotFiniteException.class, () -> exploding.train(DATA, 1));
      assertThat(failure).isNotNull();
      assertThat(failure.step()).isEqualTo(steps.get()).isBetween(1L, 5L);
      assertThat(failure.block()).isBetween(0, 2);
      assertThat(failure)
          .hasMessageContaining("block " + failure.block())
          .hasMessageContaining("dense" + (failure.block() + 1))
          .hasMessageContaining("step " + failure.step());
      List<float[]> after = weights(exploding);
      for (int p = 0; p < after.size(); p++) {
        assertThat(Arrays.equals(after.get(p), last.get().get(p))).as("parameter %d", p).isTrue();
      }
      // The flag is sticky: training on is refused rather than silently without effect.
      assertThat(catchThrowableOfType(NotFiniteException.class, () -> exploding.train(DATA, 1)))
          .isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theFirstBlockToFailIsNamedWithTheStepOfTheRun(int block) {
    try (DfaEngine engine =
        DfaEngine.builder()
            .inputs(6)
            .dense(16, Activation.TANH)
            .dense(8, Activation.SIGMOID)
            .dense(3, Activation.IDENTITY)
            .loss(Loss.MEAN_SQUARED_ERROR)
            .batch(16)
            .build()) {
      engine.train(DATA, 2);
      Parameter bias = engine.network().parameters().get(2 * block + 1);
      float[] values = bias.read();
      values[2] = Float.NaN;
      bias.write(values);
      List<float[]> before = weights(engine);
      NotFiniteException failure =
          catchThrowableOfType(NotFiniteException.class, () -> engine.train(DATA, 1));
      assertThat(failure).isNotNull();
      assertThat(failure.block()).isEqualTo(block);
      // Two epochs of 16 steps went before.
      assertThat(failure.step()).isEqualTo(32);
      List<float[]> after = weights(engine);
      for (int p = 0; p < after.size(); p++) {
        assertThat(Arrays.equals(after.get(p), before.get(p))).as("parameter %d", p).isTrue();
      }
    }
  }

  @Test
  void aLossTooLargeForFp32StopsTheRunAlthoughOutputsAreFinite() {
    AtomicInteger steps = new AtomicInteger();
    TrainingListener counter =
        new TrainingListener() {
          @Override
          public void onStep(StepEvent event) {
            steps.incrementAndGet();
          }
        };
    try (DfaEngine engine =
        DfaEngine.builder()
            .inputs(6)
            .dense(3, Activation.IDENTITY)
            .loss(Loss.MEAN_SQUARED_ERROR)
            .optimizer(Optimizer.sgd())
            .learningRate(0)
            .batch(16)
            .listener(counter)
            .build()) {
      Parameter bias = engine.network().parameters().get(1);
      bias.write(new float[] {1e20f, 1e20f, 1e20f});
      NotFiniteException failure =
          catchThrowableOfType(NotFiniteException.class, () -> engine.train(DATA, 1));
      assertThat(failure).isNotNull();
      assertThat(failure.block()).isZero();
      assertThat(failure.step()).isZero();
      assertThat(steps).hasValue(0);
    }
  }

  @Test
  void aWeightHiddenBehindReluIsFoundByTheEndOfTheEpoch() {
    try (DfaEngine engine =
        DfaEngine.builder()
            .inputs(6)
            .dense(4, Activation.RELU)
            .dense(3, Activation.IDENTITY)
            .loss(Loss.MEAN_SQUARED_ERROR)
            .learningRate(0)
            .batch(16)
            .build()) {
      // max(-infinity, 0) = 0: no output shows it.
      Parameter bias = engine.network().parameters().get(1);
      bias.write(new float[] {0, Float.NEGATIVE_INFINITY, 0, 0});
      NotFiniteException failure =
          catchThrowableOfType(NotFiniteException.class, () -> engine.train(DATA, 1));
      assertThat(failure).isNotNull();
      assertThat(failure.block()).isZero();
    }
  }

  private static List<float[]> weights(DfaEngine engine) {
    return engine.network().parameters().stream().map(Parameter::read).toList();
  }
}
