package dev.feedlight.bench.knobs;

import java.util.List;

/**
 * How much is trained.
 *
 * @param name as on the command line
 * @param hidden width of the two hidden layers
 * @param epochs per run
 * @param batch samples per step
 * @param learningRate of Adam
 * @param heldBack training examples that accuracy is measured on
 * @param seeds runs per setting
 */
public record Preset(
    String name, int hidden, int epochs, int batch, double learningRate, long heldBack, int seeds) {
  /** The subset in the jar and a small network: minutes. */
  public static final Preset QUICK = new Preset("quick", 256, 10, 64, 1e-3, 1500, 3);

  /** The full set and the network of docs/results/fashion-mnist.md: hours. */
  public static final Preset FULL = new Preset("full", 1024, 10, 128, 3e-4, 5000, 3);

  /** For tests: its numbers mean nothing. */
  public static final Preset SMOKE = new Preset("smoke", 16, 1, 500, 1e-3, 1500, 1);

  /** What the command line offers. */
  public static final List<Preset> PRESETS = List.of(QUICK, FULL);
}
