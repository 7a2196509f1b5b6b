package dev.feedlight.data.climate;

/** What drives the climate, in the order of the input maps. */
public enum Forcing {
  /** Carbon dioxide emitted since 1850, one number a year, GtCO2. */
  CO2(false),
  /** Methane emitted in the year, one number, GtCH4. */
  CH4(false),
  /** Sulphur dioxide emitted, a map, kg/m2/s. */
  SO2(true),
  /** Black carbon emitted, a map, kg/m2/s. */
  BC(true);

  private final boolean map;

  Forcing(boolean map) {
    this.map = map;
  }

  /**
   * Whether it differs from place to place.
   *
   * @return true for a map a year, false for a number a year
   */
  public boolean isMap() {
    return map;
  }
}
