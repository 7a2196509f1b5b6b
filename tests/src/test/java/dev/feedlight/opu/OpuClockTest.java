package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.opu.OpuClock.FrameTiming;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modelled time of a region and modelled energy. */
final class OpuClockTest {
  /** Rows of 2040 pixels at 2.703 us, at least 64 of them; 400 us of exposure, 50 us between. */
  @ParameterizedTest
  @CsvSource({
    "1, 64",
    "130560, 64",
    "130561, 65",
    "301920, 148",
    "301921, 149",
    "1000000, 491",
    "2219520, 1088"
  })
  void aFrameReadsTheRowsOfItsRegion(long region, int rows) {
    double expected = Math.max(rows / (340.0 * 1088), 400e-6) + 50e-6;
    assertThat(FrameTiming.LIGHTON.frameSeconds(region)).isCloseTo(expected, within(1e-12));
    OpuClock clock = OpuClock.ofRegion(region, FrameTiming.LIGHTON);
    assertThat(clock.secondsPerProjection()).isCloseTo(4 * expected, within(1e-12));
  }

  /** 148 rows take 400.1 us: below, exposure decides. */
  @Test
  void exposureDecidesForSmallRegions() {
    FrameTiming timing = FrameTiming.LIGHTON;
    assertThat(timing.frameSeconds(147 * 2040)).isCloseTo(450e-6, within(1e-12));
    assertThat(timing.frameSeconds(148 * 2040)).isGreaterThan(450.05e-6);
    // The whole sensor: 340 Hz but for the gap.
    assertThat(1 / (timing.frameSeconds(2040 * 1088) - 50e-6)).isCloseTo(340, within(1e-9));
  }

  /** Selection reads more pixels than it uses, and they take their time. */
  @Test
  void aRegionCountsThePixelsThatSelectionLeavesOut() {
    try (OpticsLab lab = new OpticsLab(1)) {
      LinearReadout bright = LinearReadout.defaults().withSelection(PixelSelection.bright());
      OpuSettings settings = OpuSettings.defaults().withReadout(bright);
      long region = lab.unit(settings, 16, 10_000, 1).calibration().region();
      assertThat(region).isEqualTo(14_000);
      FrameTiming slow = new FrameTiming(100, 1, 1e-3, 0, 0);
      assertThat(slow.frameSeconds(region)).isCloseTo(0.14, within(1e-12));
    }
  }

  @Test
  void energyIsPowerTimesTime() {
    for (OpuClock clock : OpuClock.presets()) {
      assertThat(clock.watts()).as(clock.name()).isEqualTo(30);
      assertThat(clock.joules(1000))
          .as(clock.name())
          .isEqualTo(clock.watts() * clock.seconds(1000));
      assertThat(clock.joules(0)).isZero();
    }
    // 30 W at 340 projections a second.
    assertThat(OpuClock.PAPER_FIG4.joules(340)).isCloseTo(30, within(1e-12));
    OpuClock own = new OpuClock("own", 0.5, 0, "test");
    assertThat(own.joules(10)).isZero();
  }

  @Test
  void theLogHasTheEnergyOfItsProjections() {
    try (OpticsLab lab = new OpticsLab(1)) {
      OpuSettings settings = OpuSettings.defaults().withClock(OpuClock.LIGHTON_2020);
      EmulatedOpu unit = lab.unit(settings, 10, 20, 1);
      assertThat(unit.log().modelledJoules()).isZero();
      unit.project(new byte[30]);
      unit.intensity(new byte[10]);
      // Three projections of 2 ms at 30 W; raw frames are not counted.
      assertThat(unit.log().modelledJoules()).isCloseTo(0.18, within(1e-12));
    }
  }

  @Test
  void timesAndPowersHaveRanges() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    assertBad(() -> new OpuClock("x", 0, 30, ""), "0.0");
    assertBad(() -> new OpuClock("x", nan, 30, ""), "NaN");
    assertBad(() -> new OpuClock("x", 1, -1, ""), "-1.0");
    assertBad(() -> new OpuClock("x", 1, nan, ""), "NaN");
    assertBad(() -> new OpuClock("x", 1, inf, ""), "Infinity");
    assertBad(() -> new FrameTiming(0, 1, 1, 1, 1), "width 0");
    assertBad(() -> new FrameTiming(1, 0, 1, 1, 1), "rows 0");
    assertBad(() -> new FrameTiming(1, 1, -1, 1, 1), "-1.0");
    assertBad(() -> new FrameTiming(1, 1, 1, nan, 1), "NaN");
    assertBad(() -> new FrameTiming(1, 1, 1, 1, -0.5), "-0.5");
    assertBad(() -> new FrameTiming(1, 1, 0, 0, 0), "not all 0");
    assertBad(() -> new FrameTiming(1, 1, inf, 0, 0), "Infinity");
    assertBad(() -> FrameTiming.LIGHTON.frameSeconds(0), "0");
  }

  private static void assertBad(ThrowingCallable call, String number) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(number);
  }
}
