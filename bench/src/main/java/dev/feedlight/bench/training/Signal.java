package dev.feedlight.bench.training;

import dev.feedlight.device.TernaryRule;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.learn.SignalScale;
import dev.feedlight.opu.OpuClock;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.TransmissionMatrix;

/**
 * From the error to the signal of direct feedback, with and without light.
 *
 * @param projected which gradient is projected
 * @param subtractBatchMean whether the mean over the batch is taken out of the signal
 * @param ternary how errors become mirrors
 * @param scale amplitude of the optical signal; without light its gain alone counts
 * @param opu the optics
 */
public record Signal(
    ProjectedError projected,
    boolean subtractBatchMean,
    TernaryRule ternary,
    SignalScale scale,
    OpuSettings opu) {
  /**
   * The default unit with the time per projection that the paper's 20 hours imply, its entries kept
   * (the same bits as made anew, and faster at these sizes). Gradient at the output, stochastic
   * mirrors, batch mean taken out (all ours, by search: docs/results/fig2.md); naive ternary errors
   * teach a Transformer the frequencies of tokens alone.
   */
  public static final Signal DEFAULT =
      new Signal(
          ProjectedError.OUTPUT,
          true,
          new TernaryRule.Stochastic(),
          new SignalScale.ErrorNorm(1),
          OpuSettings.defaults()
              .withMatrix(TransmissionMatrix.STORED)
              .withClock(OpuClock.PAPER_LANGUAGE));

  /** Without light: the exact projection of the exact error, with the same gain. */
  public DirectFeedback digital() {
    return new DirectFeedback(new RandomMatrix(gain()), projected, subtractBatchMean);
  }

  private float gain() {
    return switch (scale) {
      case SignalScale.ErrorNorm norm -> norm.gain();
      case SignalScale.Calibrated calibrated -> calibrated.gain();
    };
  }

  /** With light. */
  public DirectFeedback optical() {
    return new DirectFeedback(
        new OpticalProjector(opu, ternary, scale), projected, subtractBatchMean);
  }
}
