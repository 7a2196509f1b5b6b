package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.Evaluation;
import dev.feedlight.TrainingListener;
import dev.feedlight.data.DataException;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.tensor.ShapeException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks from maps to maps, trained, measured, stopped, resumed and refused by an engine. */
final class MapEngineTest {
  private static final ArrayDataset DATA = MapProblem.maps("maps, training", 90, 1);
  private static final ArrayDataset HELD_OUT = MapProblem.maps("maps, held out", 21, 2);

  private static EngineBuilder builder(String model) {
    return model.equals("vit") ? MapProblem.vit() : MapProblem.fcnn();
  }

  /** Factors by which the error falls, at each rule's own pace. */
  @ParameterizedTest
  @CsvSource({
    "vit, bp, 0.25", "vit, dfa, 0.55", "vit, odfa, 0.6", "vit, shlw, 0.6",
    "fcnn, bp, 0.25", "fcnn, dfa, 0.4", "fcnn, odfa, 0.5", "fcnn, shlw, 0.6"
  })
  void theErrorFalls(String model, String rule, double factor) {
    try (DfaEngine engine = builder(model).rule(rule).build()) {
      Evaluation before = engine.evaluate(HELD_OUT);
      engine.train(DATA, 30);
      Evaluation after = engine.evaluate(HELD_OUT);
      assertThat(after.examples()).isEqualTo(21);
      assertThat(after.accuracy()).isNaN();
      assertThat(after.rmse()).isEqualTo(Math.sqrt(after.loss()));
      assertThat(after.rmse()).isLessThan(factor * before.rmse());
      if (rule.equals("odfa")) {
        long rows = model.equals("vit") ? MapProblem.SHAPE.input().patches() : 1;
        assertThat(engine.frameLog().projections()).isEqualTo(30L * 11 * 8 * rows);
      }
    }
  }

  /** Maps come out in the order in which they go in, whatever the batch. */
  @ParameterizedTest
  @ValueSource(strings = {"vit", "fcnn"})
  void predictionIsWhatEvaluationScores(String model) {
    try (DfaEngine engine = builder(model).build();
        DfaEngine one = builder(model).batch(1).build()) {
      float[] predicted = engine.predict(HELD_OUT.flatInputs());
      float[] weights = MapProblem.weights();
      double weightSum = 0;
      for (float weight : weights) {
        weightSum += weight;
      }
      double sum = 0;
      for (int i = 0; i < predicted.length; i++) {
        int cell = i % MapProblem.CELLS;
        double difference = predicted[i] - HELD_OUT.targets()[i / MapProblem.CELLS][cell];
        sum += weights[cell] / weightSum * difference * difference;
      }
      double expected = sum / HELD_OUT.size();
      assertThat(engine.evaluate(HELD_OUT).loss()).isCloseTo(expected, within(1e-6));
      assertThat(one.evaluate(HELD_OUT).loss()).isCloseTo(expected, within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vit", "fcnn"})
  void resumedInTheMiddleItGivesTheSameBits(String model, @TempDir Path folder) {
    try (Device device = CpuDevice.open(2)) {
      List<float[]> whole;
      try (DfaEngine engine = builder(model).rule("odfa").device(device).build()) {
        engine.trainSteps(DATA, 14);
        whole = weights(engine);
      }
      Checkpointing checkpoints = new Checkpointing(folder, 1000, 2);
      DfaEngine[] stopping = new DfaEngine[1];
      TrainingListener stop =
          new TrainingListener() {
            @Override
            public void onStep(StepEvent event) {
              if (event.step() == 12) {
                stopping[0].stop();
              }
            }
          };
      EngineBuilder settings = builder(model).rule("odfa").device(device).checkpoints(checkpoints);
      try (DfaEngine engine = settings.listener(stop).build()) {
        stopping[0] = engine;
        engine.trainSteps(DATA, 14);
      }
      try (DfaEngine engine =
          builder(model).rule("odfa").device(device).checkpoints(checkpoints).build()) {
        engine.load(folder);
        engine.resume(DATA);
        assertThat(weights(engine)).usingRecursiveComparison().isEqualTo(whole);
      }
      float[] flat = new float[MapProblem.CELLS];
      Arrays.fill(flat, 1);
      try (DfaEngine engine = builder(model).rule("odfa").outputWeights(flat).build()) {
        assertThatThrownBy(() -> engine.load(folder))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("output_weights is");
      }
    }
  }

  private static List<float[]> weights(DfaEngine engine) {
    return engine.network().parameters().stream().map(Parameter::read).toList();
  }

  /** Every rule, with and without micro-batches, dropout between dense layers too. */
  @Test
  void theEstimateOfMemoryIsWhatIsAllocated() {
    DirectFeedback lastInput =
        new DirectFeedback(new OpticalProjector(), ProjectedError.LAST_BLOCK_INPUT, true);
    try (Device device = CpuDevice.open(1)) {
      for (String rule : List.of("bp", "dfa", "odfa", "shlw")) {
        for (FeedbackPoints points : FeedbackPoints.values()) {
          compare(MapProblem.vit().vit(MapProblem.SHAPE, points).rule(rule), device);
        }
        compare(MapProblem.fcnn().rule(rule), device);
        compare(MapProblem.fcnn().rule(rule).dropout(0.2).accumulate(2), device);
        compare(MapProblem.fcnn().rule(rule).lastBlock(4), device);
      }
      compare(MapProblem.vit().rule(lastInput), device);
      compare(MapProblem.fcnn().rule(lastInput).dropout(0.2), device);
      compare(MapProblem.fcnn().rule("dfa").alignmentEvery(2), device);
    }
  }

  private static void compare(EngineBuilder settings, Device device) {
    MemoryEstimateTest.compare("adam", settings, device);
    MemoryEstimateTest.compare("sgd", settings.optimizer(Optimizer.sgd()), device);
  }

  /** The last layers pass gradients on among each other, and are the same layers as without. */
  @Test
  void lastLayersCanBeOneBlock() {
    try (DfaEngine joined = MapProblem.fcnn().rule("bp").build();
        DfaEngine apart = MapProblem.fcnn().rule("bp").lastBlock(1).build()) {
      assertThat(joined.network().blocks().stream().map(Block::name))
          .containsExactly("dense1", "dense2", "dense3 to dense4");
      joined.trainSteps(DATA, 3);
      apart.trainSteps(DATA, 3);
      for (int i = 0; i < weights(apart).size(); i++) {
        assertThat(weights(joined).get(i)).containsExactly(weights(apart).get(i), within(1e-5f));
      }
    }
    try (DfaEngine engine = MapProblem.fcnn().rule("shlw").build()) {
      List<float[]> before = weights(engine);
      engine.trainSteps(DATA, 2);
      for (int i = 0; i < before.size(); i++) {
        boolean same = Arrays.equals(weights(engine).get(i), before.get(i));
        assertThat(same).as(engine.network().parameters().get(i).name()).isEqualTo(i < 4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vit", "fcnn"})
  void aGraphTrainsAsTheProcessorDoes(String model) {
    double expected = trained(model, CpuDevice.open(1));
    double actual = trained(model, StandIn.open());
    assertThat(Math.abs(actual - expected) <= 2e-3)
        .as("held-out loss %s, of the CPU %s", actual, expected)
        .isTrue();
  }

  private static double trained(String model, Device opened) {
    try (Device device = opened;
        DfaEngine engine = builder(model).rule("odfa").device(device).build()) {
      engine.trainSteps(DATA, 5);
      return engine.evaluate(HELD_OUT).loss();
    }
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingChanges() {
    ArrayDataset otherGrid = ArrayDataset.regression(9, 3 * MapProblem.CELLS, 20, 1);
    ArrayDataset broken = MapProblem.maps("broken", 8, 3);
    broken.examples()[7][5] = Float.NaN;
    ArrayDataset brokenTarget = MapProblem.maps("broken target", 8, 3);
    brokenTarget.targets()[2][11] = Float.POSITIVE_INFINITY;
    try (DfaEngine engine = MapProblem.vit().build()) {
      List<float[]> before = weights(engine);
      assertThatThrownBy(() -> engine.train(otherGrid, 1))
          .isInstanceOf(ShapeException.class)
          .hasMessage("teacher values has 72 inputs and 20 outputs, the network 72 and 24");
      assertThatThrownBy(() -> engine.train(broken, 1))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("broken: example 7 has NaN at input feature 5 of 72");
      assertThatThrownBy(() -> engine.train(brokenTarget, 1))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("example 2 has Infinity at target feature 11 of 24");
      assertThatThrownBy(() -> engine.predict(new float[71]))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("71 values are not a whole number of samples of 72 inputs");
      assertThat(weights(engine)).usingRecursiveComparison().isEqualTo(before);
    }
    assertThatThrownBy(() -> MapProblem.vit().outputWeights(new float[] {1, 2}).build())
        .isInstanceOf(ShapeException.class)
        .hasMessage("there are 2 weights for the 24 outputs of an example");
    assertThatThrownBy(() -> MapProblem.vit().outputWeights(new float[] {1, Float.NaN}))
        .hasMessageContaining("that of output 1 is NaN");
    assertThatThrownBy(() -> MapProblem.vit().outputWeights(new float[3]))
        .hasMessage("all 3 weights are 0");
    assertThatThrownBy(() -> MapProblem.vit().loss(Loss.SOFTMAX_CROSS_ENTROPY).build())
        .hasMessageContaining("its loss is MEAN_SQUARED_ERROR, not SOFTMAX_CROSS_ENTROPY");
    assertThatThrownBy(() -> MapProblem.fcnn().loss(Loss.SOFTMAX_CROSS_ENTROPY).build())
        .hasMessageContaining("weighted in the loss MEAN_SQUARED_ERROR");
    assertThatThrownBy(() -> MapProblem.vit().inputs(3).build())
        .hasMessageContaining("a ViT brings its own input");
    assertThatThrownBy(() -> MapProblem.fcnn().lastBlock(5).build())
        .isInstanceOf(ShapeException.class)
        .hasMessage("the last block cannot have 5 of 4 dense layers");
  }
}
