package dev.feedlight.bench.fig4;

import dev.feedlight.opu.TransmissionMatrix;
import java.util.Locale;

/**
 * What the benchmarks' own code reaches on this machine: the ground of the plan. Per entry of a
 * square matrix and batch. Small sizes take longer per entry, which does not matter where an
 * iteration is longer than a step.
 *
 * @param backpropagation a step, per weight
 * @param feedback the electronic part of a step by direct feedback, per weight
 * @param digital the digital projection
 * @param stored the emulated projection, matrix kept
 * @param procedural the same, matrix made anew
 */
record Rates(Rate backpropagation, Rate feedback, Rate digital, Rate stored, Rate procedural) {
  /**
   * Seconds per entry.
   *
   * @param setUp once, before the first step
   * @param run of each step
   */
  record Rate(double setUp, double run) {}

  /** The rates of the emulated projection. */
  Rate optical(TransmissionMatrix kind) {
    return kind == TransmissionMatrix.STORED ? stored : procedural;
  }

  /** One line for people. */
  String line() {
    return String.format(
        Locale.ROOT,
        "ns per matrix entry and batch: step by bp %.2f, by dfa without projection %.2f;"
            + " projection digital %.2f, stored %.2f, procedural %.2f",
        1e9 * backpropagation.run(),
        1e9 * feedback.run(),
        1e9 * digital.run(),
        1e9 * stored.run(),
        1e9 * procedural.run());
  }
}
