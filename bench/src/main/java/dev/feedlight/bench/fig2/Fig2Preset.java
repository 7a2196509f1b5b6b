package dev.feedlight.bench.fig2;

import dev.feedlight.bench.training.RateSchedule;
import dev.feedlight.bench.training.RateSchedule.Decay;
import dev.feedlight.bench.training.RunLength;
import dev.feedlight.bench.training.Signal;
import dev.feedlight.bench.training.Training;
import dev.feedlight.device.Optimizer;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Residual;
import java.util.List;

/**
 * All settings of the experiment. Those of the paper are named; it does not publish optimizer,
 * learning rates, batch, ternary rule and the form of the signal, which are ours: by search for
 * {@link #TINY} (docs/results/fig2.md), by rule of thumb for the larger ones.
 *
 * @param name as on the command line
 * @param shape of the GPT
 * @param weights how large they are at first
 * @param points where signals enter
 * @param length of every run
 * @param windows per step
 * @param stride tokens from one training window to the next
 * @param heldOutWindows windows of the validation part, and of the test part, that are measured
 * @param seeds runs of each curve, unless asked otherwise
 * @param own training of BP in its own configuration
 * @param adopted training of all curves in the ODFA configuration
 * @param signal of DFA and ODFA
 */
public record Fig2Preset(
    String name,
    GptShape shape,
    InitialWeights weights,
    FeedbackPoints points,
    RunLength length,
    int windows,
    int stride,
    int heldOutWindows,
    int seeds,
    Training own,
    Training adopted,
    Signal signal) {
  /** All five curves in ten minutes on two cores. */
  public static final Fig2Preset TINY =
      new Fig2Preset(
          "tiny",
          GptShape.TINY,
          InitialWeights.SMALL_EMBEDDINGS,
          FeedbackPoints.MICRO,
          new RunLength.Steps(1000),
          32,
          1,
          512,
          1,
          adam(2e-3, 100),
          adam(4e-3, 100),
          Signal.DEFAULT);

  /** 18 million parameters: hours on a processor. */
  public static final Fig2Preset SMALL =
      new Fig2Preset(
          "small",
          GptShape.SMALL,
          InitialWeights.SMALL_EMBEDDINGS,
          FeedbackPoints.MICRO,
          new RunLength.Steps(4000),
          32,
          1,
          1024,
          1,
          adam(1e-3, 200),
          adam(2e-3, 200),
          Signal.DEFAULT);

  /** The paper's extents and its two epochs of windows at stride 1: for a GPU. */
  public static final Fig2Preset PAPER =
      new Fig2Preset(
          "paper",
          GptShape.PAPER,
          InitialWeights.SMALL_EMBEDDINGS,
          FeedbackPoints.MICRO,
          new RunLength.Epochs(2),
          32,
          1,
          1024,
          1,
          adam(2e-4, 1000),
          adam(5e-4, 1000),
          Signal.DEFAULT);

  /** For tests: its numbers mean nothing. */
  public static final Fig2Preset SMOKE =
      new Fig2Preset(
          "smoke",
          new GptShape(300, 8, 16, 3, 2, 32, Residual.STANDARDIZED),
          InitialWeights.SMALL_EMBEDDINGS,
          FeedbackPoints.MICRO,
          new RunLength.Steps(20),
          4,
          8,
          16,
          1,
          adam(2e-3, 2),
          adam(1e-3, 2),
          Signal.DEFAULT);

  /** What the command line offers. */
  public static final List<Fig2Preset> PRESETS = List.of(TINY, SMALL, PAPER);

  private static Training adam(double rate, long warmUp) {
    return new Training(Optimizer.adam(), new RateSchedule(rate, Decay.COSINE, warmUp));
  }

  long tokensPerStep() {
    return windows * shape.context();
  }
}
