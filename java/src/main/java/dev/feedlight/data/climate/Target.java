package dev.feedlight.data.climate;

/** What is predicted: a map a year. */
public enum Target {
  /** Surface air temperature. */
  TAS("tas", "temperature", "K"),
  /** Precipitation. */
  PR("pr", "precipitation", "mm/day"),
  /** Diurnal temperature range. */
  DTR("diurnal_temperature_range", "diurnal temperature range", "K"),
  /** 90th percentile of daily precipitation. */
  PR90("pr90", "90th percentile of daily precipitation", "mm/day");

  private final String variable;
  private final String text;
  private final String unit;

  Target(String variable, String text, String unit) {
    this.variable = variable;
    this.text = text;
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
   * What it is.
   *
   * @return for people
   */
  public String text() {
    return text;
  }

  /**
   * The unit of maps that were read; precipitation is brought to it.
   *
   * @return for axes and messages
   */
  public String unit() {
    return unit;
  }
}
