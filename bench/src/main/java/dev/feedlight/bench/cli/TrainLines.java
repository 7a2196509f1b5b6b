package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.MemoryEstimate;
import dev.feedlight.TrainingResult;
import dev.feedlight.bench.device.DeviceRates;
import dev.feedlight.device.Device;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.opu.FrameLog;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lines about a training run that are the same for all networks.
 *
 * @param out where to
 */
record TrainLines(PrintStream out) {
  /** What the run holds, once all of it is allocated. */
  void memory(DfaEngine engine) {
    MemoryReport memory = engine.memory();
    print("memory", "%s live: %s", bytes(memory.liveBytes()), scopes(memory.scopes()));
  }

  /** What a run would hold that is not made. */
  void memory(MemoryEstimate estimate, MemoryReport memory, String otherwise) {
    print(
        "memory",
        "%s needed: %s; %s live of %s%s",
        bytes(estimate.peakBytes()),
        scopes(estimate.scopes()),
        bytes(memory.liveBytes()),
        bytes(memory.capacityBytes()),
        estimate.fits(memory) ? "" : ": " + otherwise);
  }

  void plan(DfaEngine engine, DeviceRates rates) {
    out.println();
    out.println(engine.plan());
    out.println();
    print(
        "floor",
        "%.3f ms per step at %.0f GFLOP/s and %.1f GB/s, both just measured",
        1e3 * engine.plan().floorSeconds(rates.flopsPerSecond(), rates.bytesPerSecond()),
        rates.flopsPerSecond() * 1e-9,
        rates.bytesPerSecond() * 1e-9);
    memory(engine);
  }

  /** What the optics did, if there are any. */
  void optics(DfaEngine engine, LearningRule rule, TrainingResult trained) {
    FrameLog frames = engine.frameLog();
    if (frames != null) {
      print(
          "optics",
          "%,d projections, %,d frames, ternary density %.3f; modelled %.1f s by clock %s (a model,"
              + " not measured)",
          frames.projections(),
          frames.frames(),
          frames.density(),
          trained.modelledOpticalSeconds(),
          RuleOptions.optics(rule).opu().clock().name());
    }
  }

  /** Adds where a run was to its JSON object. */
  static JsonLine putDevice(JsonLine line, Device device) {
    return line.put("device", device.name())
        .put("threads", device.threads())
        .put("dtype", device.precision().label());
  }

  /** Adds the optics, if there are any, to the JSON object of a run. */
  static JsonLine putOptics(
      JsonLine line, DfaEngine engine, LearningRule rule, TrainingResult trained) {
    FrameLog frames = engine.frameLog();
    if (frames == null) {
      return line;
    }
    OpticalProjector optics = RuleOptions.optics(rule);
    return line.put("optics", OpticsOptions.describe(optics.opu()))
        .put("transmission", optics.opu().matrix().toString())
        .put("bits", optics.opu().camera().quantised() ? optics.opu().camera().bits() : null)
        .put("ternary", TernaryRuleConverter.text(optics.ternaryRule()))
        .put("signal_scale", SignalScaleConverter.text(optics.scale()))
        .put("ternary_density", frames.density())
        .put("frames", frames.frames())
        .put("clock", optics.opu().clock().name())
        .put("modelled_optical_seconds", trained.modelledOpticalSeconds());
  }

  /** In how many passes a batch goes, and how gradients are clipped, where that is not usual. */
  static String gradients(int microBatches, Double clipNorm) {
    return (microBatches == 1 ? "" : " in " + microBatches + " passes")
        + (clipNorm == null ? "" : ", gradients clipped to " + number(clipNorm));
  }

  /** When a run gives up, if it does. */
  static String earlyStop(Integer patience) {
    return patience == null ? "" : ", stops after " + patience + " without progress";
  }

  static String name(TrainingResult.Ending ending) {
    return ending.name().toLowerCase(Locale.ROOT);
  }

  static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toString();
  }

  private static String scopes(Map<String, Long> scopes) {
    return scopes.entrySet().stream()
        .filter(scope -> scope.getValue() > 0)
        .map(scope -> scope.getKey() + " " + bytes(scope.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String bytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes * 1e-6);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  void print(String what, String format, Object... values) {
    out.println(
        String.format(Locale.ROOT, "%-9s ", what) + String.format(Locale.ROOT, format, values));
  }
}
