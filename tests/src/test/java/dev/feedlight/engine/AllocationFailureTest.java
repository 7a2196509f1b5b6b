package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.opu.Drift;
import dev.feedlight.opu.LinearReadout;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.PixelSelection;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An engine that gets no memory leaves nothing behind and does not touch its neighbour. */
final class AllocationFailureTest {
  private static final ArrayDataset DATA = ArrayDataset.classification(24, 11, 4, 1);

  private static EngineBuilder first() {
    return DfaEngine.builder()
        .inputs(11)
        .dense(13, Activation.TANH)
        .dense(4, Activation.IDENTITY)
        .rule("odfa")
        .batch(8);
  }

  /** Optics with all that they can have, stored gradients, masks, a probe. */
  private static EngineBuilder second() {
    OpuSettings opu =
        OpuSettings.defaults()
            .withDrift(new Drift(200, 24))
            .withReadout(LinearReadout.defaults().withSelection(new PixelSelection(2, 0.01)));
    return DfaEngine.builder()
        .inputs(11)
        .dense(21, Activation.GELU)
        .dense(19, Activation.TANH)
        .dense(4, Activation.IDENTITY)
        .rule(new DirectFeedback(new OpticalProjector(opu)))
        .dropout(0.2)
        .clipGlobalNorm(1)
        .alignmentEvery(2)
        .batch(8);
  }

  private static List<Integer> bits(DfaEngine engine) {
    List<Integer> bits = new ArrayList<>();
    for (Parameter parameter : engine.network().parameters()) {
      for (float value : parameter.read()) {
        bits.add(Float.floatToRawIntBits(value));
      }
    }
    return bits;
  }

  private static List<Integer> undisturbed() {
    try (DfaEngine engine = first().device(CpuDevice.open(1)).build();
        Device device = engine.device()) {
      engine.train(DATA, 2);
      engine.train(DATA, 2);
      assertThat(device.memory().liveBytes()).isPositive();
      return bits(engine);
    }
  }

  @Test
  void everyAllocationMayFail() {
    List<Integer> expected = undisturbed();
    int failures = 0;
    try (Device device = CpuDevice.open(1)) {
      for (boolean failed = true; failed; failures++) {
        try (DfaEngine engine = first().device(device).build()) {
          engine.train(DATA, 2);
          Map<String, Long> before = owned(device);
          FailingDevice failing = new FailingDevice(device, failures);
          EngineBuilder other = second().device(failing);
          failed = refused(other, "allocation " + failures + " fails");
          assertThat(failing.hasFailed()).isEqualTo(failed);
          assertThat(owned(device)).isEqualTo(before);
          engine.train(DATA, 2);
          assertThat(bits(engine)).as("after failure %d", failures).isEqualTo(expected);
        }
      }
    }
    // Two parameters, two states and a gradient for each of three blocks, activations, optics.
    assertThat(failures).isGreaterThan(50);
  }

  /** Raised from one failure to the next, so that every claim on the capacity fails once. */
  @Test
  void everyCapacityRefusesOrIsEnough() {
    List<Integer> expected = undisturbed();
    long needed = second().memory().peakBytes();
    long least = peakOfFirst();
    boolean failed = true;
    int atAllocation = 0;
    for (long extra = 0; failed; extra += extra < needed ? needed / 8 : 1500) {
      try (Device device = CpuDevice.open(1, least + extra);
          DfaEngine engine = first().device(device).build()) {
        engine.train(DATA, 2);
        Map<String, Long> before = owned(device);
        long room = device.memory().capacityBytes() - device.memory().liveBytes();
        failed = refused(second().device(device), room < needed ? "does not fit" : "cannot");
        atAllocation += failed && room >= needed ? 1 : 0;
        assertThat(owned(device)).isEqualTo(before);
        engine.train(DATA, 2);
        assertThat(bits(engine)).isEqualTo(expected);
      }
    }
    // Kernels want scratch beside what the estimate knows.
    assertThat(atAllocation).isPositive();
  }

  private static long peakOfFirst() {
    try (Device device = CpuDevice.open(1);
        DfaEngine engine = first().device(device).build()) {
      engine.train(DATA, 2);
      return device.memory().peakBytes();
    }
  }

  private static boolean refused(EngineBuilder builder, String message) {
    try (DfaEngine engine = builder.build()) {
      engine.train(DATA, 1);
      return false;
    } catch (DeviceException e) {
      assertThat(e).hasMessageContaining(message);
      return true;
    }
  }

  /** Live bytes by scope, without what kernels keep for whoever comes. */
  static Map<String, Long> owned(Device device) {
    Map<String, Long> scopes = device.memory().scopes();
    scopes.remove("kernel scratch");
    return scopes;
  }

  @Test
  void aRefusalByTheSystemNamesWhatIsLiveAndLeavesNothing() {
    try (Device device = CpuDevice.open(1, Long.MAX_VALUE);
        Scope scope = device.openScope("scope")) {
      scope.allocate("small", Shape.vector(25), DType.F32);
      // More than the 2^47 bytes that a process can address on x86-64.
      assertThatThrownBy(() -> scope.allocate("huge", new Shape(1 << 24, 1 << 25), DType.U8))
          .isInstanceOf(DeviceException.class)
          .hasCauseInstanceOf(OutOfMemoryError.class)
          .hasMessageContainingAll(
              "the system refuses 562949953421312 bytes for huge in scope scope",
              "100 bytes are live (peak 100) of " + Long.MAX_VALUE,
              "largest scopes: [scope 100]");
      assertThat(device.memory().liveBytes()).isEqualTo(100);
      assertThat(device.memory().peakBytes()).isEqualTo(100);
      float[] values = new float[7];
      Arrays.fill(values, 3);
      device.write(scope.allocate("more", Shape.vector(7), DType.F32), values);
      assertThat(scope.bytes()).isEqualTo(128);
    }
  }

  @Test
  void anEngineThatTheSystemRefusesLeavesItsNeighbourAlone() {
    List<Integer> expected = undisturbed();
    try (Device device = CpuDevice.open(1, Long.MAX_VALUE);
        DfaEngine engine = first().device(device).build()) {
      engine.train(DATA, 2);
      long live = device.memory().liveBytes();
      EngineBuilder huge =
          DfaEngine.builder()
              .device(device)
              .inputs(1 << 24)
              .dense(1 << 24, Activation.TANH)
              .dense(4, Activation.IDENTITY)
              .batch(8);
      assertThatThrownBy(huge::build)
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("the system refuses 1125899906842624 bytes for dense1.weight");
      assertThat(device.memory().liveBytes()).isEqualTo(live);
      engine.train(DATA, 2);
      assertThat(bits(engine)).isEqualTo(expected);
    }
  }
}
