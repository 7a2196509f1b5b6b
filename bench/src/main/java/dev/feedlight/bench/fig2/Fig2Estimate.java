package dev.feedlight.bench.fig2;

import dev.feedlight.EngineBuilder;
import dev.feedlight.bench.device.DeviceRates;
import dev.feedlight.bench.training.StepTrial;
import dev.feedlight.bench.training.TransformerCost;
import java.util.HashMap;
import java.util.Map;

/** How long the experiment will take. */
final class Fig2Estimate {
  /** Steps longer than this by their products alone are not tried (ours). */
  private static final double LONGEST_TRIED = 0.25;

  /** A forward pass, as a part of a step. */
  private static final double FORWARD = 1.0 / 3;

  private final Fig2Request request;
  private double flopsPerSecond;
  private final Map<String, Double> tried = new HashMap<>();
  private boolean floor;

  Fig2Estimate(Fig2Request request) {
    this.request = request;
  }

  /** Whether some steps were not tried, so that their products alone are counted. */
  boolean isFloor() {
    return floor;
  }

  /** One step. */
  double stepSeconds(Fig2Curve curve) {
    return tried.computeIfAbsent(curve.rule(request.preset()).name(), _ -> measured(curve));
  }

  private double measured(Fig2Curve curve) {
    if (flopsPerSecond == 0) {
      flopsPerSecond = DeviceRates.measure(request.choice().device()).flopsPerSecond();
    }
    Fig2Preset preset = request.preset();
    TransformerCost cost = new TransformerCost(preset.shape(), preset.points(), curve.rule(preset));
    double least = preset.tokensPerStep() * cost.flopsPerToken() / flopsPerSecond;
    EngineBuilder builder = request.engine(curve, request.seed());
    if (least > LONGEST_TRIED || !builder.memory().fits(request.choice().device().memory())) {
      floor = true;
      return least;
    }
    return StepTrial.seconds(builder, request.data().training());
  }

  /** A whole run, with what is measured on the way. */
  double runSeconds(Fig2Curve curve) {
    double step = stepSeconds(curve);
    double windows =
        (CurveRun.POINTS + 1.0) * request.data().heldOut().windows().size()
            + request.data().test().windows().size();
    return step * (request.steps() + FORWARD * windows / request.preset().windows());
  }
}
