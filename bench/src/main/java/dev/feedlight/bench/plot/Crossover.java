package dev.feedlight.bench.plot;

import java.util.List;
import java.util.Optional;

/**
 * Where a curve first comes down to another one.
 *
 * @param x between two measured values, by straight lines on logarithmic axes; or the smallest
 *     measured one
 * @param y height of both curves there; of the lower one if {@code fromStart}
 * @param fromStart whether the curve is not above the other even at the smallest x both have, so
 *     that the true crossing lies at or below it
 */
record Crossover(double x, double y, boolean fromStart) {

  /**
   * The first x at which {@code challenger} is at most {@code base}, over the x that both have.
   *
   * @return empty if the challenger stays above, or no x is shared
   */
  static Optional<Crossover> of(Curve challenger, Curve base) {
    double beforeX = Double.NaN;
    double beforeY = Double.NaN;
    double beforeGap = Double.NaN;
    for (Curve.Point point : challenger.points()) {
      Optional<Curve.Point> other = at(base.points(), point.x());
      if (other.isEmpty()) {
        continue;
      }
      double gap = Math.log(point.y() / other.get().y());
      if (gap <= 0 && Double.isNaN(beforeGap)) {
        return Optional.of(new Crossover(point.x(), point.y(), true));
      }
      if (gap <= 0) {
        double share = beforeGap / (beforeGap - gap);
        return Optional.of(
            new Crossover(
                beforeX * Math.pow(point.x() / beforeX, share),
                beforeY * Math.pow(point.y() / beforeY, share),
                false));
      }
      beforeX = point.x();
      beforeY = point.y();
      beforeGap = gap;
    }
    return Optional.empty();
  }

  private static Optional<Curve.Point> at(List<Curve.Point> points, double x) {
    return points.stream().filter(point -> point.x() == x).findFirst();
  }
}
