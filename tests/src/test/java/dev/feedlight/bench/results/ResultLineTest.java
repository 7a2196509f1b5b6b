package dev.feedlight.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResultLineTest {
  @ParameterizedTest
  @EnumSource(Metric.class)
  void aMetricBringsItsUnit(Metric metric) {
    assertThat(ResultLine.of("x", metric).value(0).build().unit()).isEqualTo(metric.unit());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aValueMustBeFinite(double value) {
    assertThatThrownBy(() -> ResultLine.of("x", Metric.RMSE_K).value(value).build())
        .isInstanceOf(InvalidResultException.class)
        .hasMessageContaining("value is " + value);
  }

  @Test
  void aSpreadMustHoldItsValue() {
    assertThatThrownBy(() -> line().spread(1.1, 2).build())
        .isInstanceOf(InvalidResultException.class)
        .hasMessageContaining("1.1, 1.0, 2.0");
    assertThatThrownBy(() -> line().spread(Double.NaN, 2).build())
        .isInstanceOf(InvalidResultException.class);
    assertThat(line().spread(1, 1).build().high()).isEqualTo(1.0);
  }

  @Test
  void overlapNeedsTheModelledClock() {
    assertThatThrownBy(() -> line().overlapped(true).clock(ResultLine.Clock.EMULATED).build())
        .isInstanceOf(InvalidResultException.class)
        .hasMessageContaining("EMULATED");
  }

  @Test
  void whatIsRequiredMustBeThere() {
    assertThatThrownBy(() -> ResultLine.of("x", Metric.RMSE_K).build())
        .isInstanceOf(InvalidResultException.class)
        .hasMessage("value is missing");
    assertThatThrownBy(() -> ResultLine.of(" ", Metric.RMSE_K).value(1).build())
        .isInstanceOf(InvalidResultException.class)
        .hasMessageContaining("experiment is blank");
    assertThatThrownBy(() -> ResultLine.of("x", null).value(1).build())
        .isInstanceOf(InvalidResultException.class);
  }

  @Test
  void countsStartAtOne() {
    assertThatThrownBy(() -> line().threads(0).build()).hasMessageContaining("threads is 0");
    assertThatThrownBy(() -> line().inputs(-5).build()).hasMessageContaining("inputs is -5");
    assertThatThrownBy(() -> line().n(0).build()).hasMessageContaining("n is 0");
    assertThat(line().seed(-1).build().seed()).isEqualTo(-1L);
  }

  private static ResultLineBuilder line() {
    return ResultLine.of("x", Metric.RMSE_K).value(1);
  }
}
