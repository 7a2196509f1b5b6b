package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.learn.Loss;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a training step holds: under direct feedback with SGD weights, activations and one
 * projection, and no gradient of any weight.
 */
final class StepMemoryTest {
  private static final long BATCH = 24;
  private static final long INPUTS = 50;
  private static final List<Long> WIDTHS = List.of(96L, 64L, 130L, 10L);
  private static final long WIDEST = 130;
  private static final long OUTPUTS = 10;
  private static final long CONTROL = 64;

  private static long weights() {
    long sum = 0;
    long inputs = INPUTS;
    for (long width : WIDTHS) {
      sum += (inputs + 1) * width;
      inputs = width;
    }
    return sum;
  }

  /** Input, outputs of the blocks, error, labels, loss. */
  private static long activations() {
    long outputs = WIDTHS.stream().mapToLong(Long::longValue).sum();
    return BATCH * (INPUTS + outputs + OUTPUTS + 1) + 1;
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void directFeedbackHoldsWeightsActivationsAndOneProjection(int threads) {
    try (Device device = CpuDevice.open(threads);
        DfaEngine engine = builder("dfa", Optimizer.sgd()).device(device).build()) {
      long projection = BATCH * WIDEST + WIDEST * OUTPUTS;
      long expected = 4 * (weights() + activations() + projection) + CONTROL;
      assertThat(engine.plan().residentBytes()).isEqualTo(expected);
      SortedMap<String, Long> scopes = device.memory().scopes();
      assertThat(scopes.get("weights")).isEqualTo(4 * weights());
      assertThat(scopes.get("activations")).isEqualTo(4 * activations());
      assertThat(scopes.get("feedback")).isEqualTo(4 * projection);
      assertThat(scopes.get("optimizer state")).isEqualTo(CONTROL);
      long scratch = scopes.getOrDefault("kernel scratch", 0L);
      assertThat(scopes.get("forward check")).isEqualTo(CONTROL);
      assertThat(device.memory().liveBytes()).isEqualTo(expected + CONTROL + scratch);
      // Per thread: the masked signal of the widest block, its column sums, padding.
      assertThat(scratch).isLessThanOrEqualTo(threads * (4 * (BATCH + 1) * WIDEST + 128));
    }
  }

  @ParameterizedTest
  @CsvSource({"sgd, 0", "momentum, 1", "adam, 2"})
  void optimizersAddTheirStateAndNothingElse(String name, int slots) {
    Optimizer optimizer =
        switch (name) {
          case "sgd" -> Optimizer.sgd();
          case "momentum" -> Optimizer.momentum(0.9f);
          default -> Optimizer.adam();
        };
    try (DfaEngine plain = builder("dfa", Optimizer.sgd()).build();
        DfaEngine engine = builder("dfa", optimizer).build()) {
      assertThat(engine.plan().residentBytes() - plain.plan().residentBytes())
          .isEqualTo(4L * slots * weights());
    }
  }

  @Test
  void backpropagationHoldsTwoGradientsOfTheWidestInput() {
    try (DfaEngine engine = builder("bp", Optimizer.sgd()).build()) {
      assertThat(engine.plan().residentBytes())
          .isEqualTo(4 * (weights() + activations() + 2 * BATCH * WIDEST) + CONTROL);
      assertThat(engine.memory().scopes().get("feedback")).isEqualTo(8 * BATCH * WIDEST);
    }
  }

  @Test
  void theShallowRuleHoldsNothingBesides() {
    try (DfaEngine engine = builder("shlw", Optimizer.sgd()).build()) {
      assertThat(engine.plan().residentBytes())
          .isEqualTo(4 * (weights() + activations()) + CONTROL);
    }
  }

  @Test
  void theOpticsHoldTernaryErrorsAndOneFrameAndNoMatrix() {
    try (DfaEngine engine = builder("odfa", Optimizer.sgd()).build()) {
      // Ternary bytes, their counts, a scale per sample, the signal; anchor field and frame.
      long optics = BATCH * OUTPUTS + 4 * BATCH * (2 + 1 + WIDEST) + 4 * (2 + 1) * WIDEST;
      assertThat(engine.plan().residentBytes())
          .isEqualTo(4 * (weights() + activations()) + optics + CONTROL);
    }
  }

  @Test
  void clippingAddsTheGradientsTheirNormAndAFactor() {
    try (DfaEngine plain = builder("dfa", Optimizer.adam()).build();
        DfaEngine engine = builder("dfa", Optimizer.adam()).clipGlobalNorm(1).build()) {
      long added = 4 * weights() + 2 * 4;
      assertThat(engine.plan().residentBytes()).isEqualTo(plain.plan().residentBytes() + added);
      assertThat(engine.memory().scopes().get("gradients")).isEqualTo(added);
      assertThat(plain.memory().scopes().get("gradients")).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"dfa", "bp", "shlw"})
  void microBatchesHoldActivationsOfOneAndGradientsOfWhatIsTrained(String rule) {
    try (DfaEngine plain = builder(rule, Optimizer.adam()).batch(BATCH / 4).build();
        DfaEngine engine = builder(rule, Optimizer.adam()).accumulate(4).build()) {
      long trained = rule.equals("shlw") ? 131 * OUTPUTS : weights();
      // Gradients and their factor; a loss for each micro-batch.
      assertThat(engine.plan().residentBytes())
          .isEqualTo(plain.plan().residentBytes() + 4 * trained + 4 + 3 * 4);
      assertThat(engine.memory().scopes().get("gradients")).isEqualTo(4 * trained + 4);
    }
  }

  /** Under tanh, f(z) is kept beside what dropout made of it, and each block masks its signal. */
  @ParameterizedTest
  @CsvSource({"dfa, 2, 0", "bp, 1, 96", "shlw, 1, 0"})
  void dropoutAddsUndroppedOutputsAndMaskedSignals(String rule, int copies, int firstBlock) {
    try (DfaEngine plain = builder(rule, Optimizer.sgd()).dropout(0).build();
        DfaEngine engine = builder(rule, Optimizer.sgd()).dropout(0.5).build()) {
      long hidden = WIDTHS.stream().mapToLong(Long::longValue).sum() - OUTPUTS;
      assertThat(engine.plan().residentBytes())
          .isEqualTo(plain.plan().residentBytes() + 4 * BATCH * (copies * hidden + firstBlock));
    }
  }

  @Test
  void thePlanPrintsItsBytes() {
    try (DfaEngine engine = builder("dfa", Optimizer.sgd()).build()) {
      String megabytes = String.format("%.3f MB", engine.plan().residentBytes() / 1e6);
      assertThat(engine.plan().toString().lines().toList().getLast())
          .contains("resident")
          .endsWith(" " + megabytes);
    }
  }

  @Test
  void viewsOfOneStorageCountOnce() {
    try (Device device = CpuDevice.open(1);
        Scope scope = device.openScope("test")) {
      Tensor whole = scope.allocate("whole", new Shape(8, 16), DType.F32);
      Plan plan =
          Plan.record(
              "views",
              device.kernels(),
              ops -> {
                ops.fill(whole.rowRange(0, 2), 1);
                ops.fill(whole.rowRange(4, 2), 1);
                ops.fill(whole, 1);
              });
      assertThat(plan.residentBytes()).isEqualTo(512);
      assertThat(new Plan("empty", List.of()).residentBytes()).isZero();
    }
  }

  private static EngineBuilder builder(String rule, Optimizer optimizer) {
    EngineBuilder builder =
        DfaEngine.builder()
            .inputs(INPUTS)
            .rule(rule)
            .loss(Loss.SOFTMAX_CROSS_ENTROPY)
            .optimizer(optimizer)
            .batch(BATCH);
    for (long width : WIDTHS) {
      builder.dense(width, width == OUTPUTS ? Activation.IDENTITY : Activation.TANH);
    }
    return builder;
  }
}
