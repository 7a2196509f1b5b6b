package dev.feedlight.bench.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear axis.
 *
 * @param title with the unit in brackets
 * @param min lower end
 * @param max upper end, above {@code min}
 * @param ticks ticks inside the range; those without a label are minor
 */
public record LinearAxis(String title, double min, double max, List<Tick> ticks) implements Axis {
  /** Empty share of the axis beyond the outermost data, on either side. */
  private static final double MARGIN = 0.04;

  /** No more labelled ticks than this at round numbers. */
  private static final int MOST_TICKS = 10;

  /** Checks the range. */
  public LinearAxis {
    if (!(min < max && Double.isFinite(max - min))) {
      throw new FigureDataException("a linear axis needs min < max, not " + min + " to " + max);
    }
    ticks = List.copyOf(ticks);
  }

  /**
   * An axis with these ends and ticks at round numbers.
   *
   * @throws FigureDataException if {@code min} is not below {@code max}
   */
  public static LinearAxis between(String title, double min, double max) {
    LinearAxis bare = new LinearAxis(title, min, max, List.of());
    return new LinearAxis(title, min, max, bare.roundTicks());
  }

  /**
   * An axis that holds {@code values} with a margin and has its ticks at round numbers.
   *
   * @throws FigureDataException if there is no value or one is not finite
   */
  public static LinearAxis over(String title, double... values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new FigureDataException(value + " has no place on the linear axis " + title);
      }
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (values.length == 0) {
      throw new FigureDataException("no values for the axis " + title);
    }
    double single = low == 0 ? 1 : Math.abs(low) / 2;
    double margin = low == high ? single : MARGIN * (high - low) / (1 - 2 * MARGIN);
    return between(title, low - margin, high + margin);
  }

  /**
   * An axis of names instead of numbers: the first stands at 0, the next at 1 and so on.
   *
   * @throws FigureDataException if there is no name
   */
  public static LinearAxis categories(String title, List<String> names) {
    if (names.isEmpty()) {
      throw new FigureDataException("no names for the axis " + title);
    }
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      ticks.add(new Tick(i, names.get(i)));
    }
    return new LinearAxis(title, -0.5, names.size() - 0.5, ticks);
  }

  @Override
  public double fraction(double value) {
    return (value - min) / (max - min);
  }

  /** Labels at multiples of 1, 2 or 5 times a power of ten, minor ticks between them. */
  private List<Tick> roundTicks() {
    BigDecimal step = step();
    int minors = step.unscaledValue().intValue() == 2 ? 4 : 5;
    BigDecimal minor = step.divide(new BigDecimal(minors));
    List<Tick> ticks = new ArrayList<>();
    // As decimals, so that an end of 0.81 has a tick.
    BigDecimal end = BigDecimal.valueOf(max);
    BigDecimal first = BigDecimal.valueOf(min).divide(minor, 0, RoundingMode.CEILING);
    for (BigDecimal i = first; i.multiply(minor).compareTo(end) <= 0; i = i.add(BigDecimal.ONE)) {
      BigDecimal value = i.multiply(minor);
      boolean labelled = i.remainder(new BigDecimal(minors)).signum() == 0;
      ticks.add(new Tick(value.doubleValue(), labelled ? label(value) : ""));
    }
    return ticks;
  }

  /** The smallest of 1, 2, 5, 10, 20 ... that gives few enough ticks, at any power of ten. */
  private BigDecimal step() {
    int power = (int) Math.floor(Math.log10((max - min) / MOST_TICKS));
    for (int digit : new int[] {1, 2, 5}) {
      BigDecimal step = new BigDecimal(digit).scaleByPowerOfTen(power);
      if ((max - min) / step.doubleValue() <= MOST_TICKS) {
        return step;
      }
    }
    return BigDecimal.ONE.scaleByPowerOfTen(power + 1);
  }

  private static String label(BigDecimal value) {
    if (value.signum() == 0) {
      return "0";
    }
    String size = LogTicks.label(value.abs().doubleValue());
    return value.signum() < 0 ? "\u2212" + size : size;
  }
}
