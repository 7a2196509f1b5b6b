package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.tensor.ShapeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link Opu} refuses, and that it is then as it was. */
final class OpuBadUseTest {
  private final OpticsLab lab = new OpticsLab(1);

  @AfterEach
  void close() {
    lab.close();
  }

  private OpuBuilder builder() {
    return Opu.builder(lab.device()).outputs(20).seed(1);
  }

  /** What optical units hold of the device's memory. */
  private long owned() {
    return lab.device().memory().scopes().getOrDefault("OPU", 0L);
  }

  private static void assertState(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(parts);
  }

  private static void assertArgument(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void fitComesFirst() {
    try (Opu opu = builder().encoder(BinaryThreshold.at(0)).build()) {
      assertState(() -> opu.transform(new byte[10]), "fit");
      assertState(() -> opu.transform(new float[10]), "fit");
      assertState(() -> opu.intensity(new byte[10]), "fit");
      assertState(() -> opu.linearTransform(new byte[10]), "fit");
      assertState(() -> opu.linearTransform(new float[10]), "fit");
      assertState(opu::inputs, "fit");
      assertState(opu::unit, "fit");
      assertState(opu::encoding, "fit");
    }
  }

  @Test
  void lengthsAreWholeRows() {
    try (Opu opu = builder().encoder(BinaryThreshold.at(0)).build()) {
      opu.fit(10);
      for (int length : new int[] {0, 9, 11, 25}) {
        String[] numbers = {String.valueOf(length), "10"};
        assertArgument(() -> opu.transform(new byte[length]), numbers);
        assertArgument(() -> opu.intensity(new byte[length]), numbers);
        assertArgument(() -> opu.linearTransform(new byte[length]), numbers);
        assertArgument(() -> opu.transform(new float[length]), numbers);
        assertArgument(() -> opu.linearTransform(new float[length]), numbers);
        assertArgument(() -> opu.fit(new byte[length], 10), numbers);
        assertArgument(() -> opu.fit(new float[length], 10), numbers);
        assertArgument(() -> opu.fitTransform(new byte[length], 10), numbers);
      }
      assertUnchanged(opu);
    }
  }

  @Test
  void entriesAreWhatMirrorsShow() {
    try (Opu opu = builder().encoder(BinaryThreshold.at(0)).build()) {
      opu.fit(10);
      byte[] two = new byte[20];
      two[12] = 2;
      byte[] minus = new byte[20];
      minus[12] = -1;
      float[] nan = new float[20];
      nan[12] = Float.NaN;
      assertArgument(() -> opu.transform(two), "entry 12", "2", "BitPlanes");
      assertArgument(() -> opu.transform(minus), "entry 12", "-1");
      assertArgument(() -> opu.intensity(minus), "entry 12", "-1");
      assertArgument(() -> opu.linearTransform(two), "entry 12", "2", "BitPlanes");
      assertArgument(() -> opu.fit(two, 10), "entry 12", "2");
      assertArgument(() -> opu.fitTransform(minus, 10), "entry 12", "-1");
      assertArgument(() -> opu.transform(nan), "entry 2 of row 1", "NaN");
      assertArgument(() -> opu.linearTransform(nan), "entry 2 of row 1", "NaN");
      assertArgument(() -> opu.fit(nan, 10), "entry 2 of row 1", "NaN");
      assertUnchanged(opu);
    }
  }

  /** No frame was shown, the width is the old one, the noise has not moved on. */
  private void assertUnchanged(Opu opu) {
    assertThat(opu.inputs()).isEqualTo(10);
    assertThat(opu.unit().log().frames()).isEqualTo(1);
    byte[] ternary = Patterns.ternary(1, 10, 0.5, 1);
    assertThat(opu.linearTransform(ternary))
        .containsExactly(lab.project(OpuSettings.defaults(), 10, 20, 1, ternary));
  }

  @Test
  void aFitThatFailsLeavesTheOldOne() {
    OpuSettings small = OpuSettings.defaults().withDmd(new Dmd(100));
    try (Opu opu = builder().settings(small).encoder(BitPlanes.signed(3)).build()) {
      float[] rows = new float[30];
      rows[7] = 1;
      opu.fit(rows, 10);
      long bytes = owned();
      assertThatThrownBy(() -> opu.fit(new byte[202], 101))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll("101", "100");
      assertThatThrownBy(() -> opu.fit(0)).isInstanceOf(ShapeException.class);
      assertState(() -> opu.fit(12), "3 bit planes", "upTo");
      assertArgument(() -> opu.fit(new float[20], 10), "all 20 entries are 0");
      assertThat(owned()).isEqualTo(bytes);
      assertThat(opu.inputs()).isEqualTo(10);
      assertThat(opu.encoding().weight(0)).isEqualTo(1f / 7);
    }
  }

  @Test
  void tooManyPixelsAreRefusedByAFit() {
    long bytes = owned();
    try (Opu opu = builder().outputs(3_000_000).build()) {
      assertThatThrownBy(() -> opu.fit(10))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll("3000000", "2219520");
      assertThat(owned()).isEqualTo(bytes);
    }
  }

  @Test
  void floatsNeedAnEncoder() {
    try (Opu opu = builder().build()) {
      opu.fit(10);
      assertState(() -> opu.transform(new float[10]), "encoder");
      assertState(() -> opu.linearTransform(new float[10]), "encoder");
      assertState(() -> opu.fit(new float[10], 10), "encoder");
      assertState(opu::encoding, "encoder");
    }
  }

  @Test
  void bytesNeedACameraOfBytes() {
    Camera camera = Camera.defaults();
    Camera[] others = {
      camera.withBits(9),
      camera.withBits(12),
      camera.withSaturation(false),
      new Camera(8, false, true, 0.25, 0, 0)
    };
    for (Camera other : others) {
      OpuSettings settings = OpuSettings.defaults().withCamera(other);
      try (Opu opu = builder().settings(settings).encoder(BinaryThreshold.at(0)).build()) {
        assertState(() -> opu.fitTransform(new byte[10], 10), "intensity(...)");
        assertState(() -> opu.fitTransform(new float[10], 10), "intensity(...)");
        assertState(opu::inputs, "fit");
        opu.fit(10);
        assertState(
            () -> opu.transform(new byte[10]), other.bits() + " bits", "8 bits", "intensity(...)");
        assertState(() -> opu.transform(new float[10]), "intensity(...)");
        assertThat(opu.intensity(new byte[10])).hasSize(20);
      }
    }
    OpuSettings coarse = OpuSettings.defaults().withCamera(camera.withBits(4));
    try (Opu opu = builder().settings(coarse).build()) {
      assertThat(opu.fitTransform(new byte[10], 10)).hasSize(20);
    }
  }

  @Test
  void closedIsClosed() {
    long bytes = owned();
    Opu opu = builder().build();
    opu.fit(10);
    opu.fit(50);
    assertThat(owned()).isGreaterThan(bytes);
    opu.close();
    opu.close();
    assertThat(owned()).isEqualTo(bytes);
    assertState(() -> opu.fit(10), "closed");
    assertState(() -> opu.transform(new byte[10]), "closed");
    assertState(() -> opu.linearTransform(new byte[10]), "closed");
  }

  @Test
  void buildersAsk() {
    assertState(() -> Opu.builder(lab.device()).build(), "outputs");
    assertArgument(() -> builder().outputs(0), "0");
    assertArgument(() -> builder().outputs(-3), "-3");
    assertArgument(() -> builder().preset("sundial"), "sundial", "default", "lighton-2020");
  }
}
