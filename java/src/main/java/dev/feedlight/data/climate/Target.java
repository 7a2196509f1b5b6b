package dev.feedlight.data.climate;

/** What is predicted: a map a year. */
public enum Target {
  /** Surface air temperature. */
  TAS("tas", "K"),
  /** Precipitation. */
  PR("pr", "mm/day"),
  /** Diurnal temperature range. */
  DTR("diurnal_temperature_range", "K"),
  /** 90th percentile of daily precipitation. */
  PR90("pr90", "mm/day");

  private final String variable;
  private final String unit;

  Target(String variable, String unit) {
    this.variable = variable;
    this.unit = unit;
  }

  /**
   * Its name in the files.
   *
   * @return name of the NetCDF variable
   */
  public String variable() {
    return variable;
  }

  /**
   * Its unit in the files.
   *
   * @return for axes and messages
   */
  public String unit() {
    return unit;
  }
}
