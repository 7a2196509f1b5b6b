package dev.feedlight.selftest;

import java.util.function.Supplier;

/** How far a result may be from the oracle's, and why. */
public sealed interface Tolerance {
  /**
   * Why this much and not more.
   *
   * @return the reason, in one line
   */
  String reason();

  /**
   * The same bits (any NaN equals any other).
   *
   * @param reason why the bits are part of the contract
   */
  record Exact(String reason) implements Tolerance {}

  /**
   * A bound for every element.
   *
   * @param reason where the bounds come from
   * @param bounds row-major absolute errors; asked for once, when results are compared
   */
  record Bounded(String reason, Supplier<double[]> bounds) implements Tolerance {}

  /**
   * The same bits.
   *
   * @param reason why the bits are part of the contract
   * @return the tolerance
   */
  static Tolerance exact(String reason) {
    return new Exact(reason);
  }

  /**
   * A bound for every element.
   *
   * @param reason where the bounds come from
   * @param bounds row-major absolute errors; asked for once, when results are compared
   * @return the tolerance
   */
  static Tolerance bounded(String reason, Supplier<double[]> bounds) {
    return new Bounded(reason, new Once<>(bounds));
  }
}
