package dev.feedlight.bench.fig3;

import dev.feedlight.EngineBuilder;
import dev.feedlight.bench.training.ResumableRun;
import dev.feedlight.bench.training.StepTrial;
import java.util.EnumMap;
import java.util.Map;

/** How long the experiment will take, by steps that are tried. */
final class Fig3Estimate {
  /** A forward pass, as a part of a step. */
  private static final double FORWARD = 1.0 / 3;

  private final Fig3Request request;
  private final Map<Fig3Curve, Double> tried = new EnumMap<>(Fig3Curve.class);

  Fig3Estimate(Fig3Request request) {
    this.request = request;
  }

  /** Whether a run fits the memory of the device. */
  boolean fits(Fig3Curve curve) {
    return builder(curve).memory().fits(request.choice().device().memory());
  }

  private EngineBuilder builder(Fig3Curve curve) {
    return request.engine(curve, request.seed());
  }

  /** One step; of rules without optics as long as one of BP, which no other takes. */
  double stepSeconds(Fig3Curve curve) {
    return tried.computeIfAbsent(
        curve.optical() ? curve : Fig3Curve.of(curve.model()).getFirst(),
        one -> StepTrial.seconds(builder(one), request.data().climate().training()));
  }

  /** A whole run, with what is measured on the way. */
  double runSeconds(Fig3Curve curve) {
    double years = (ResumableRun.POINTS + 1.0) * request.data().climate().test().size();
    return stepSeconds(curve) * (request.steps() + FORWARD * years / request.preset().batch());
  }
}
