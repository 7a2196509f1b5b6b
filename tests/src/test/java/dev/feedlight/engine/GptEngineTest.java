package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.EarlyStopping;
import dev.feedlight.EngineBuilder;
import dev.feedlight.Evaluation;
import dev.feedlight.RunPosition;
import dev.feedlight.TrainingListener;
import dev.feedlight.TrainingResult;
import dev.feedlight.data.text.TokenWindows;
import dev.feedlight.data.text.TokenizerException;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.Residual;
import dev.feedlight.opu.Drift;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.tensor.ShapeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPT is trained, stopped, resumed and refused by what does so for dense networks. */
final class GptEngineTest {
  /** 9 batches of 8 windows, and 3 windows that fill none. */
  private static final TokenWindows DATA = GptProblem.windows("a line, training", 75);

  private static final TokenWindows HELD_OUT = GptProblem.windows("a line, validation", 19);

  private static EngineBuilder builder() {
    return GptProblem.builder();
  }

  private static LearningRule light() {
    OpuSettings drifting = OpuSettings.defaults().withDrift(new Drift(500, 100));
    return new DirectFeedback(
        new OpticalProjector(drifting), ProjectedError.LAST_BLOCK_INPUT, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void theHeldOutLossFalls(String rule) {
    try (DfaEngine engine = builder().rule(rule).build()) {
      Evaluation before = engine.evaluate(HELD_OUT);
      assertThat(before.examples()).isEqualTo(19L * GptProblem.CONTEXT);
      assertThat(before.loss()).isGreaterThan(Math.log(259) - 0.5);
      TrainingResult result = engine.train(DATA, 12);
      assertThat(result.steps()).isEqualTo(12 * 9);
      Evaluation after = engine.evaluate(HELD_OUT);
      assertThat(after.loss()).isLessThan(before.loss() - 2);
      assertThat(after.accuracy()).isGreaterThan(before.accuracy());
      if (rule.equals("odfa")) {
        assertThat(engine.frameLog().projections()).isEqualTo(12L * 9 * 8 * GptProblem.CONTEXT);
        assertThat(result.modelledOpticalSeconds()).isPositive();
      }
    }
  }

  /** What it says of a batch of windows is what it says of each alone. */
  @Test
  void evaluationDoesNotDependOnTheBatch() {
    try (DfaEngine eight = builder().build();
        DfaEngine one = builder().batch(1).build()) {
      assertThat(one.evaluate(HELD_OUT).loss())
          .isCloseTo(eight.evaluate(HELD_OUT).loss(), within(1e-5));
    }
  }

  @Test
  void aLimitOfStepsCutsTheLastEpochShort() {
    List<TrainingListener.EpochEvent> epochs = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(StepEvent event) {
            assertThat(event.steps()).isEqualTo(13);
            losses.add(event.loss());
          }

          @Override
          public void onEpoch(EpochEvent event) {
            epochs.add(event);
          }
        };
    try (DfaEngine engine = builder().listener(listener).build()) {
      TrainingResult result = engine.trainSteps(DATA, 13);
      assertThat(result.steps()).isEqualTo(13);
      assertThat(result.ending()).isEqualTo(TrainingResult.Ending.COMPLETED);
      assertThat(engine.position()).isEqualTo(new RunPosition(2, 2, 13, 13));
      assertThat(result.finalLoss())
          .isCloseTo(
              losses.subList(9, 13).stream().mapToDouble(loss -> loss).average().orElseThrow(),
              within(1e-6));
      assertThat(epochs).hasSize(2);
      assertThat(epochs.getLast().epochs()).isEqualTo(2);
      assertThatThrownBy(() -> engine.trainSteps(DATA, 0)).hasMessageContaining("not 0");
    }
  }

  /** Within an epoch, at its end, in the epoch that the limit of steps cuts short. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 9, 12})
  void resumedInTheMiddleItGivesTheSameBits(int at, @TempDir Path folder) {
    try (Device device = CpuDevice.open(2)) {
      List<float[]> whole;
      double modelled;
      try (DfaEngine engine = builder().device(device).rule(light()).build()) {
        modelled = engine.trainSteps(DATA, 14).modelledOpticalSeconds();
        whole = weights(engine);
      }
      DfaEngine[] stopping = new DfaEngine[1];
      TrainingListener stop =
          new TrainingListener() {
            @Override
            public void onStep(StepEvent event) {
              if (event.step() == at) {
                stopping[0].stop();
              }
            }
          };
      Checkpointing checkpoints = new Checkpointing(folder, 1000, 2);
      try (DfaEngine engine =
          builder().device(device).rule(light()).checkpoints(checkpoints).listener(stop).build()) {
        stopping[0] = engine;
        assertThat(engine.trainSteps(DATA, 14).steps()).isEqualTo(at);
      }
      try (DfaEngine engine =
          builder().device(device).rule(light()).checkpoints(checkpoints).build()) {
        assertThat(engine.load(folder).elsewhere()).isNull();
        assertThatThrownBy(() -> engine.resume(GptProblem.windows("another text", 74)))
            .hasMessageContaining("trained on 75 examples");
        TrainingResult result = engine.resume(DATA);
        assertThat(result.steps()).isEqualTo(14);
        assertThat(result.modelledOpticalSeconds()).isEqualTo(modelled);
        assertThat(weights(engine)).usingRecursiveComparison().isEqualTo(whole);
      }
    }
  }

  private static List<float[]> weights(DfaEngine engine) {
    return engine.network().parameters().stream().map(Parameter::read).toList();
  }

  @Test
  void checkpointsOfAnotherGptAreRefusedByName(@TempDir Path folder) {
    try (DfaEngine engine = builder().build()) {
      engine.trainSteps(DATA, 2);
      engine.save(folder);
    }
    GptShape shape = GptProblem.SHAPE;
    GptShape wider =
        new GptShape(
            shape.vocabulary(),
            shape.context(),
            18,
            shape.layers(),
            2,
            shape.hidden(),
            Residual.STANDARDIZED);
    refuses(
        builder().gpt(wider, FeedbackPoints.MICRO, GptProblem.TOKENIZER),
        folder,
        "gpt.width is 18 in this engine, 16 in the checkpoint");
    refuses(
        builder().gpt(shape, FeedbackPoints.MACRO, GptProblem.TOKENIZER),
        folder,
        "feedback_points is MACRO in this engine, MICRO in the checkpoint");
    refuses(
        builder().gpt(shape, FeedbackPoints.MICRO, GptProblem.tokenizer("another text")),
        folder,
        "tokenizer_sha256 is ");
    refuses(
        DfaEngine.builder().inputs(11).dense(4, Activation.IDENTITY).batch(8).seed(5),
        folder,
        "layers");
  }

  private static void refuses(EngineBuilder settings, Path folder, String message) {
    try (DfaEngine engine = settings.build()) {
      List<float[]> before = weights(engine);
      assertThatThrownBy(() -> engine.load(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(message);
      assertThat(weights(engine)).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    ArrayDataset rows = ArrayDataset.classification(20, 11, 4, 1);
    try (DfaEngine engine = builder().build()) {
      assertThatThrownBy(() -> engine.train(rows, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("takes windows of tokens (TokenWindows)");
      assertThatThrownBy(() -> engine.train(new TokenWindows("longer", new int[40], 259, 7, 1), 1))
          .isInstanceOf(ShapeException.class)
          .hasMessage("longer has windows of 7 tokens out of 259, the GPT takes 6 out of 259");
      assertThatThrownBy(() -> engine.train(GptProblem.windows("few", 7), 1))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("few has 7 examples, fewer than a batch of 8");
      assertThatThrownBy(() -> engine.predict(new float[6]))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("takes tokens");
    }
    try (DfaEngine dense =
        DfaEngine.builder().inputs(11).dense(4, Activation.IDENTITY).batch(8).build()) {
      assertThatThrownBy(() -> dense.evaluate(HELD_OUT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("takes rows of numbers (Dataset)");
    }
    assertThatThrownBy(
            () ->
                DfaEngine.builder().gpt(GptShape.TINY, FeedbackPoints.MICRO, GptProblem.TOKENIZER))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("has 259 tokens, but 1016 are needed");
    assertThatThrownBy(() -> builder().inputs(3).build()).hasMessageContaining("leave inputs");
    assertThatThrownBy(() -> builder().dropout(0.1).build()).hasMessageContaining("no dropout");
    assertThatThrownBy(() -> builder().loss(Loss.MEAN_SQUARED_ERROR).build())
        .hasMessageContaining("not MEAN_SQUARED_ERROR");
  }

  /** Every rule and point; the weights as the architecture counts them. */
  @Test
  void theEstimateOfMemoryIsWhatIsAllocated() {
    try (Device device = CpuDevice.open(1)) {
      for (FeedbackPoints points : FeedbackPoints.values()) {
        for (String rule : List.of("bp", "dfa", "odfa", "shlw")) {
          EngineBuilder settings =
              builder().gpt(GptProblem.SHAPE, points, GptProblem.TOKENIZER).rule(rule);
          String what = rule + ", " + points;
          MemoryEstimateTest.compare(what, settings, device);
          MemoryEstimateTest.compare(
              what + ", two passes", settings.accumulate(2).clipGlobalNorm(1), device);
          MemoryEstimateTest.compare(what + ", sgd", settings.optimizer(Optimizer.sgd()), device);
        }
        MemoryEstimateTest.compare("light", builder().rule(light()), device);
      }
    }
  }

  @Test
  void trainingEndsEarlyByTheLossOnWindowsHeldOut() {
    EarlyStopping stopping = new EarlyStopping(HELD_OUT, 1, 100);
    try (DfaEngine engine = builder().earlyStopping(stopping).build()) {
      TrainingResult result = engine.train(DATA, 5);
      assertThat(result.ending()).isEqualTo(TrainingResult.Ending.STOPPED_EARLY);
      assertThat(result.steps()).isEqualTo(18);
    }
  }

  /** Sums in other orders: errors of some units in the last place, through 5 steps of Adam. */
  @Test
  void aGraphTrainsAsTheProcessorDoes() {
    double expected = trained(CpuDevice.open(1));
    double actual = trained(StandIn.open());
    assertThat(Math.abs(actual - expected) <= 2e-3)
        .as("held-out loss %s, of the CPU %s", actual, expected)
        .isTrue();
  }

  private static double trained(Device opened) {
    try (Device device = opened;
        DfaEngine engine = builder().rule("odfa").device(device).build()) {
      engine.trainSteps(DATA, 5);
      return engine.evaluate(HELD_OUT).loss();
    }
  }
}
