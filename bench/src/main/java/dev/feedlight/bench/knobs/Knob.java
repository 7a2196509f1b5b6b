package dev.feedlight.bench.knobs;

import java.util.List;

/**
 * One thing that is turned while all others stay at their defaults.
 *
 * @param name as in result files
 * @param title for people, with the unit
 * @param settings in the order of the picture
 */
record Knob(String name, String title, List<Setting> settings) {
  Knob {
    settings = List.copyOf(settings);
  }

  /**
   * One position.
   *
   * @param label short, for axis and result files
   * @param configuration what is trained
   */
  record Setting(String label, Configuration configuration) {
    /** Whether this is what the project does unless told otherwise. */
    boolean isDefault() {
      return configuration.equals(Configuration.DEFAULT);
    }
  }
}
