package dev.feedlight.bench.plot;

import java.util.List;

/** Where values lie between the two ends of a panel, and the marks beside it. */
public sealed interface Axis permits LogAxis, LinearAxis {
  /**
   * A mark on an axis.
   *
   * @param value in data units
   * @param label what is written there; empty for a minor tick
   */
  record Tick(double value, String label) {}

  /** Written beside the axis, with the unit in brackets. */
  String title();

  /** Lower end. */
  double min();

  /** Upper end. */
  double max();

  /** Marks inside the range; those without a label are minor. */
  List<Tick> ticks();

  /** Where {@code value} lies: 0 at the lower end, 1 at the upper one. */
  double fraction(double value);
}
