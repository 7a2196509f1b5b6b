package dev.feedlight.bench.fig4;

import java.util.List;

/**
 * Times of one cell: each value is the mean over one iteration.
 *
 * @param median of the iterations, ms
 * @param low fastest iteration, ms
 * @param high slowest iteration, ms
 * @param n number of iterations
 * @param commit of the code that was measured; two with {@code +} between them in a ratio of both
 */
record Measurement(double median, double low, double high, int n, String commit) {
  static Measurement of(List<Double> values, String commit) {
    List<Double> sorted = values.stream().sorted().toList();
    int n = sorted.size();
    if (n == 0 || !(sorted.getFirst() > 0) || !Double.isFinite(sorted.getLast())) {
      throw new IllegalArgumentException("not times: " + values);
    }
    double median = (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    return new Measurement(median, sorted.getFirst(), sorted.getLast(), n, commit);
  }

  /** With a time added that is modelled, hence without spread. */
  Measurement plus(double modelled) {
    return new Measurement(median + modelled, low + modelled, high + modelled, n, commit);
  }

  /** At least a time that is modelled. */
  Measurement atLeast(double modelled) {
    return new Measurement(
        Math.max(median, modelled), Math.max(low, modelled), Math.max(high, modelled), n, commit);
  }

  Measurement dividedBy(double divisor) {
    return new Measurement(median / divisor, low / divisor, high / divisor, n, commit);
  }

  /** Ratio of two measurements; the spread is the widest that both allow. */
  Measurement over(Measurement other) {
    return new Measurement(
        median / other.median,
        low / other.high,
        high / other.low,
        Math.min(n, other.n),
        commit.equals(other.commit) ? commit : commit + "+" + other.commit);
  }

  /** A time that is modelled over this one. */
  Measurement below(double modelled) {
    return new Measurement(modelled / median, modelled / high, modelled / low, n, commit);
  }
}
