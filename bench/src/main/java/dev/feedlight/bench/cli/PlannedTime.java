package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceRates;
import dev.feedlight.device.Device;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.OpticalProjector;

/**
 * How long a run will take at best that is not made.
 *
 * @param rule that trains
 * @param flops of the products of a step
 * @param steps of the run
 * @param rows of a step, each of which is projected by a rule with optics
 */
record PlannedTime(LearningRule rule, double flops, long steps, long rows) {
  void print(TrainLines lines, Device device) {
    DeviceRates rates = DeviceRates.measure(device);
    double seconds = flops / rates.flopsPerSecond();
    OpticalProjector optics = RuleOptions.optics(rule);
    lines.print(
        "time",
        "at least %.3g s per step, %.3g h for %,d steps: %.4g GFLOP of products a step at the %.0f"
            + " GFLOP/s just measured%s",
        seconds,
        seconds * steps / 3600,
        steps,
        flops * 1e-9,
        rates.flopsPerSecond() * 1e-9,
        optics == null ? "" : "; the emulated optics come on top");
    if (optics != null) {
      long projections = Math.multiplyExact(steps, rows);
      lines.print(
          "optics",
          "%,d projections; modelled %.3g h by clock %s (a model)",
          projections,
          optics.opu().clock().seconds(projections) / 3600,
          optics.opu().clock().name());
    }
  }
}
