package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.TrainingListener;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.BlockAlignment;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.SignalScale;
import dev.feedlight.opu.OpuSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Alignment in events, and training as if nobody had looked. */
final class AlignmentEventTest {
  /** 12 batches of 16. */
  private static final ArrayDataset DATA = ArrayDataset.classification(200, 19, 5, 1);

  static Stream<LearningRule> rules() {
    OpticalProjector stochastic =
        new OpticalProjector(
            OpuSettings.defaults(), new TernaryRule.Stochastic(), new SignalScale.ErrorNorm(1));
    return Stream.of(
        new Backpropagation(),
        LearningRules.named("dfa"),
        LearningRules.named("odfa"),
        new DirectFeedback(stochastic, ProjectedError.LAST_BLOCK_INPUT, true));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void probingLeavesTheBitsOfTrainingAlone(LearningRule rule) {
    Recorder recorder = new Recorder();
    try (Device device = CpuDevice.open(2);
        DfaEngine probed =
            builder(rule).alignmentEvery(1).listener(recorder).device(device).build();
        DfaEngine plain = builder(rule).device(device).build()) {
      for (int call = 0; call < 2; call++) {
        assertThat(probed.train(DATA, 2).finalLoss()).isEqualTo(plain.train(DATA, 2).finalLoss());
        assertThat(weights(probed)).usingRecursiveComparison().isEqualTo(weights(plain));
        if (plain.frameLog() != null) {
          assertThat(probed.frameLog().frames()).isEqualTo(plain.frameLog().frames());
          assertThat(probed.frameLog().density()).isEqualTo(plain.frameLog().density());
          assertThat(probed.frameLog().modelledSeconds())
              .isEqualTo(plain.frameLog().modelledSeconds());
        }
      }
    }
    assertThat(recorder.events).hasSize(48);
  }

  @Test
  void eventsComeBeforeTheFirstStepAndEverySoManyAfter() {
    Recorder recorder = new Recorder();
    try (DfaEngine engine =
        builder(LearningRules.named("dfa")).alignmentEvery(5).listener(recorder).build()) {
      engine.train(DATA, 2);
      assertThat(recorder.events)
          .extracting(TrainingListener.AlignmentEvent::step)
          .containsExactly(0L, 5L, 10L, 15L, 20L);
      assertThat(recorder.events)
          .extracting(TrainingListener.AlignmentEvent::epoch)
          .containsExactly(1, 1, 1, 2, 2);
      assertThat(recorder.stepsBefore).containsExactly(0L, 5L, 10L, 15L, 20L);
      for (TrainingListener.AlignmentEvent event : recorder.events) {
        assertThat(event.blocks())
            .extracting(BlockAlignment::name)
            .containsExactly("dense1", "dense2", "dense3");
      }
      engine.train(DATA, 1);
      assertThat(recorder.events.subList(5, 8))
          .extracting(TrainingListener.AlignmentEvent::step)
          .containsExactly(0L, 5L, 10L);
    }
  }

  @Test
  void withoutBeingAskedForThereAreNone() {
    Recorder recorder = new Recorder();
    try (DfaEngine engine = builder(LearningRules.named("dfa")).listener(recorder).build()) {
      engine.train(DATA, 1);
      assertThat(engine.memory().scopes()).doesNotContainKey("alignment probe");
    }
    assertThat(recorder.events).isEmpty();
  }

  @Test
  void aClosedEngineLeavesNothing() {
    DfaEngine engine = builder(LearningRules.named("odfa")).alignmentEvery(4).build();
    engine.train(DATA, 1);
    Device device = engine.device();
    engine.close();
    assertThat(device.memory().liveBytes()).isZero();
  }

  @Test
  void aNegativeNumberOfStepsIsRefused() {
    EngineBuilder builder = DfaEngine.builder();
    assertThatThrownBy(() -> builder.alignmentEvery(-3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-3");
  }

  @Test
  void aRuleWithoutSignalsIsRefusedAndLeavesNothing() {
    try (Device device = CpuDevice.open(1)) {
      EngineBuilder builder = builder(LearningRules.named("shlw")).alignmentEvery(1).device(device);
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("shlw");
      assertThat(device.memory().scopes().keySet()).isSubsetOf("kernel scratch");
    }
  }

  private static EngineBuilder builder(LearningRule rule) {
    return DfaEngine.builder()
        .inputs(19)
        .dense(33, Activation.TANH)
        .dense(20, Activation.GELU)
        .dense(5, Activation.IDENTITY)
        .rule(rule)
        .batch(16);
  }

  private static List<float[]> weights(DfaEngine engine) {
    return engine.network().parameters().stream().map(Parameter::read).toList();
  }

  private static final class Recorder implements TrainingListener {
    private final List<AlignmentEvent> events = new ArrayList<>();
    private final List<Long> stepsBefore = new ArrayList<>();
    private long steps;

    @Override
    public void onStep(StepEvent event) {
      steps++;
    }

    @Override
    public void onAlignment(AlignmentEvent event) {
      events.add(event);
      stepsBefore.add(steps);
    }
  }
}
