package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Units by name. */
final class OpuPresetTest {
  @Test
  void namesLeadToUnits() {
    assertThat(OpuPreset.all().stream().map(OpuPreset::name))
        .containsExactly(
            "default", "ideal", "paper-fig4", "paper-language", "paper-frames", "lighton-2020");
    for (OpuPreset preset : OpuPreset.all()) {
      assertThat(OpuPreset.named(preset.name())).isEqualTo(preset);
      assertThat(preset.source()).as(preset.name()).isNotBlank();
    }
    assertThat(OpuPreset.named("default").settings()).isEqualTo(OpuSettings.defaults());
    assertThat(OpuPreset.named("ideal").settings()).isEqualTo(OpuSettings.ideal());
    assertThat(OpuPreset.all().getFirst().name()).isEqualTo("default");
  }

  /** Presets differ from the default by what their sources say, and by no more. */
  @Test
  void presetsSayWhatTheirSourcesSay() {
    OpuSettings unit = OpuSettings.defaults();
    for (String name : new String[] {"paper-fig4", "paper-language", "paper-frames"}) {
      assertThat(OpuPreset.named(name).settings()).isEqualTo(unit.withClock(OpuClock.preset(name)));
    }
    OpuSettings real = OpuPreset.named("lighton-2020").settings();
    assertThat(real.dmd()).isEqualTo(new Dmd(912 * 1140, true));
    assertThat(real.clock()).isEqualTo(OpuClock.LIGHTON_2020);
    assertThat(real.withDmd(unit.dmd()).withClock(unit.clock())).isEqualTo(unit);
  }

  @Test
  void anUnknownNameListsThoseThatThereAre() {
    assertThatThrownBy(() -> OpuPreset.named("sundial"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("sundial", "default", "ideal", "paper-language", "lighton-2020");
  }
}
