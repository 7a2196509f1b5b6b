package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.DfaEngine;
import dev.feedlight.Evaluation;
import dev.feedlight.TrainingListener;
import dev.feedlight.TrainingResult;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.learn.LearningRateSchedule;
import dev.feedlight.learn.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training, evaluation and prediction, as a user sees them. */
final class EvaluationTest {
  private static final ArrayDataset CLASSES = ArrayDataset.classification(101, 13, 4, 2);
  private static final ArrayDataset VALUES = ArrayDataset.regression(512, 12, 3, 3);

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 100, 101, 128})
  void theBatchSizeDoesNotChangeAnEvaluation(long batch) {
    Evaluation expected = Scores.of(classifier(25), CLASSES);
    Evaluation actual;
    try (DfaEngine engine = classifier(batch)) {
      actual = engine.evaluate(CLASSES);
    }
    assertThat(actual.examples()).isEqualTo(101);
    assertThat(actual.accuracy()).isEqualTo(expected.accuracy()).isBetween(0.0, 0.9);
    // Products of another shape may add in another order: logits of order 1 change by 1e-6.
    assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-5));
  }

  @Test
  void paddingLeavesNoTrace() {
    ArrayDataset head = new ArrayDataset("head", rows(0, 30), null, labels(0, 30), 4);
    ArrayDataset tail = new ArrayDataset("tail", rows(30, 101), null, labels(30, 101), 4);
    try (DfaEngine engine = classifier(32)) {
      Evaluation first = engine.evaluate(head);
      Evaluation second = engine.evaluate(tail);
      Evaluation all = engine.evaluate(CLASSES);
      assertThat(all.loss() * 101).isCloseTo(first.loss() * 30 + second.loss() * 71, within(1e-9));
      assertThat(engine.evaluate(head)).isEqualTo(first);
    }
  }

  private static float[][] rows(int from, int to) {
    return Arrays.copyOfRange(CLASSES.examples(), from, to);
  }

  private static int[] labels(int from, int to) {
    return Arrays.copyOfRange(CLASSES.labels(), from, to);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 32, 200})
  void predictionIsWhatEvaluationScores(long batch) {
    try (DfaEngine engine = classifier(batch)) {
      float[] outputs = engine.predict(CLASSES.flatInputs());
      assertThat(outputs).hasSize(101 * 4);
      Evaluation byHand = Scores.classify(outputs, CLASSES);
      Evaluation evaluation = engine.evaluate(CLASSES);
      assertThat(evaluation.accuracy()).isEqualTo(byHand.accuracy());
      // The same outputs, added up in double.
      assertThat(evaluation.loss()).isCloseTo(byHand.loss(), within(1e-12));
    }
  }

  private static DfaEngine classifier(long batch) {
    return DfaEngine.builder()
        .inputs(13)
        .dense(40, Activation.RELU)
        .dense(4, Activation.IDENTITY)
        .batch(batch)
        .seed(4)
        .build();
  }

  @ParameterizedTest
  @CsvSource({"bp, 0.02", "dfa, 0.1", "odfa, 0.3", "shlw, 0.6"})
  void regressionLearnsAndEveryRuleAtItsOwnPace(String rule, double reached) {
    try (DfaEngine engine =
        DfaEngine.builder()
            .inputs(12)
            .dense(48, Activation.TANH)
            .dense(48, Activation.TANH)
            .dense(3, Activation.IDENTITY)
            .rule(rule)
            .loss(Loss.MEAN_SQUARED_ERROR)
            .learningRate(3e-3)
            .batch(32)
            .build()) {
      Evaluation before = engine.evaluate(VALUES);
      TrainingResult result = engine.train(VALUES, 30);
      Evaluation after = engine.evaluate(VALUES);
      assertThat(result.steps()).isEqualTo(30 * 16);
      assertThat(before.loss()).isGreaterThan(0.7);
      assertThat(before.accuracy()).isNaN();
      assertThat(after.loss()).isLessThan(reached);
      assertThat(result.modelledOpticalSeconds() > 0).isEqualTo(rule.equals("odfa"));
      assertThat(engine.frameLog() != null).isEqualTo(rule.equals("odfa"));
    }
  }

  @Test
  void listenersHearOfEveryStepAndEpoch() {
    List<TrainingListener.StepEvent> steps = new ArrayList<>();
    List<TrainingListener.EpochEvent> epochs = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(StepEvent event) {
            steps.add(event);
          }

          @Override
          public void onEpoch(EpochEvent event) {
            epochs.add(event);
          }
        };
    try (DfaEngine engine =
        DfaEngine.builder()
            .inputs(13)
            .dense(4, Activation.IDENTITY)
            .optimizer(Optimizer.sgd())
            .schedule(LearningRateSchedule.linear(0.5))
            .batch(25)
            .listener(listener)
            .build()) {
      double finalLoss = engine.train(CLASSES, 2).finalLoss();
      assertThat(steps).extracting("step").containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
      assertThat(steps).allMatch(event -> event.steps() == 8 && event.seconds() >= 0);
      assertThat(steps).extracting("epoch").containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
      assertThat(steps)
          .extracting("learningRate")
          .containsExactly(0.5, 0.4375, 0.375, 0.3125, 0.25, 0.1875, 0.125, 0.0625);
      assertThat(epochs).extracting("epoch").containsExactly(1, 2);
      double mean = steps.subList(4, 8).stream().mapToDouble(e -> e.loss()).average().orElseThrow();
      assertThat(epochs.get(1).meanLoss()).isEqualTo(finalLoss).isCloseTo(mean, within(1e-12));
    }
  }
}
