package dev.feedlight.bench.fig3;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.training.SeededRuns;
import dev.feedlight.bench.training.Training;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * What is asked for.
 *
 * @param preset all settings
 * @param data scenarios, on a grid that the preset's patches cover
 * @param choice where it runs; stays the caller's
 * @param seed first seed; the others follow it
 * @param seeds runs of each curve
 * @param directory for results; made if missing
 * @param command the command line that repeats the experiment
 * @param stop asked after every step whether to end; the experiment can go on later
 */
public record Fig3Request(
    Fig3Preset preset,
    Fig3Data data,
    DeviceChoice choice,
    long seed,
    int seeds,
    Path directory,
    String command,
    BooleanSupplier stop)
    implements SeededRuns {
  @Override
  public String experiment() {
    return Fig3Run.EXPERIMENT;
  }

  long steps() {
    return preset.length().steps(data.climate().training().size() / preset.batch());
  }

  /** Describes the engine of a run. */
  EngineBuilder engine(Fig3Curve curve, long runSeed) {
    Training training = curve.training(preset);
    EngineBuilder builder =
        DfaEngine.builder()
            .device(choice.device())
            .rule(curve.rule(preset))
            .outputWeights(data.climate().grid().outputWeights())
            .optimizer(training.optimizer())
            .schedule(training.rate().schedule())
            .batch(preset.batch())
            .seed(runSeed);
    curve.describe(builder, preset, data);
    return builder;
  }
}
