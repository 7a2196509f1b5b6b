package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogAxisTest {
  @ParameterizedTest
  @CsvSource({
    "100, 100",
    "256, 256",
    "3080, 3080",
    "0.01, 0.01",
    "0.0001, 0.0001",
    "99999, 99999",
    "1000000, 10⁶",
    "2500000, 2.5·10⁶",
    "0.00001, 10⁻⁵"
  })
  void labelsAreReadable(double value, String label) {
    assertThat(LogTicks.label(value)).isEqualTo(label);
  }

  @Test
  void aLabelCanBeRounded() {
    assertThat(LogTicks.label(8.7391, 2)).isEqualTo("8.7");
    assertThat(LogTicks.label(757.3, 2)).isEqualTo("760");
  }

  @Test
  void fewValuesAreTheTicks() {
    assertThat(labels(LogAxis.at("x", 512, 128, 256, 128))).containsExactly("128", "256", "512");
  }

  @Test
  void manyValuesGiveRoundTicks() {
    double[] values = DoubleStream.iterate(100, x -> x * 1.2).limit(20).toArray();
    assertThat(labels(LogAxis.at("x", values)))
        .containsExactly("100", "200", "500", "1000", "2000");
  }

  @Test
  void overManyDecadesOnlyPowersOfTenAreLabelled() {
    LogAxis axis = LogAxis.over("y", 0.02, 5000);
    assertThat(labels(axis)).containsExactly("0.01", "0.1", "1", "10", "100", "1000", "10000");
    assertThat(axis.ticks()).hasSizeGreaterThan(40);
  }

  @Test
  void theDataLieInsideWithAMargin() {
    LogAxis axis = LogAxis.over("y", 3, 700, 20);
    assertThat(axis.fraction(3)).isBetween(0.05, 0.1);
    assertThat(axis.fraction(700)).isBetween(0.9, 0.95);
    assertThat(axis.fraction(axis.shifted(3, 0.25))).isBetween(0.3, 0.35);
  }

  @Test
  void aSingleValueStandsInTheMiddle() {
    LogAxis axis = LogAxis.at("x", 96);
    assertThat(axis.fraction(96)).isBetween(0.499, 0.501);
    assertThat(labels(axis)).containsExactly("96");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatHasNoLogarithmIsRefused(double value) {
    assertThatThrownBy(() -> LogAxis.over("y", 1, value))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining(Double.toString(value));
    assertThatThrownBy(() -> new Curve.Point(1, value)).isInstanceOf(FigureDataException.class);
    assertThatThrownBy(() -> new Curve.Point(value, 1)).isInstanceOf(FigureDataException.class);
  }

  @Test
  void noValuesAreRefused() {
    assertThatThrownBy(() -> LogAxis.over("time")).hasMessageContaining("time");
  }

  private static List<String> labels(LogAxis axis) {
    return axis.ticks().stream().map(Axis.Tick::label).filter(l -> !l.isEmpty()).toList();
  }
}
