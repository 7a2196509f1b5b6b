package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.EarlyStopping;
import dev.feedlight.EngineBuilder;
import dev.feedlight.LoadReport;
import dev.feedlight.RunPosition;
import dev.feedlight.TrainingListener;
import dev.feedlight.TrainingResult;
import dev.feedlight.data.DataException;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRateSchedule;
import dev.feedlight.learn.NotFiniteException;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.opu.Drift;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.opu.LinearReadout;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.PixelSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Interrupted anywhere and resumed in a new engine, training gives the same bits. */
final class ResumeTest {
  /** 5 batches of 8, and 3 examples that fill none. */
  private static final ArrayDataset DATA = ArrayDataset.classification(43, 11, 4, 1);

  private static final ArrayDataset HELD_OUT = ArrayDataset.classification(20, 11, 4, 2);
  private static final int EPOCHS = 3;
  private static final int STEPS = 15;

  /** Within an epoch, at its end, at its beginning, before the last step. */
  private static final int[] INTERRUPTED_AFTER = {1, 4, 5, 6, 10, 14};

  /** All that training leaves behind. */
  private record Outcome(
      List<List<Float>> tensors,
      List<Float> losses,
      TrainingResult.Ending ending,
      long steps,
      double finalLoss,
      double modelledSeconds,
      FrameLog.Counts frames,
      double heldOutLoss) {}

  static Stream<Arguments> runs() {
    OpuSettings opu = OpuSettings.defaults();
    return Stream.of(
        run("bp", b -> b.rule("bp")),
        run("dfa", b -> b.rule("dfa")),
        run("odfa, with the camera's noise", b -> b.rule("odfa")),
        run("shlw", b -> b.rule("shlw")),
        run("bp, dropout, momentum", b -> b.dropout(0.3).optimizer(Optimizer.momentum(0.9f))),
        run("odfa, dropout", b -> b.rule("odfa").dropout(0.3)),
        run("odfa, drifting medium", b -> b.rule(optical(opu.withDrift(new Drift(200, 24))))),
        run(
            "odfa, selected pixels",
            b ->
                b.rule(
                    optical(
                        opu.withReadout(
                            LinearReadout.defaults().withSelection(new PixelSelection(2, 0.01)))))),
        run(
            "dfa, last input, batch mean subtracted",
            b ->
                b.rule(
                    new DirectFeedback(new RandomMatrix(), ProjectedError.LAST_BLOCK_INPUT, true))),
        run("odfa, clipped, two passes", b -> b.rule("odfa").accumulate(2).clipGlobalNorm(0.1)),
        run(
            "bp, cosine schedule with warm-up, alignment probed",
            b ->
                b.rule("bp")
                    .schedule(LearningRateSchedule.cosine(1e-2).warmedUp(3))
                    .alignmentEvery(2)),
        run("sgd", b -> b.optimizer(Optimizer.sgd())),
        run(
            "early stopping",
            b -> b.rule("dfa").earlyStopping(new EarlyStopping(HELD_OUT, 1, 0.05))));
  }

  private static Arguments run(String name, UnaryOperator<EngineBuilder> settings) {
    return Arguments.of(name, settings);
  }

  private static DirectFeedback optical(OpuSettings settings) {
    return new DirectFeedback(new OpticalProjector(settings));
  }

  private static EngineBuilder builder() {
    return DfaEngine.builder()
        .inputs(11)
        .dense(17, Activation.TANH)
        .dense(13, Activation.RELU)
        .dense(4, Activation.IDENTITY)
        .learningRate(1e-2)
        .batch(8)
        .seed(5);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runs")
  void theBitsAreThoseOfARunThatWasNotInterrupted(
      String name, UnaryOperator<EngineBuilder> settings, @TempDir Path folder) {
    try (Device device = CpuDevice.open(2)) {
      Outcome whole;
      List<Float> losses = new ArrayList<>();
      try (DfaEngine engine =
          settings.apply(builder()).device(device).listener(losses(losses)).build()) {
        whole = outcome(engine, engine.train(DATA, EPOCHS), losses);
      }
      for (int at : INTERRUPTED_AFTER) {
        if (at >= whole.steps()) {
          continue;
        }
        Path checkpoints = folder.resolve("at-" + at);
        List<Float> seen = new ArrayList<>();
        interrupt(settings, device, checkpoints, at, seen);
        // Twice: the resumed run is interrupted again, three steps on.
        int again = at + 3;
        if (again < whole.steps()) {
          resume(settings, device, checkpoints, again, seen);
        }
        Outcome resumed = resume(settings, device, checkpoints, -1, seen);
        assertThat(resumed).as("%s, interrupted after step %d", name, at).isEqualTo(whole);
      }
    }
  }

  /** An engine that stops after a step. */
  private static DfaEngine stopping(
      UnaryOperator<EngineBuilder> settings, Device device, Path folder, int at, List<Float> seen) {
    DfaEngine[] engine = new DfaEngine[1];
    engine[0] =
        settings
            .apply(builder())
            .device(device)
            .checkpoints(new Checkpointing(folder, 1000, 2))
            .listener(losses(seen))
            .listener(stopAt(engine, at))
            .build();
    return engine[0];
  }

  private static void interrupt(
      UnaryOperator<EngineBuilder> settings, Device device, Path folder, int at, List<Float> seen) {
    try (DfaEngine built = stopping(settings, device, folder, at, seen)) {
      TrainingResult result = built.train(DATA, EPOCHS);
      assertThat(result.ending()).isEqualTo(TrainingResult.Ending.INTERRUPTED);
      assertThat(result.steps()).isEqualTo(at);
    }
  }

  private static Outcome resume(
      UnaryOperator<EngineBuilder> settings, Device device, Path folder, int at, List<Float> seen) {
    try (DfaEngine built = stopping(settings, device, folder, at, seen)) {
      LoadReport report = built.load(folder);
      assertThat(report.skipped()).isEmpty();
      assertThat(report.elsewhere()).isNull();
      return outcome(built, built.resume(DATA), seen);
    }
  }

  private static TrainingListener losses(List<Float> losses) {
    return new TrainingListener() {
      @Override
      public void onStep(StepEvent event) {
        losses.add((float) event.loss());
        assertThat(event.step()).isEqualTo(losses.size());
      }
    };
  }

  private static TrainingListener stopAt(DfaEngine[] engine, int step) {
    return new TrainingListener() {
      @Override
      public void onStep(StepEvent event) {
        if (event.step() == step) {
          engine[0].stop();
        }
      }
    };
  }

  private static Outcome outcome(DfaEngine engine, TrainingResult result, List<Float> losses) {
    List<List<Float>> tensors = new ArrayList<>();
    for (Parameter parameter : engine.network().parameters()) {
      tensors.add(boxed(parameter.read()));
      parameter
          .state()
          .forEach(
              slot -> {
                float[] values = new float[slot.shape().arrayLength()];
                engine.device().read(slot, values);
                tensors.add(boxed(values));
              });
    }
    FrameLog log = engine.frameLog();
    return new Outcome(
        tensors,
        List.copyOf(losses),
        result.ending(),
        result.steps(),
        result.finalLoss(),
        result.modelledOpticalSeconds(),
        log == null ? null : log.counts(),
        engine.evaluate(HELD_OUT).loss());
  }

  /** Float.equals compares bits. */
  private static List<Float> boxed(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  @Test
  void stoppedWithoutCheckpointsItGoesOnInTheSameEngine() {
    DfaEngine[] engine = new DfaEngine[1];
    try (DfaEngine whole = builder().build();
        DfaEngine built = builder().listener(stopAt(engine, 7)).build()) {
      engine[0] = built;
      whole.train(DATA, EPOCHS);
      assertThat(built.train(DATA, EPOCHS).ending()).isEqualTo(TrainingResult.Ending.INTERRUPTED);
      assertThat(built.unfinished()).isTrue();
      assertThatThrownBy(() -> built.train(DATA, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("epoch 2 of 3");
      assertThat(built.resume(DATA).steps()).isEqualTo(STEPS);
      assertThat(built.unfinished()).isFalse();
      assertThatThrownBy(() -> built.resume(DATA)).isInstanceOf(IllegalStateException.class);
      assertThat(built.network().parameters().getFirst().read())
          .isEqualTo(whole.network().parameters().getFirst().read());
    }
  }

  @Test
  void checkpointsAreWrittenAsOftenAsAskedAndTheNewestStay(@TempDir Path folder) {
    List<Long> written = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onCheckpoint(CheckpointEvent event) {
            assertThat(event.failure()).isNull();
            assertThat(event.directory()).isDirectory();
            written.add(event.step());
          }
        };
    try (DfaEngine engine =
        builder().checkpoints(new Checkpointing(folder, 4, 2)).listener(listener).build()) {
      engine.train(DATA, EPOCHS);
    }
    assertThat(written).containsExactly(4L, 8L, 12L, 15L);
    assertThat(names(folder))
        .containsExactlyInAnyOrder(
            ".lock", ".lock-process", "step-000000000012", "step-000000000015");
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Also one that stopped before all epochs were done. */
  @Test
  void aFinishedRunIsKnownFromItsCheckpoint(@TempDir Path folder) {
    for (int improvement : new int[] {0, 100}) {
      Path into = folder.resolve("run-" + improvement);
      UnaryOperator<EngineBuilder> settings =
          b -> b.rule("odfa").earlyStopping(new EarlyStopping(HELD_OUT, 2, improvement));
      TrainingResult result;
      try (DfaEngine engine =
          settings.apply(builder()).checkpoints(new Checkpointing(into, 1000, 2)).build()) {
        assertThat(engine.position()).isNull();
        assertThat(engine.lastResult()).isNull();
        result = engine.train(DATA, 4);
        assertThat(engine.lastResult()).isEqualTo(result);
      }
      assertThat(result.ending())
          .isEqualTo(
              improvement == 0
                  ? TrainingResult.Ending.COMPLETED
                  : TrainingResult.Ending.STOPPED_EARLY);
      try (DfaEngine engine = settings.apply(builder()).build()) {
        engine.load(into);
        assertThat(engine.unfinished()).isFalse();
        assertThat(engine.lastResult()).isEqualTo(result);
        assertThat(engine.position())
            .isEqualTo(new RunPosition(4, (int) result.steps() / 5, result.steps(), 20));
      }
    }
  }

  /** A run that failed is not gone on with by mistake; nothing bad is ever written. */
  @Test
  void noCheckpointHoldsWeightsThatAreNotFinite(@TempDir Path folder) {
    List<String> events = new ArrayList<>();
    DfaEngine[] engine = new DfaEngine[1];
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(StepEvent event) {
            if (event.step() == 4) {
              Parameter weight = engine[0].network().parameters().getLast();
              float[] values = weight.read();
              values[0] = Float.POSITIVE_INFINITY;
              weight.write(values);
            }
          }

          @Override
          public void beforeCheckpoint(long step) {
            events.add("before " + step);
          }

          @Override
          public void onCheckpoint(CheckpointEvent event) {
            events.add("written " + event.step());
          }
        };
    try (DfaEngine built =
        builder().checkpoints(new Checkpointing(folder, 2, 9)).listener(listener).build()) {
      engine[0] = built;
      assertThatThrownBy(() -> built.train(DATA, EPOCHS)).isInstanceOf(NotFiniteException.class);
      assertThat(built.unfinished()).isFalse();
    }
    assertThat(events).containsExactly("before 2", "written 2");
    assertThat(names(folder))
        .containsExactlyInAnyOrder(".lock", ".lock-process", "step-000000000002");
  }

  @Test
  void aFinishedRunCanBeTrainedOn(@TempDir Path folder) {
    try (DfaEngine whole = builder().build();
        DfaEngine first = builder().build();
        DfaEngine second = builder().build()) {
      whole.train(DATA, 1);
      whole.train(DATA, 2);
      first.train(DATA, 1);
      first.save(folder);
      LoadReport report = second.load(folder);
      assertThat(report.step()).isEqualTo(5);
      assertThat(second.unfinished()).isFalse();
      second.train(DATA, 2);
      assertThat(second.network().parameters().getFirst().read())
          .isEqualTo(whole.network().parameters().getFirst().read());
    }
  }

  @Test
  void otherSettingsAreRefusedByName(@TempDir Path folder) {
    try (DfaEngine engine = builder().rule("odfa").build()) {
      engine.train(DATA, 1);
      engine.save(folder);
    }
    refuses(
        builder().rule("odfa").seed(6), folder, "seed is 6 in this engine, 5 in the checkpoint");
    refuses(builder().rule("odfa").batch(4), folder, "batch is 4");
    refuses(builder().rule("odfa").learningRate(1e-3), folder, "learning_rates");
    refuses(builder().rule("odfa").optimizer(Optimizer.sgd()), folder, "optimizer.type is Sgd");
    refuses(builder().rule("odfa").dropout(0.1), folder, "dropout is 0.1");
    refuses(builder().rule("odfa").dense(3, Activation.IDENTITY), folder, "layers");
    refuses(
        builder().rule(optical(OpuSettings.defaults().withDrift(new Drift(100, 10)))),
        folder,
        "rule_settings.projector.opu.drift.projections");
    refuses(builder().rule("bp"), folder, "rule is bp");
  }

  private static void refuses(EngineBuilder settings, Path folder, String message) {
    try (DfaEngine engine = settings.build()) {
      List<Float> before = boxed(engine.network().parameters().getFirst().read());
      assertThatThrownBy(() -> engine.load(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(message);
      assertThat(boxed(engine.network().parameters().getFirst().read())).isEqualTo(before);
    }
  }

  @Test
  void otherDataAreRefused(@TempDir Path folder) {
    try (Device device = CpuDevice.open(2);
        DfaEngine built = builder().build()) {
      interrupt(b -> b, device, folder, 4, new ArrayList<>());
      built.load(folder);
      assertThatThrownBy(() -> built.resume(ArrayDataset.classification(43, 11, 4, 9)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("other values");
      assertThatThrownBy(() -> built.resume(ArrayDataset.classification(42, 11, 4, 1)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("43 examples");
      assertThat(built.resume(DATA).steps()).isEqualTo(STEPS);
    }
  }

  @Test
  void anotherThreadCountIsToldInOneLine(@TempDir Path folder) {
    try (Device one = CpuDevice.open(1);
        Device two = CpuDevice.open(2);
        DfaEngine writer = builder().device(one).build();
        DfaEngine reader = builder().device(two).build()) {
      writer.train(DATA, 1);
      writer.save(folder);
      LoadReport report = reader.load(folder);
      assertThat(report.elsewhere()).isEqualTo("device.threads is 2 now, 1 when it was written");
    }
  }
}
