package dev.feedlight.bench.plot;

import java.util.List;

/**
 * A logarithmic axis.
 *
 * @param title with the unit in brackets
 * @param min lower end, above 0
 * @param max upper end, above {@code min}
 * @param ticks ticks inside the range; those without a label are minor
 */
public record LogAxis(String title, double min, double max, List<Tick> ticks) implements Axis {
  /** Empty share of the axis beyond the outermost data, on either side. */
  private static final double MARGIN = 0.07;

  /** Decades shown around data that is a single value. */
  private static final double LEAST_DECADES = 0.5;

  public LogAxis {
    if (!(min > 0 && min < max && max <= Double.MAX_VALUE)) {
      throw new FigureDataException(
          "a logarithmic axis needs 0 < min < max, not " + min + " to " + max);
    }
    ticks = List.copyOf(ticks);
  }

  /**
   * An axis that holds {@code values} with a margin and has its ticks at round numbers.
   *
   * @throws FigureDataException if there is no value or one is not above 0
   */
  public static LogAxis over(String title, double... values) {
    LogAxis bare = range(title, values);
    return new LogAxis(title, bare.min, bare.max, LogTicks.round(bare.min, bare.max));
  }

  /**
   * An axis that holds {@code values} with a margin and has its ticks at these values, as long as
   * they are few; at round numbers otherwise.
   *
   * @throws FigureDataException if there is no value or one is not above 0
   */
  public static LogAxis at(String title, double... values) {
    LogAxis bare = range(title, values);
    return new LogAxis(title, bare.min, bare.max, LogTicks.at(bare.min, bare.max, values));
  }

  @Override
  public double fraction(double value) {
    return Math.log(value / min) / Math.log(max / min);
  }

  /** The value a share of the axis further on than {@code value}. */
  double shifted(double value, double share) {
    return value * Math.pow(max / min, share);
  }

  private static LogAxis range(String title, double... values) {
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (double value : values) {
      if (!(value > 0 && value <= Double.MAX_VALUE)) {
        throw new FigureDataException(value + " has no place on the logarithmic axis " + title);
      }
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (high == 0) {
      throw new FigureDataException("no values for the axis " + title);
    }
    double missing = Math.max(0, LEAST_DECADES - Math.log10(high / low));
    double margin = MARGIN * Math.log10(high / low) / (1 - 2 * MARGIN);
    double widen = Math.pow(10, Math.max(margin, missing / 2));
    return new LogAxis(title, low / widen, high * widen, List.of());
  }
}
