package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.EngineBuilder;
import dev.feedlight.MemoryEstimate;
import dev.feedlight.device.Device;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.learn.LearningRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What an engine will take on CUDA, the scratch of projections included. */
final class CudaMemoryEstimateTest {
  @Test
  void theEstimateIsWhatIsAllocated() {
    Set<String> withScratch = new TreeSet<>();
    for (Map.Entry<String, LearningRule> rule : MemoryEstimateTest.rules().entrySet()) {
      EngineBuilder network = MemoryEstimateTest.networks().getFirst().rule(rule.getValue());
      try (Device device = StandIn.open()) {
        MemoryEstimate estimate = MemoryEstimateTest.compare(rule.getKey(), network, device);
        if (estimate.scopes().containsKey(Kernels.FIELD_SCRATCH)) {
          withScratch.add(rule.getKey());
        }
      }
    }
    assertThat(withScratch)
        .containsExactly(
            "odfa, drifting",
            "odfa, drifting, selected, defects, gaussian32",
            "odfa, drifting, selected, defects, procedural",
            "odfa, drifting, selected, defects, stored",
            "odfa, drifting, selected, defects, structured",
            "odfa, structured");
  }
}
