package dev.feedlight.bench.fig2;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.training.GptData;
import dev.feedlight.bench.training.SeededRuns;
import dev.feedlight.bench.training.Training;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * What is asked for.
 *
 * @param preset all settings
 * @param data text as tokens of the preset's vocabulary, in windows of its context
 * @param prompt what the networks go on with, as {@link Prompt} makes it
 * @param choice where it runs; stays the caller's
 * @param seed first seed; the others follow it
 * @param seeds runs of each curve
 * @param directory for results; made if missing
 * @param command the command line that repeats the experiment
 * @param stop asked after every step whether to end; the experiment can go on later
 */
public record Fig2Request(
    Fig2Preset preset,
    GptData data,
    String prompt,
    DeviceChoice choice,
    long seed,
    int seeds,
    Path directory,
    String command,
    BooleanSupplier stop)
    implements SeededRuns {
  @Override
  public String experiment() {
    return Fig2Run.EXPERIMENT;
  }

  long steps() {
    return preset.length().steps(data.training().size() / preset.windows());
  }

  /** Describes the engine of a run; the same for all rules but for the rule and its training. */
  EngineBuilder engine(Fig2Curve curve, long runSeed) {
    Training training = curve.training(preset);
    return DfaEngine.builder()
        .device(choice.device())
        .gpt(preset.shape(), preset.points(), data.tokenizer())
        .initialWeights(preset.weights())
        .rule(curve.rule(preset))
        .optimizer(training.optimizer())
        .schedule(training.rate().schedule())
        .batch(preset.windows())
        .seed(runSeed);
  }
}
