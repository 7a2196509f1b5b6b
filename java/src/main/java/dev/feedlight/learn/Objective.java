package dev.feedlight.learn;

/**
 * What is minimised.
 *
 * @param loss the loss
 * @param weights how much each output counts in it; null if all count alike
 */
public record Objective(Loss loss, OutputWeights weights) {
  /** Checks that weights go with a loss that takes them. */
  public Objective {
    if (weights != null && loss != Loss.MEAN_SQUARED_ERROR) {
      throw new IllegalArgumentException(
          "outputs are weighted in the loss MEAN_SQUARED_ERROR, not in " + loss);
    }
  }

  /**
   * A loss in which all outputs count alike.
   *
   * @param loss the loss
   * @return an objective without weights
   */
  public static Objective of(Loss loss) {
    return new Objective(loss, null);
  }
}
