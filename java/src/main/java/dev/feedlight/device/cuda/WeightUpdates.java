package dev.feedlight.device.cuda;

import java.util.List;

/** Updates of weights: products that end in the optimizer or in a kept gradient. */
interface WeightUpdates {
  /** Binds one. */
  Runnable update(GradientUpdate update);

  /**
   * Binds several in one launch, with the bits of {@link #update} one by one.
   *
   * @param updates at least one, none of which writes what another one touches, with one control
   */
  Runnable together(List<GradientUpdate> updates);
}
