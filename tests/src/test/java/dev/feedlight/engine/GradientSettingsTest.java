package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.Evaluation;
import dev.feedlight.TrainingListener;
import dev.feedlight.TrainingResult;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.cpu.CpuDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accumulation, clipping and dropout through the engine. */
final class GradientSettingsTest {
  private static final ArrayDataset DATA = ArrayDataset.classification(200, 19, 5, 1);

  /** 12 batches of 16, and 8 examples that fill no batch. */
  private static EngineBuilder builder(String rule, List<TrainingListener.StepEvent> events) {
    return DfaEngine.builder()
        .inputs(19)
        .dense(33, Activation.TANH)
        .dense(20, Activation.GELU)
        .dense(5, Activation.IDENTITY)
        .rule(rule)
        .optimizer(Optimizer.momentum(0.9f))
        .learningRate(0.02)
        .batch(16)
        .listener(
            new TrainingListener() {
              @Override
              public void onStep(StepEvent event) {
                events.add(event);
              }
            });
  }

  private static List<float[]> weights(DfaEngine engine) {
    return engine.network().parameters().stream().map(Parameter::read).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void microBatchesTrainAsTheWholeBatchDoes(String rule) {
    List<TrainingListener.StepEvent> wholeEvents = new ArrayList<>();
    List<TrainingListener.StepEvent> splitEvents = new ArrayList<>();
    try (DfaEngine whole = builder(rule, wholeEvents).dropout(0.2).clipGlobalNorm(0.3).build();
        DfaEngine split =
            builder(rule, splitEvents).dropout(0.2).clipGlobalNorm(0.3).accumulate(4).build()) {
      TrainingResult expected = whole.train(DATA, 2);
      TrainingResult actual = split.train(DATA, 2);
      assertThat(actual.steps()).isEqualTo(expected.steps()).isEqualTo(24);
      assertThat(actual.modelledOpticalSeconds()).isEqualTo(expected.modelledOpticalSeconds());
      // Weights of order 1 after 24 steps; one gradient wrong would move them by 1e-3.
      for (int p = 0; p < 6; p++) {
        for (int i = 0; i < weights(whole).get(p).length; i += 7) {
          assertThat(weights(split).get(p)[i]).isCloseTo(weights(whole).get(p)[i], within(2e-5f));
        }
      }
      assertThat(splitEvents).hasSameSizeAs(wholeEvents);
      for (int i = 0; i < splitEvents.size(); i++) {
        TrainingListener.StepEvent event = splitEvents.get(i);
        assertThat(event.loss()).isCloseTo(wholeEvents.get(i).loss(), within(1e-4));
        double norm = wholeEvents.get(i).gradientNorm();
        assertThat(event.gradientNorm()).isPositive().isCloseTo(norm, within(1e-4));
      }
      Evaluation evaluation = split.evaluate(DATA);
      assertThat(evaluation.examples()).isEqualTo(200);
      assertThat(evaluation.loss()).isCloseTo(whole.evaluate(DATA).loss(), within(1e-4));
      assertThat(split.predict(DATA.flatInputs())).hasSize(200 * 5);
    }
  }

  @Test
  void withoutClippingThereIsNoNorm() {
    List<TrainingListener.StepEvent> events = new ArrayList<>();
    try (DfaEngine engine = builder("dfa", events).accumulate(2).build()) {
      engine.train(DATA, 1);
    }
    assertThat(events).hasSize(12).allMatch(event -> Double.isNaN(event.gradientNorm()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void dropoutTrainsRepeatablyAndIsOffInEvaluation(String rule) {
    try (DfaEngine plain = builder(rule, new ArrayList<>()).build();
        DfaEngine first = builder(rule, new ArrayList<>()).dropout(0.4).build();
        DfaEngine again = builder(rule, new ArrayList<>()).dropout(0.4).build()) {
      // Untrained, the networks are the same, and so must be what they say.
      float[] untrained = plain.predict(DATA.flatInputs());
      assertThat(first.predict(DATA.flatInputs())).isEqualTo(untrained);
      plain.train(DATA, 1);
      first.train(DATA, 1);
      Evaluation evaluation = first.evaluate(DATA);
      again.train(DATA, 1);
      assertThat(weights(again).get(4)).isEqualTo(weights(first).get(4));
      assertThat(weights(first).get(4)).isNotEqualTo(weights(plain).get(4));
      assertThat(first.evaluate(DATA)).isEqualTo(evaluation);
      // Trained weights in an engine that never heard of dropout.
      for (int p = 0; p < 6; p++) {
        plain.network().parameters().get(p).write(weights(first).get(p));
      }
      assertThat(plain.evaluate(DATA)).isEqualTo(evaluation);
    }
  }

  @Test
  void evaluationBetweenEpochsChangesNoMask() {
    try (DfaEngine undisturbed = builder("dfa", new ArrayList<>()).dropout(0.4).build();
        DfaEngine disturbed = builder("dfa", new ArrayList<>()).dropout(0.4).build()) {
      undisturbed.train(DATA, 2);
      disturbed.train(DATA, 1);
      disturbed.evaluate(DATA);
      disturbed.train(DATA, 1);
      assertThat(weights(disturbed).getFirst()).isEqualTo(weights(undisturbed).getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa"})
  void probingAlignmentChangesNothing(String rule) {
    EngineBuilder with = builder(rule, new ArrayList<>()).alignmentEvery(3);
    EngineBuilder without = builder(rule, new ArrayList<>());
    try (DfaEngine probed = with.dropout(0.4).clipGlobalNorm(0.3).accumulate(4).build();
        DfaEngine plain = without.dropout(0.4).clipGlobalNorm(0.3).accumulate(4).build()) {
      probed.train(DATA, 2);
      plain.train(DATA, 2);
      for (int p = 0; p < 6; p++) {
        assertThat(weights(probed).get(p)).isEqualTo(weights(plain).get(p));
      }
    }
  }

  @Test
  void aClosedEngineLeavesNothing() {
    try (Device device = CpuDevice.open(2)) {
      DfaEngine engine =
          builder("dfa", new ArrayList<>())
              .dropout(0.4)
              .clipGlobalNorm(1)
              .accumulate(4)
              .device(device)
              .build();
      long built = engine.memory().liveBytes();
      engine.train(DATA, 1);
      engine.evaluate(DATA);
      assertThat(engine.memory().liveBytes()).isEqualTo(built);
      engine.close();
      assertThat(device.memory().scopes().keySet()).isSubsetOf("kernel scratch");
    }
  }
}
