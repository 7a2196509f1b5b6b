package dev.feedlight.bench.knobs;

import dev.feedlight.device.TernaryRule;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.SignalScale;
import dev.feedlight.opu.OpuSettings;
import java.util.function.UnaryOperator;

/**
 * Everything that can be turned between the error and the feedback.
 *
 * @param unit the optics
 * @param ternary how errors become mirrors
 * @param scale amplitude of the signal
 * @param subtractBatchMean whether the mean over the batch is taken out
 */
record Configuration(
    OpuSettings unit, TernaryRule ternary, SignalScale scale, boolean subtractBatchMean) {
  /** The project's defaults. */
  static final Configuration DEFAULT =
      new Configuration(
          OpuSettings.defaults(),
          OpticalProjector.DEFAULT_RULE,
          new SignalScale.ErrorNorm(1),
          false);

  Configuration unit(UnaryOperator<OpuSettings> change) {
    return new Configuration(change.apply(unit), ternary, scale, subtractBatchMean);
  }

  Configuration ternary(TernaryRule rule) {
    return new Configuration(unit, rule, scale, subtractBatchMean);
  }

  Configuration scale(SignalScale other) {
    return new Configuration(unit, ternary, other, subtractBatchMean);
  }

  Configuration batchMean(boolean subtracted) {
    return new Configuration(unit, ternary, scale, subtracted);
  }

  DirectFeedback rule() {
    return new DirectFeedback(
        new OpticalProjector(unit, ternary, scale), ProjectedError.OUTPUT, subtractBatchMean);
  }
}
