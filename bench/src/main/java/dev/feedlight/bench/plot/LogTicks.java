package dev.feedlight.bench.plot;

import dev.feedlight.bench.plot.Axis.Tick;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Chooses the ticks of logarithmic axes: 100, 256, 1000 and never 10^2.4. */
final class LogTicks {
  /** More data values than this are not ticks any more. */
  private static final int MOST_VALUES = 12;

  /** From so many decades on, only powers of ten carry labels. */
  private static final double DECADES_ONLY = 2.2;

  /** From so many decades on, minor ticks are a blur. */
  private static final double NO_MINOR = 9;

  private LogTicks() {}

  static List<Tick> at(double min, double max, double... values) {
    double[] distinct = Arrays.stream(values).distinct().sorted().toArray();
    if (distinct.length > MOST_VALUES) {
      return round(min, max);
    }
    return Arrays.stream(distinct).mapToObj(value -> new Tick(value, label(value))).toList();
  }

  static List<Tick> round(double min, double max) {
    double decades = Math.log10(max / min);
    List<Tick> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
      for (int digit = 1; digit <= 9; digit++) {
        double value = new BigDecimal(digit).scaleByPowerOfTen(power).doubleValue();
        if (value < min || value > max) {
          continue;
        }
        boolean labelled =
            digit == 1 || (decades < DECADES_ONLY && (digit == 2 || digit == 5)) || decades < 0.7;
        if (labelled) {
          ticks.add(new Tick(value, label(value)));
        } else if (decades < NO_MINOR) {
          ticks.add(new Tick(value, ""));
        }
      }
    }
    return ticks;
  }

  /** Like {@link #label(double)}, with so many significant digits. */
  static String label(double value, int digits) {
    return label(new BigDecimal(value).round(new MathContext(digits)).doubleValue());
  }

  /** Plain digits from 0.0001 to 99999, powers of ten with a raised exponent beyond. */
  static String label(double value) {
    double size = Math.abs(value);
    if (size >= 1e-4 && size < 1e5) {
      return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
    int power = (int) Math.floor(Math.log10(size) + 1e-9);
    String mantissa =
        BigDecimal.valueOf(value)
            .scaleByPowerOfTen(-power)
            .round(new MathContext(3))
            .stripTrailingZeros()
            .toPlainString();
    return (mantissa.equals("1") ? "" : mantissa + "\u00B7") + "10" + raised(power);
  }

  private static String raised(int power) {
    StringBuilder text = new StringBuilder();
    for (char c : Integer.toString(power).toCharArray()) {
      text.append(
          c == '-'
              ? '\u207B'
              : "\u2070\u00B9\u00B2\u00B3\u2074\u2075\u2076\u2077\u2078\u2079".charAt(c - '0'));
    }
    return text.toString();
  }
}
