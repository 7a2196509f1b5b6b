package dev.feedlight.data.climate;

/** A kind of target: what follows from it is one unit, one metric, one choice of colours. */
public enum Quantity {
  /** A temperature, or a difference of two. */
  TEMPERATURE("K"),
  /** Rain and snow. */
  PRECIPITATION("mm/day");

  private final String unit;

  Quantity(String unit) {
    this.unit = unit;
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
