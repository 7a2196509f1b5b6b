package dev.feedlight.data.climate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The small climate in the jar. */
final class NorthAmericaTest {
  private final ClimateData data = NorthAmerica.embedded();

  @Test
  void yearsOfTwoScenariosAreExamples() {
    assertThat(data.grid().cells()).isEqualTo(36 * 48);
    assertThat(data.grid().latitudes()[35]).isEqualTo(58.75);
    assertThat(data.training().size()).isEqualTo(200);
    assertThat(data.training().year(0)).isEqualTo(1900);
    assertThat(data.test().size()).isEqualTo(20);
    assertThat(data.test().year(19)).isEqualTo(2099);
    assertThat(data.test().scenario(0)).isEqualTo("E1");
    assertThat(data.channels()).isEqualTo(4);
  }

  /** No year may say anything about itself. */
  @Test
  void inputsAreTheFourDecadesBefore() {
    Scenario e1 = data.testScenario();
    double[] means = Maps.globalMeans(e1.target(), data.grid());
    assertThat(e1.order()).hasSize(4);
    Forcing oldest = e1.order().getFirst();
    Forcing last = e1.order().getLast();
    assertThat(oldest.name()).isEqualTo("mean temperature 40 to 31 years before");
    assertThat(last.name()).isEqualTo("mean temperature 10 to 1 years before");
    int place = e1.place(2090);
    double mean = Arrays.stream(means, place - 10, place).average().orElseThrow();
    double reference = e1.global(last)[place] - mean;
    // Targets are anomalies: what is between them and the means is the same for all years.
    assertThat(reference).isBetween(270.0, 300.0);
    assertThat(
            e1.global(oldest)[place]
                - Arrays.stream(means, place - 40, place - 30).average().orElseThrow())
        .isCloseTo(reference, within(1e-9));
  }

  @Test
  void theLineBeatsNoChange() {
    double constant = rmse(Baseline.CONSTANT);
    double linear = rmse(Baseline.LINEAR);
    System.out.printf("constant %.4f K, linear %.4f K%n", constant, linear);
    assertThat(constant).isGreaterThan(1);
    assertThat(linear).isBetween(0.3, 0.9 * constant);
  }

  private double rmse(Baseline baseline) {
    return ClimateMetrics.of(data.truth(), baseline.predict(data), data.grid()).rmse();
  }
}
