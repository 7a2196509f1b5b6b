package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LinearAxisTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -0.2   | 1       | −0.2 0 0.2 0.4 0.6 0.8 1
          0      | 580     | 0 100 200 300 400 500
          0      | 8       | 0 1 2 3 4 5 6 7 8
          -3     | 3       | −3 −2 −1 0 1 2 3
          0.81   | 0.85    | 0.81 0.815 0.82 0.825 0.83 0.835 0.84 0.845 0.85
          0      | 2500000 | 0 5·10⁵ 10⁶ 1.5·10⁶ 2·10⁶ 2.5·10⁶
          -1.5e-6 | 0      | −1.4·10⁻⁶ −1.2·10⁻⁶ −10⁻⁶ −8·10⁻⁷ −6·10⁻⁷ −4·10⁻⁷ −2·10⁻⁷ 0
          """)
  void ticksAreRound(double min, double max, String labels) {
    LinearAxis axis = LinearAxis.between("x", min, max);
    assertThat(labels(axis)).containsExactly(labels.split(" "));
    assertThat(axis.ticks()).allMatch(tick -> min <= tick.value() && tick.value() <= max);
    assertThat(axis.ticks()).hasSizeGreaterThan(3 * labels(axis).size());
  }

  @Test
  void theDataLieInsideWithAMargin() {
    LinearAxis axis = LinearAxis.over("x", 0, 560, 20);
    assertThat(axis.fraction(0)).isBetween(0.03, 0.05);
    assertThat(axis.fraction(560)).isBetween(0.95, 0.97);
    assertThat(axis.fraction(280)).isBetween(0.499, 0.501);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 96, -0.001})
  void aSingleValueStandsInTheMiddle(double value) {
    LinearAxis axis = LinearAxis.over("x", value, value);
    assertThat(axis.fraction(value)).isBetween(0.499, 0.501);
    assertThat(axis.ticks()).isNotEmpty();
  }

  @Test
  void namesStandAtWholeNumbers() {
    LinearAxis axis = LinearAxis.categories("rule", List.of("bp", "dfa", "odfa"));
    assertThat(labels(axis)).containsExactly("bp", "dfa", "odfa");
    assertThat(axis.fraction(1)).isEqualTo(0.5);
    assertThat(axis.fraction(0)).isBetween(0.16, 0.17);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void whatIsNotFiniteIsRefused(double value) {
    assertThatThrownBy(() -> LinearAxis.over("x", 1, value))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining(Double.toString(value));
    assertThatThrownBy(() -> LinearAxis.between("x", 0, value))
        .isInstanceOf(FigureDataException.class);
    assertThatThrownBy(() -> new Series.Point(1, value)).isInstanceOf(FigureDataException.class);
    assertThatThrownBy(() -> new Series.Point(value, 1)).isInstanceOf(FigureDataException.class);
    assertThatThrownBy(() -> new Bars.Bar(0, 1, value)).isInstanceOf(FigureDataException.class);
  }

  @Test
  void emptyRangesAreRefused() {
    assertThatThrownBy(() -> LinearAxis.between("x", 2, 2)).hasMessageContaining("2.0 to 2.0");
    assertThatThrownBy(() -> LinearAxis.over("loss")).hasMessageContaining("loss");
    assertThatThrownBy(() -> LinearAxis.categories("rule", List.of()))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining("rule");
  }

  @Test
  void aSpreadHoldsItsPoint() {
    assertThatThrownBy(() -> new Series.Point(1, 2, 2.5, 3))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining("2.5 to 3.0");
  }

  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(Axis.Tick::label).filter(l -> !l.isEmpty()).toList();
  }
}
