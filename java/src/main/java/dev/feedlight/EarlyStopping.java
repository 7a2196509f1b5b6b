package dev.feedlight;

import dev.feedlight.data.Examples;
import java.util.Objects;

/**
 * Ends training when the loss on examples held out does not get better any more. The weights stay
 * those of the last step, not of the best epoch.
 *
 * @param heldOut examples that are not trained on; measured after every epoch
 * @param patience epochs without improvement after which training ends, at least 1
 * @param minimumImprovement a loss counts as better if it is lower than the best by more than this,
 *     at least 0
 */
public record EarlyStopping(Examples heldOut, int patience, double minimumImprovement) {
  /** Checks the numbers. */
  public EarlyStopping {
    Objects.requireNonNull(heldOut, "heldOut");
    if (patience < 1) {
      throw new IllegalArgumentException("patience must be at least 1 epoch, not " + patience);
    }
    if (!(minimumImprovement >= 0) || Double.isInfinite(minimumImprovement)) {
      throw new IllegalArgumentException(
          "the least improvement must be finite and at least 0, not " + minimumImprovement);
    }
  }
}
