package dev.feedlight.opu;

import java.util.List;

/**
 * Units by name, with where their numbers come from. What a source does not say is the default's.
 *
 * @param name as on the command line
 * @param settings the unit
 * @param source provenance, in one sentence
 */
public record OpuPreset(String name, OpuSettings settings, String source) {
  /**
   * All presets.
   *
   * @return the default first
   */
  public static List<OpuPreset> all() {
    OpuSettings unit = OpuSettings.defaults();
    return List.of(
        new OpuPreset(
            "default",
            unit,
            "mirrors, pixels and bits of LightOn's driver, noise of a published run of a real unit,"
                + " exposure and read-out ours"),
        new OpuPreset("ideal", OpuSettings.ideal(), "the formula; no such unit exists"),
        new OpuPreset(
            "paper-fig4",
            unit.withClock(OpuClock.PAPER_FIG4),
            "the default with 2.94 ms a projection: the paper's 340 Hz read as projections, which"
                + " fits its Fig. 4 (ours)"),
        new OpuPreset(
            "paper-language",
            unit.withClock(OpuClock.PAPER_LANGUAGE),
            "the default with 1.25 ms a projection: the paper's 20 h for 5.76e7 tokens"),
        new OpuPreset(
            "paper-frames",
            unit.withClock(OpuClock.PAPER_FRAMES),
            "the default with four frames of 1/340 s: the paper's 340 Hz read as frames (ours)"),
        new OpuPreset(
            "lighton-2020",
            unit.withDmd(unit.dmd().withMacropixels(true)).withClock(OpuClock.LIGHTON_2020),
            "LightOn's driver: macropixels, 500 us a frame"));
  }

  /**
   * A preset by name.
   *
   * @param name of the preset
   * @return the preset
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static OpuPreset named(String name) {
    return all().stream()
        .filter(preset -> preset.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no optical unit is called "
                        + name
                        + "; there are "
                        + all().stream().map(OpuPreset::name).toList()));
  }
}
