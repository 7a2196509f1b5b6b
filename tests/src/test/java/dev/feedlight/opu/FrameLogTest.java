package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.DeviceException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames that were shown, and the optical time that they would take. */
final class FrameLogTest {
  @Test
  void countsFourFramesAProjectionAndOneAnchor() {
    try (OpticsLab lab = new OpticsLab(1)) {
      EmulatedOpu unit = lab.unit(OpuSettings.defaults(), 10, 20, 1);
      FrameLog log = unit.log();
      assertThat(log.frames()).isEqualTo(1);
      assertThat(log.density()).isZero();
      assertThat(log.positiveShare()).isZero();
      assertThat(log.modelledSeconds()).isZero();
      unit.project(new byte[] {1, 1, 1, 0, 0, 0, 0, 0, 0, -1, 1, 1, 0, 0, 0, 0, 0, 0, 0, -1});
      assertThat(log.projections()).isEqualTo(2);
      assertThat(log.frames()).isEqualTo(9);
      assertThat(log.density()).isEqualTo(7.0 / 20);
      assertThat(log.positiveShare()).isEqualTo(5.0 / 7);
      unit.intensity(new byte[30]);
      assertThat(log.frames()).isEqualTo(12);
      assertThat(log.projections()).isEqualTo(2);
      assertThat(log.modelledSeconds()).isCloseTo(2 / 340.0, within(1e-15));
    }
  }

  @Test
  void aProjectionThatFailsIsNotLogged() {
    try (OpticsLab lab = new OpticsLab(1, 1 << 20)) {
      EmulatedOpu unit = lab.unit(OpuSettings.defaults(), 100, 200, 1);
      assertThatThrownBy(() -> unit.project(new byte[100 * 10_000]))
          .isInstanceOf(DeviceException.class);
      assertThat(unit.log().frames()).isEqualTo(1);
      assertThat(unit.log().projections()).isZero();
      // What comes after has the noise of a first projection.
      byte[] ternary = Patterns.ternary(1, 100, 0.5, 1);
      assertThat(unit.project(ternary))
          .containsExactly(lab.project(OpuSettings.defaults(), 100, 200, 1, ternary));
    }
  }

  @Test
  void clockPresets() {
    assertThat(OpuClock.presets().stream().map(OpuClock::name))
        .containsExactly("paper-fig4", "paper-frames", "paper-language", "lighton-2020");
    assertThat(OpuClock.preset("paper-fig4").seconds(340)).isCloseTo(1, within(1e-12));
    assertThat(OpuClock.preset("paper-frames").seconds(85)).isCloseTo(1, within(1e-12));
    // 5.76e7 projections in 20 hours.
    assertThat(OpuClock.preset("paper-language").seconds(57_600_000))
        .isCloseTo(72_000, within(1e-6));
    assertThat(OpuClock.preset("lighton-2020").seconds(1000)).isCloseTo(2, within(1e-12));
    for (OpuClock clock : OpuClock.presets()) {
      assertThat(clock.source()).as(clock.name()).isNotBlank();
      assertThat(OpuClock.preset(clock.name())).isEqualTo(clock);
    }
    assertThat(OpuSettings.defaults().clock()).isEqualTo(OpuClock.presets().getFirst());
  }

  @Test
  void ownClock() {
    OpuClock clock = OpuClock.ofFrames(250e-6);
    assertThat(clock.seconds(1000)).isCloseTo(1, within(1e-12));
    for (double bad : List.of(0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY)) {
      assertThatThrownBy(() -> OpuClock.ofFrames(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(4 * bad));
    }
  }

  @Test
  void unknownPresetNamesThoseThatThereAre() {
    assertThatThrownBy(() -> OpuClock.preset("sundial"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sundial")
        .hasMessageContaining("paper-fig4")
        .hasMessageContaining("lighton-2020");
  }
}
