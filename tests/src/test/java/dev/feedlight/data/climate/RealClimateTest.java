package dev.feedlight.data.climate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The 48 x 72 files, where the environment variable FEEDLIGHT_CLIMATE says where they are, as
 * {@code --data-dir} would.
 */
@EnabledIfEnvironmentVariable(named = "FEEDLIGHT_CLIMATE", matches = ".+")
final class RealClimateTest {
  private final ClimateData data =
      ClimateData.load(Path.of(System.getenv("FEEDLIGHT_CLIMATE")), ClimateTask.ssp370());

  private ClimateMetrics metrics(Baseline baseline) {
    ClimateMetrics metrics = ClimateMetrics.of(data.truth(), baseline.predict(data), data.grid());
    System.out.printf("%s: %s, total %.4f%n", baseline, metrics, metrics.total());
    return metrics;
  }

  @Test
  void baselinesHaveTheErrorsThatAnotherProgramFound() {
    assertThat(metrics(Baseline.CONSTANT).rmse()).isCloseTo(3.04, within(0.005));
    assertThat(metrics(Baseline.LINEAR).rmse()).isCloseTo(0.478, within(0.0005));
  }

  @Test
  void yearsAreExamples() {
    assertThat(data.training().size()).isEqualTo(2 * 85);
    assertThat(data.test().size()).isEqualTo(20);
    assertThat(data.test().year(0)).isEqualTo(2080);
    assertThat(data.training().inputs()).isEqualTo(4 * 48 * 72);
    assertThat(data.training().outputs()).isEqualTo(48 * 72);
  }
}
