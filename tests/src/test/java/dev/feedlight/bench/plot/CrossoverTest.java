package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class CrossoverTest {
  private static final Curve SQUARE = curve(x -> x * x, 1, 3, 9, 27);

  @Test
  void powerLawsCrossWhereTheyShould() {
    Crossover crossing = Crossover.of(curve(x -> 5 * x, 1, 3, 9, 27), SQUARE).orElseThrow();
    assertThat(crossing.x()).isCloseTo(5, Offset.offset(1e-12));
    assertThat(crossing.y()).isCloseTo(25, Offset.offset(1e-12));
    assertThat(crossing.fromStart()).isFalse();
  }

  @Test
  void theFirstOfSeveralCounts() {
    Curve wavy =
        new Curve(
            "", SQUARE.style(), curve(x -> x < 9 || x == 27 ? 2 * x * x : x, 1, 3, 9, 27).points());
    assertThat(Crossover.of(wavy, SQUARE).orElseThrow().x()).isBetween(3.0, 9.0);
  }

  @Test
  void equalIsAtMost() {
    Crossover crossing = Crossover.of(curve(x -> 9 * x, 1, 3, 9), SQUARE).orElseThrow();
    assertThat(crossing.x()).isCloseTo(9, Offset.offset(1e-12));
  }

  @Test
  void belowFromTheStartIsSaid() {
    Crossover crossing = Crossover.of(curve(x -> x / 2, 3, 9), SQUARE).orElseThrow();
    assertThat(crossing).isEqualTo(new Crossover(3, 1.5, true));
  }

  @Test
  void thereIsNoneWhereTheChallengerStaysAboveOrNothingIsShared() {
    assertThat(Crossover.of(curve(x -> 28 * x, 1, 3, 9, 27), SQUARE)).isEmpty();
    assertThat(Crossover.of(curve(x -> 1, 2, 4, 8), SQUARE)).isEmpty();
  }

  private static Curve curve(DoubleUnaryOperator height, double... xs) {
    return new Curve(
        "",
        MarkStyle.line(Look.BLUE, MarkStyle.Dash.SOLID, Glyph.NONE, true),
        Arrays.stream(xs).mapToObj(x -> new Curve.Point(x, height.applyAsDouble(x))).toList());
  }
}
