package dev.feedlight.bench.training;

import dev.feedlight.device.Optimizer;

/**
 * How weights change over a run.
 *
 * @param optimizer of all weights
 * @param rate of the optimizer
 */
public record Training(Optimizer optimizer, RateSchedule rate) {
  /** The optimizer, as the command line calls it. */
  public String optimizerName() {
    return switch (optimizer) {
      case Optimizer.Sgd _ -> "sgd";
      case Optimizer.Momentum _ -> "momentum";
      case Optimizer.Adam adam -> adam.decoupled() ? "adamw" : "adam";
    };
  }
}
