package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.MemoryEstimate;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.learn.LearningRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What an engine will take on CUDA, the scratch of projections included. */
final class CudaMemoryEstimateTest {
  private static final ArrayDataset DATA = ArrayDataset.classification(16, 11, 4, 1);

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

  /** Copies in bf16 are counted: never too few, and at most twice what there are. */
  @Test
  void copiesOfOperandsAreInTheEstimate() {
    requireCopies("bp", dense("bp"), engine -> engine.train(DATA, 1));
    requireCopies("odfa", dense("odfa"), engine -> engine.train(DATA, 1));
    requireCopies("dfa, probed", dense("dfa").alignmentEvery(1), engine -> engine.train(DATA, 1));
    requireCopies(
        "gpt, dfa",
        GptProblem.builder().rule("dfa"),
        engine -> engine.trainSteps(GptProblem.windows("a line", 16), 1));
  }

  private static EngineBuilder dense(String rule) {
    return DfaEngine.builder()
        .inputs(11)
        .dense(150, Activation.TANH)
        .dense(131, Activation.TANH)
        .dense(4, Activation.IDENTITY)
        .batch(8)
        .rule(rule);
  }

  private static void requireCopies(
      String what, EngineBuilder settings, Consumer<DfaEngine> training) {
    try (Device device = StandIn.open(Precision.BF16, 90)) {
      MemoryEstimate estimate = settings.device(device).memory();
      long counted = estimate.scopes().get(MemoryEstimate.OPERAND_COPIES);
      try (DfaEngine engine = settings.build()) {
        training.accept(engine);
        Map<String, Long> actual = new LinkedHashMap<>(engine.memory().scopes());
        actual.remove("kernel scratch");
        long bytes = actual.values().stream().mapToLong(Long::longValue).sum();
        long copies = bytes - (estimate.bytes() - counted);
        assertThat(copies).as(what).isBetween(counted / 2, counted);
      }
    }
  }
}
