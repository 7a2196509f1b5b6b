package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.cuda.StandIn;
import org.junit.jupiter.api.Test;

/** The benchmarks' matrix by cuRAND, on the stand-in. */
final class CudaBenchmarkTest {
  private static ProjectionBenchmark projection(String device) {
    ProjectionBenchmark benchmark = new ProjectionBenchmark();
    benchmark.matrix = "curand";
    benchmark.size = 24;
    set(benchmark, device);
    return benchmark;
  }

  private static TrainingStepBenchmark step(String device) {
    TrainingStepBenchmark benchmark = new TrainingStepBenchmark();
    benchmark.rule = "odfa";
    benchmark.transmission = "curand";
    benchmark.width = 16;
    benchmark.depth = 1;
    set(benchmark, device);
    return benchmark;
  }

  private static void set(Fig4Benchmark benchmark, String device) {
    benchmark.batch = 4;
    benchmark.device = device;
    benchmark.threads = 1;
    benchmark.seed = 1;
    benchmark.warmUpMillis = 1;
    benchmark.replays = 2;
  }

  @Test
  void aProjectionAndAStepRun() {
    float[] results =
        StandIn.with(
            () -> {
              ProjectionBenchmark projection = projection("cuda");
              projection.setUp();
              float projected = projection.project();
              projection.tearDown();
              TrainingStepBenchmark step = step("cuda");
              step.setUp();
              float loss = step.step();
              step.check();
              step.tearDown();
              return new float[] {projected, loss};
            });
    assertThat(results[0]).isNotZero().isFinite();
    assertThat(results[1]).isPositive().isFinite();
  }

  /** JMH prints the first line and goes on with the next parameter. */
  @Test
  void aProcessorLeavesThemOut() {
    assertThatThrownBy(() -> projection("cpu").setUp())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("run with --device cuda");
    assertThatThrownBy(() -> step("cpu").setUp())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("run with --device cuda");
  }
}
