package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules at their landmarks. */
final class LearningRateScheduleTest {
  private static final float RATE = 0.5f;

  @Test
  void constantNeverChanges() {
    LearningRateSchedule schedule = LearningRateSchedule.constant(RATE);
    assertThat(schedule.at(0, 10)).isEqualTo(RATE);
    assertThat(schedule.at(9, 10)).isEqualTo(RATE);
    assertThat(schedule.at(Long.MAX_VALUE - 1, Long.MAX_VALUE)).isEqualTo(RATE);
  }

  @Test
  void linearFallsInAStraightLine() {
    LearningRateSchedule schedule = LearningRateSchedule.linear(RATE);
    assertThat(schedule.at(0, 8)).isEqualTo(RATE);
    assertThat(schedule.at(2, 8)).isEqualTo(0.375f);
    assertThat(schedule.at(7, 8)).isEqualTo(RATE / 8);
  }

  @Test
  void cosineFallsAlongHalfACosine() {
    LearningRateSchedule schedule = LearningRateSchedule.cosine(RATE);
    assertThat(schedule.at(0, 12)).isEqualTo(RATE);
    // cos 60 degrees = 1/2: 3/4 of the rate, rounded to fp32.
    assertThat(schedule.at(4, 12)).isCloseTo(0.375f, within(0x1p-25f));
    assertThat(schedule.at(6, 12)).isCloseTo(0.25f, within(0x1p-25f));
    for (int step = 1; step < 12; step++) {
      assertThat(schedule.at(step, 12)).isPositive().isLessThan(schedule.at(step - 1, 12));
    }
  }

  @Test
  void warmUpRisesAndThenFollows() {
    LearningRateSchedule schedule = LearningRateSchedule.constant(RATE).warmedUp(3);
    assertThat(schedule.at(0, 10)).isEqualTo(0.125f);
    assertThat(schedule.at(1, 10)).isEqualTo(0.25f);
    assertThat(schedule.at(2, 10)).isEqualTo(0.375f);
    assertThat(schedule.at(3, 10)).isEqualTo(RATE);
    LearningRateSchedule linear = LearningRateSchedule.linear(RATE);
    assertThat(linear.warmedUp(3).at(7, 10)).isEqualTo(linear.at(7, 10));
    assertThat(linear.warmedUp(0).at(0, 10)).isEqualTo(RATE);
    assertThatThrownBy(() -> linear.warmedUp(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY, 1e39})
  void ratesMustBeFiniteAndNotNegative(double rate) {
    refuses(LearningRateSchedule::constant, rate);
    refuses(LearningRateSchedule::cosine, rate);
    refuses(LearningRateSchedule::linear, rate);
  }

  private static void refuses(DoubleFunction<LearningRateSchedule> maker, double rate) {
    assertThatThrownBy(() -> maker.apply(rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(rate));
  }
}
