package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.MemoryEstimate;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.opu.Dmd;
import dev.feedlight.opu.Drift;
import dev.feedlight.opu.LinearReadout;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.PixelSelection;
import dev.feedlight.opu.Sensor;
import dev.feedlight.opu.TransmissionMatrix;
import dev.feedlight.tensor.ShapeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an engine will take is known, to the byte, before it takes it. */
final class MemoryEstimateTest {
  private static final String SCRATCH = "kernel scratch";
  private static final ArrayDataset DATA = ArrayDataset.classification(24, 11, 4, 1);

  private static DirectFeedback optical(OpuSettings settings) {
    return new DirectFeedback(new OpticalProjector(settings));
  }

  static Map<String, LearningRule> rules() {
    OpuSettings opu = OpuSettings.defaults();
    LinearReadout selecting = LinearReadout.defaults().withSelection(new PixelSelection(2, 0.01));
    Map<String, LearningRule> rules = new LinkedHashMap<>();
    for (String name : List.of("bp", "dfa", "odfa", "shlw")) {
      rules.put(name, LearningRules.named(name));
    }
    rules.put(
        "dfa, last input",
        new DirectFeedback(new RandomMatrix(), ProjectedError.LAST_BLOCK_INPUT, true));
    rules.put(
        "odfa, last input",
        new DirectFeedback(new OpticalProjector(), ProjectedError.LAST_BLOCK_INPUT, false));
    for (TransmissionMatrix matrix : TransmissionMatrix.values()) {
      if (!matrix.everywhere()) {
        continue;
      }
      rules.put("odfa, " + matrix, optical(opu.withMatrix(matrix)));
      rules.put(
          "odfa, drifting, selected, defects, " + matrix,
          optical(
              opu.withMatrix(matrix)
                  .withDrift(new Drift(200, 24))
                  .withSensor(Sensor.defaults().withDefects(0.1, 0.1))
                  .withReadout(selecting)));
    }
    rules.put("odfa, drifting", optical(opu.withDrift(new Drift(200, 24))));
    rules.put("odfa, defects", optical(opu.withSensor(Sensor.defaults().withDefects(0.1, 0))));
    rules.put("odfa, selected", optical(opu.withReadout(selecting)));
    rules.put("odfa, macropixels", optical(opu.withDmd(Dmd.defaults().withMacropixels(true))));
    return rules;
  }

  private static Map<String, UnaryOperator<EngineBuilder>> settings() {
    Map<String, UnaryOperator<EngineBuilder>> all = new LinkedHashMap<>();
    all.put("adam", b -> b);
    all.put("sgd", b -> b.optimizer(Optimizer.sgd()));
    all.put("momentum, clipped", b -> b.optimizer(Optimizer.momentum(0.9f)).clipGlobalNorm(1));
    all.put("dropout", b -> b.dropout(0.3));
    all.put("mean squared error", b -> b.loss(Loss.MEAN_SQUARED_ERROR));
    return all;
  }

  private static EngineBuilder builder() {
    return DfaEngine.builder().inputs(11).batch(8).seed(5);
  }

  static List<EngineBuilder> networks() {
    List<EngineBuilder> networks = new ArrayList<>();
    EngineBuilder every = builder();
    int width = 9;
    for (Activation activation : Activation.values()) {
      every.dense(width++, activation);
    }
    networks.add(every.dense(4, Activation.IDENTITY));
    networks.add(builder().dense(17, Activation.TANH).dense(4, Activation.IDENTITY));
    networks.add(builder().dense(4, Activation.IDENTITY));
    return networks;
  }

  /** Every rule under one setting, the plain ones under all. */
  @Test
  void theEstimateIsWhatIsAllocated() {
    List<Map.Entry<String, UnaryOperator<EngineBuilder>>> settings =
        List.copyOf(settings().entrySet());
    try (Device device = CpuDevice.open(1)) {
      int number = 0;
      for (Map.Entry<String, LearningRule> rule : rules().entrySet()) {
        for (int i = 0; i < settings.size(); i++) {
          if (number < 4 || i == number % settings.size()) {
            EngineBuilder network = networks().getFirst().rule(rule.getValue());
            String what = rule.getKey() + ", " + settings.get(i).getKey();
            compare(what, settings.get(i).getValue().apply(network), device);
          }
        }
        number++;
      }
      compare("one block", networks().getLast().rule("dfa"), device);
    }
  }

  @Test
  @Tag("exhaustive")
  void theEstimateIsWhatIsAllocatedUnderAllSettings() {
    try (Device device = CpuDevice.open(1)) {
      rules()
          .forEach(
              (rule, learning) ->
                  settings()
                      .forEach(
                          (name, change) -> {
                            for (EngineBuilder network : networks()) {
                              String what = rule + ", " + name;
                              compare(what, change.apply(network.rule(learning)), device);
                            }
                          }));
    }
  }

  @Test
  void microBatchesAndTheProbeAreCounted() {
    try (Device device = CpuDevice.open(1)) {
      for (String rule : List.of("bp", "dfa", "odfa")) {
        EngineBuilder network = networks().getFirst().rule(rule).accumulate(4).dropout(0.3);
        compare(rule, network.alignmentEvery(2), device);
        compare(rule + ", clipped", network.clipGlobalNorm(1), device);
      }
    }
  }

  /** Builds the engine on a device that nobody else uses. */
  static MemoryEstimate compare(String what, EngineBuilder settings, Device device) {
    MemoryEstimate estimate = settings.device(device).memory();
    try (DfaEngine engine = settings.build()) {
      Map<String, Long> actual = new LinkedHashMap<>(engine.memory().scopes());
      actual.remove(SCRATCH);
      assertThat(actual).as(what).isEqualTo(estimate.scopes());
      assertThat(estimate.bytes()).isEqualTo(actual.values().stream().mapToLong(l -> l).sum());
    }
    return estimate;
  }

  /** The peak, calibration included: not too low, and too high by the probe at most. */
  @Test
  void thePeakIsThatOfCalibration() {
    rules()
        .forEach(
            (rule, learning) -> {
              for (int width : new int[] {11, 700}) {
                EngineBuilder settings =
                    DfaEngine.builder()
                        .inputs(11)
                        .dense(width, Activation.TANH)
                        .dense(4, Activation.IDENTITY)
                        .rule(learning)
                        .optimizer(Optimizer.sgd())
                        .batch(8);
                MemoryEstimate estimate = settings.memory();
                try (Device device = CpuDevice.open(1);
                    DfaEngine engine = settings.device(device).build()) {
                  engine.train(DATA, 1);
                  MemoryReport memory = device.memory();
                  long scratch = memory.scopes().getOrDefault(SCRATCH, 0L);
                  // Scratch that grows is there twice for a moment.
                  assertThat(memory.peakBytes())
                      .as(rule)
                      .isBetween(estimate.peakBytes(), estimate.peakBytes() + 2 * scratch);
                }
              }
            });
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsAllocated() {
    EngineBuilder settings = networks().getFirst().rule("dfa").clipGlobalNorm(1);
    MemoryEstimate estimate = settings.memory();
    try (Device device = CpuDevice.open(1, estimate.peakBytes() - 1)) {
      assertThat(estimate.fits(device.memory())).isFalse();
      assertThatThrownBy(() -> settings.device(device).build())
          .isInstanceOf(DeviceException.class)
          .hasMessageContainingAll(
              "does not fit",
              "needs " + estimate.peakBytes(),
              "weights " + estimate.scopes().get("weights"),
              "optimizer state " + estimate.scopes().get("optimizer state"),
              "gradients " + estimate.scopes().get("gradients"),
              "activations " + estimate.scopes().get("activations"),
              "feedback " + estimate.scopes().get("feedback"),
              "0 are live of a capacity of " + (estimate.peakBytes() - 1));
      assertThat(device.memory().peakBytes()).isZero();
      assertThat(device.memory().scopes()).isEmpty();
    }
  }

  @Test
  void whatNoMachineHasIsRefusedAtOnce() {
    EngineBuilder wide =
        DfaEngine.builder()
            .inputs(2_000_000)
            .dense(2_000_000, Activation.TANH)
            .dense(10, Activation.IDENTITY);
    long begin = System.nanoTime();
    assertThatThrownBy(wide::build)
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("weights 16000088000040");
    // Minutes, if 16 TB of weights were to be initialised first.
    assertThat((System.nanoTime() - begin) * 1e-9).isLessThan(20);
  }

  @Test
  void whatNoLongHoldsIsRefused() {
    EngineBuilder wide =
        DfaEngine.builder()
            .inputs(1L << 29)
            .dense(1L << 29, Activation.TANH)
            .dense(1L << 29, Activation.TANH)
            .dense(1L << 29, Activation.IDENTITY)
            .clipGlobalNorm(1);
    assertThatThrownBy(wide::memory)
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("2^63 bytes");
  }
}
