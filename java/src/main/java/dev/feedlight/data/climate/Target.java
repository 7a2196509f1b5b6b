package dev.feedlight.data.climate;

/** What is predicted: a map a year. */
public enum Target {
  /** Surface air temperature. */
  TAS("tas", "temperature", Quantity.TEMPERATURE),
  /** Precipitation. */
  PR("pr", "precipitation", Quantity.PRECIPITATION),
  /** Diurnal temperature range. */
  DTR("diurnal_temperature_range", "diurnal temperature range", Quantity.TEMPERATURE),
  /** 90th percentile of daily precipitation. */
  PR90("pr90", "90th percentile of daily precipitation", Quantity.PRECIPITATION);

  private final String variable;
  private final String text;
  private final Quantity quantity;

  Target(String variable, String text, Quantity quantity) {
    this.variable = variable;
    this.text = text;
    this.quantity = quantity;
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
   * Whether it is a temperature or precipitation.
   *
   * @return its kind
   */
  public Quantity quantity() {
    return quantity;
  }

  /**
   * The unit of maps that were read.
   *
   * @return that of its quantity
   */
  public String unit() {
    return quantity.unit();
  }
}
