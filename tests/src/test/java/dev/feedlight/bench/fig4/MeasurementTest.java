package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Medians, spreads and what is made of them. */
final class MeasurementTest {
  private static final Measurement THREE = Measurement.of(List.of(4.0, 2.0, 3.0), "a");

  @Test
  void medianLowHigh() {
    assertThat(THREE).isEqualTo(new Measurement(3, 2, 4, 3, "a"));
    assertThat(Measurement.of(List.of(1.0, 2.0, 4.0, 8.0), "a").median()).isEqualTo(3);
  }

  @Test
  void modelledTimeIsAddedOrAFloor() {
    assertThat(THREE.plus(10)).isEqualTo(new Measurement(13, 12, 14, 3, "a"));
    assertThat(THREE.atLeast(2.5)).isEqualTo(new Measurement(3, 2.5, 4, 3, "a"));
    assertThat(THREE.atLeast(10)).isEqualTo(new Measurement(10, 10, 10, 3, "a"));
  }

  @Test
  void ratiosKeepTheirSpreadInOrder() {
    Measurement other = new Measurement(6, 4, 8, 5, "a");
    assertThat(THREE.over(other)).isEqualTo(new Measurement(0.5, 0.25, 1, 3, "a"));
    assertThat(THREE.over(new Measurement(6, 4, 8, 5, "b")).commit()).isEqualTo("a+b");
    assertThat(THREE.below(12)).isEqualTo(new Measurement(4, 3, 6, 3, "a"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoTimeIsRefused(double value) {
    assertThatThrownBy(() -> Measurement.of(List.of(1.0, value), "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(value));
  }
}
