package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.device.Activation;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.tensor.ShapeException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The builder refuses at once, by name, what it could not build from. */
final class EngineBuilderTest {
  private static Arguments missing(String name, Consumer<EngineBuilder> call) {
    return Arguments.of(name, call);
  }

  static Stream<Arguments> nulls() {
    return Stream.of(
        missing("activation", builder -> builder.dense(3, null)),
        missing("rule", builder -> builder.rule((LearningRule) null)),
        missing("name", builder -> builder.rule((String) null)),
        missing("loss", builder -> builder.loss(null)),
        missing("optimizer", builder -> builder.optimizer(null)),
        missing("schedule", builder -> builder.schedule(null)),
        missing("device", builder -> builder.device(null)),
        missing("precision", builder -> builder.precision(null)),
        missing("listener", builder -> builder.listener(null)));
  }

  @ParameterizedTest
  @MethodSource("nulls")
  void nullIsRefusedByName(String name, Consumer<EngineBuilder> call) {
    EngineBuilder builder = DfaEngine.builder();
    assertThatThrownBy(() -> call.accept(builder))
        .isInstanceOf(NullPointerException.class)
        .hasMessage(name);
  }

  @ParameterizedTest
  @CsvSource({"1048576, 4096, 4294967296", "4194304, 512, 2147483648"})
  void aBatchBeyondAnArrayIsRefusedBeforeItIsAllocated(long batch, long inputs, String elements) {
    EngineBuilder builder = DfaEngine.builder().inputs(inputs).batch(batch);
    builder.dense(1, Activation.IDENTITY);
    assertThatThrownBy(builder::build)
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll(batch + " x " + inputs, elements, "Java array");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 2, Double.NaN, 0.999999999})
  void aDropoutRateOutsideItsRangeIsRefused(double rate) {
    EngineBuilder builder = DfaEngine.builder();
    assertThatThrownBy(() -> builder.dropout(rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("[0, 1)", "not " + rate);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1e-50, 1e39, Double.NaN, Double.POSITIVE_INFINITY})
  void aNormThatCannotBeALimitIsRefused(double norm) {
    EngineBuilder builder = DfaEngine.builder();
    assertThatThrownBy(() -> builder.clipGlobalNorm(norm))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("finite", "not " + norm);
  }

  @Test
  void aBatchThatCannotBeSplitIsRefused() {
    EngineBuilder builder = DfaEngine.builder().inputs(3).batch(10).accumulate(4);
    builder.dense(2, Activation.IDENTITY);
    assertThatThrownBy(builder::build)
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("10 samples", "4 micro-batches", "2 would be left over");
    assertThatThrownBy(() -> builder.accumulate(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 0");
  }

  @Test
  void outputsBeyondAnArrayAreRefusedBeforeTheyAreAllocated() {
    EngineBuilder builder = DfaEngine.builder().inputs(1).batch(1 << 20);
    builder.dense(1 << 12, Activation.IDENTITY);
    assertThatThrownBy(builder::build)
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("1048576 x 4096", "4294967296");
  }
}
